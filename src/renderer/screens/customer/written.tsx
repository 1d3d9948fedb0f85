import type { Interaction } from '../../../shared/interaction.ts';
import { isWaiting } from '../../../shared/message.ts';
import { useWords } from '../../i18n.ts';
import type { LetterTarget } from '../desk/desk-target.ts';
import classes from './customer.module.css';

interface WrittenProps {
  row: Interaction;
  now: number;
  write: (target: LetterTarget) => void;
}

/** The words of a mail or message as a line of the history shows them: how it begins, where it is, and the next step. */
export function Written({ row, now, write }: WrittenProps) {
  const { t, format } = useWords();
  const { message, id, direction } = row;
  if (!message) return null;
  const { sending, attachments, dueAt, settled } = message;
  const waiting = isWaiting(row);
  const late = waiting && dueAt !== undefined && Date.parse(dueAt) < now;
  return (
    <>
      {message.text !== '' && <p className={classes.words}>{message.text}</p>}
      <p className={classes.writtenFoot}>
        {attachments && (
          <span>{t('message:attachments', { names: attachments.map((one) => one.name).join(', ') })}</span>
        )}
        {waiting && dueAt && (
          <em data-late={late}>{t(late ? 'message:late' : 'message:due', { when: format.relative(dueAt, now) })}</em>
        )}
        {settled && <span>{t(`message:settled.${settled.how}`, { name: settled.byName })}</span>}
        {sending && (
          <em data-late={sending.state === 'failed'}>
            {t(`message:sending.${sending.practice ? 'practice' : sending.state}`)}
            {sending.reason && ` · ${t(`message:reason.${sending.reason}`)}`}
          </em>
        )}
        {direction === 'in' && (
          <button type="button" className={classes.small} onClick={() => write({ answers: id, replaces: null })}>
            {t('message:answer')}
          </button>
        )}
        {sending?.state === 'failed' && (
          <button
            type="button"
            className={classes.small}
            onClick={() => write({ answers: message.answers ?? null, replaces: id })}
          >
            {t('message:write_anew')}
          </button>
        )}
      </p>
    </>
  );
}

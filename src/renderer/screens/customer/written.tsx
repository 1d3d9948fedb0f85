import { useState } from 'react';
import type { DangolError } from '../../../shared/errors.ts';
import type { Interaction } from '../../../shared/interaction.ts';
import { isWaiting, takesAnswers, type WrittenMessage } from '../../../shared/message.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { whyNot } from '../../lib/message-words.ts';
import type { LetterTarget } from '../desk/desk-target.ts';
import { Attachments } from '../messages/attachments.tsx';
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
  const { sending, dueAt, settled } = message;
  const waiting = isWaiting(row);
  const late = waiting && dueAt !== undefined && Date.parse(dueAt) < now;
  const fields = message.fields ?? [];
  return (
    <>
      <Words id={id} message={message} />
      {fields.length > 0 && (
        <p className={classes.words}>{fields.map(({ name, value }) => `${name}: ${value}`).join(' · ')}</p>
      )}
      <Attachments messageId={id} message={message} />
      <p className={classes.writtenFoot}>
        {waiting && dueAt && (
          <em data-late={late}>{t(late ? 'message:late' : 'message:due', { when: format.relative(dueAt, now) })}</em>
        )}
        {settled && <span>{t(`message:settled.${settled.how}`, { name: settled.byName })}</span>}
        {sending && (
          <em data-late={sending.state === 'failed'}>
            {t(`message:sending.${sending.practice ? 'practice' : sending.state}`)}
            {sending.reason && ` · ${whyNot(t, sending.reason, row)}`}
          </em>
        )}
        {direction === 'in' && !takesAnswers(message) && <span>{t('message:no_answers_short')}</span>}
        {direction === 'in' && (takesAnswers(message) || waiting) && (
          <button type="button" className={classes.small} onClick={() => write({ answers: id, replaces: null })}>
            {t(takesAnswers(message) ? 'message:answer' : 'message:open')}
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

/** What three lines of the history certainly hold. */
const SHORT = 120;
const isLong = ({ cut, text }: WrittenMessage) => cut || text.length > SHORT || text.split('\n').length > 3;

/** How it begins; all of it when it is asked for: what is not on the page yet is read then, as a look of its own. */
function Words({ id, message }: { id: string; message: WrittenMessage }) {
  const { t } = useWords();
  const { api } = useDesk();
  const [whole, setWhole] = useState<WrittenMessage | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const open = async () => {
    try {
      const read = message.cut ? (await api.messages.read({ messageId: id })).interaction.message : message;
      setWhole(read ?? null);
      setProblem(null);
    } catch (error) {
      setProblem(toDangolError(error));
    }
  };
  const { text } = whole ?? message;
  return (
    <>
      {text !== '' && (
        <p className={classes.words} data-whole={whole !== null}>
          {text}
        </p>
      )}
      {whole?.cut && <p className={classes.dim}>{t('message:cut')}</p>}
      {problem && <Problem problem={problem} onRetry={() => void open()} />}
      {isLong(message) && (
        <p className={classes.writtenFoot}>
          <button
            type="button"
            className={classes.small}
            aria-expanded={whole !== null}
            onClick={() => (whole ? setWhole(null) : void open())}
          >
            {t(whole ? 'message:show_less' : 'message:show_all')}
          </button>
        </p>
      )}
    </>
  );
}

import type { Interaction } from '../../../shared/interaction.ts';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { titleOf, whoWrote, whyNot } from '../../lib/message-words.ts';
import { Attachments } from './attachments.tsx';
import { FormFields } from './form-fields.tsx';
import classes from './messages.module.css';

/** What came, or what could not be sent, whole. */
export function Original({ row }: { row: Interaction }) {
  const { t, format } = useWords();
  const now = useNow(30_000);
  const { message } = row;
  if (!message) return null;
  const failed = message.sending?.state === 'failed' ? message.sending.reason : null;
  const from = row.direction === 'in' ? whoWrote(t, message) : (message.address ?? message.via?.label);
  const facts = [format.listTime(row.startedAt, now), message.via?.label, from].filter(Boolean);
  return (
    <article className={classes.original} aria-label={t('message:original')}>
      <p className={classes.dim} title={format.exact(row.startedAt)}>
        <ChannelIcon row={row} /> {facts.join(' · ')}
      </p>
      <h3 className={classes.head}>{titleOf(t, row)}</h3>
      {failed && <p className={classes.late}>{whyNot(t, failed, row)}</p>}
      {message.damaged && <p className={classes.dim}>{t('message:damaged')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable for those who scroll by key */}
      <section className={classes.whole} tabIndex={0} aria-label={t('message:words')}>
        {message.text}
      </section>
      {message.fields && <FormFields key={row.id} messageId={row.id} fields={message.fields} />}
      {message.cut && <p className={classes.dim}>{t('message:cut')}</p>}
      <Attachments messageId={row.id} message={message} />
    </article>
  );
}

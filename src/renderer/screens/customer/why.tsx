import { IconAlertTriangle, IconCircleDot, IconClockExclamation, IconHeartHandshake } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { CallReason, Customer360 } from '../../../shared/customer-360.ts';
import { MarkBadge } from '../../components/mark.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords, type Words } from '../../i18n.ts';
import { SettlePromise } from '../ledger/settle-menu.tsx';
import classes from './customer.module.css';

/** What we owe this customer first, then why they probably call. */
export function Why({ view, now }: { view: Customer360; now: number }) {
  const { t } = useWords();
  const promises = view.promises
    .filter((promise) => promise.status === 'open')
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt));
  const told = new Set(promises.map((promise) => promise.id));
  const reasons = view.reasons.filter(({ rowId }) => rowId === null || !told.has(rowId)).slice(0, 4);
  if (promises.length === 0 && reasons.length === 0) return null;
  return (
    <section className={classes.whyBox} aria-label={t('customer:why')}>
      {promises.length > 0 && (
        <div className={classes.whyRow}>
          <h2>{t('customer:promised')}</h2>
          <ul>
            {promises.slice(0, 3).map((promise) => (
              <PromiseLine key={promise.id} promise={promise} now={now} />
            ))}
          </ul>
        </div>
      )}
      {reasons.length > 0 && (
        <div className={classes.whyRow}>
          <h2>{t('customer:why')}</h2>
          <ul className={classes.reasons}>
            {reasons.map((reason) => (
              <ReasonLine key={`${reason.code}${reason.rowId}`} reason={reason} now={now} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function PromiseLine({ promise, now }: { promise: Customer360['promises'][number]; now: number }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const me = useStore(desk.session.store, ({ session }) => (session?.status === 'signed_in' ? session.agent.id : null));
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  const overdue = Date.parse(promise.dueAt) < now;
  const Icon = overdue ? IconClockExclamation : IconHeartHandshake;
  return (
    <li data-overdue={overdue}>
      <Icon size={15} stroke={1.8} aria-hidden="true" />
      <span className={classes.whyText}>
        {promise.kind && promise.kind !== 'promise' && `${t(`ledger:kind.${promise.kind}`)}: `}
        {promise.what}
      </span>
      <span className={classes.due} title={format.exact(promise.dueAt)}>
        {t(overdue ? 'customer:due_past' : 'customer:due', { when: format.relative(promise.dueAt, now) })}
      </span>
      <span className={classes.dim}>
        {promise.byAgentId === me ? t('customer:by_me') : t('customer:by', { name: promise.byAgentName })}
      </span>
      <SettlePromise promise={promise} />
      {promise.mark !== 'centre' && <MarkBadge mark={promise.mark} practice={practice} />}
    </li>
  );
}

const HURTS = new Set<CallReason['code']>(['promise_overdue', 'payment_overdue', 'payment_failed']);

function ReasonLine({ reason, now }: { reason: CallReason; now: number }) {
  const words = useWords();
  const hurts = HURTS.has(reason.code);
  const Icon = hurts ? IconAlertTriangle : IconCircleDot;
  return (
    <li data-overdue={hurts}>
      <Icon size={14} stroke={1.8} aria-hidden="true" />
      <span>{words.t(`customer:reason.${wordOf(reason)}`, reasonFacts(reason, now, words))}</span>
    </li>
  );
}

/** Of "in 0 days" people say today. */
function wordOf({ code, data }: CallReason) {
  return data.days === 0 && (code === 'birthday' || code === 'contract_ending') ? (`${code}_today` as const) : code;
}

/** A reason's facts as words: times relative, amounts as money, names in the language of the screen. */
function reasonFacts(
  { code, data }: CallReason,
  now: number,
  { t, language, format }: Words,
): Record<string, string | number> {
  const facts: Record<string, string | number> = { ...data };
  for (const [key, value] of Object.entries(data)) {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) facts[key] = format.relative(value, now);
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) facts[key] = format.day(value);
  }
  const { amount, currency, channel, direction } = data;
  if (typeof amount === 'number' && typeof currency === 'string') facts.amount = format.money({ amount, currency });
  if (channel !== undefined) facts.channel = t(`customer:channel.${channel}`);
  if (code === 'recent_order') facts.status = t(`customer:orders.status.${data.status}`);
  if (direction !== undefined) facts.direction = t(`customer:direction.${direction}`);
  facts.product = data[language === 'ko' ? 'productKo' : 'productEn'] ?? '';
  facts.title = data[language === 'ko' ? 'titleKo' : 'titleEn'] ?? '';
  return facts;
}

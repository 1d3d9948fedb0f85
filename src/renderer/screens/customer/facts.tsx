import { IconHome, IconMail, IconPhone } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { ContactPoint } from '../../../shared/contact-point.ts';
import type { CustomField } from '../../../shared/customer.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import { MASKED } from '../../../shared/masking.ts';
import { Quiet, Section } from '../../components/section.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './customer.module.css';

/** The small facts: who, what they own, what they owe, what is open. */
export function Facts({ view, now, ui }: { view: Customer360; now: number; ui: DeskUi }) {
  return (
    <>
      <Who view={view} ui={ui} />
      <Cases view={view} now={now} />
      <Owns view={view} now={now} />
      <MoneyFacts view={view} now={now} />
      <OwnFields view={view} />
    </>
  );
}

const POINT_ICONS = { phone: IconPhone, email: IconMail, address: IconHome } as const;

function Who({ view, ui }: { view: Customer360; ui: DeskUi }) {
  const { t } = useWords();
  const points = [...view.contactPoints].sort((a, b) => Number(b.primary) - Number(a.primary));
  return (
    <Section title={t('customer:facts.who')}>
      {points.length === 0 && <Quiet>{t('customer:facts.no_points')}</Quiet>}
      <ul className={classes.factList}>
        {points.map((point) => (
          <PointLine key={point.id} point={point} customerId={view.customer.id} ui={ui} />
        ))}
      </ul>
    </Section>
  );
}

function PointLine({ point, customerId, ui }: { point: ContactPoint; customerId: string; ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const registered = useStore(desk.line.store, (line) => line.registration.state === 'registered');
  const Icon = POINT_ICONS[point.kind];
  return (
    <li>
      <Icon size={15} stroke={1.7} aria-label={t(`customer:point.${point.kind}`)} />
      <span className={classes.grow}>{point.value}</span>
      {point.label && <span className={classes.dim}>{point.label}</span>}
      {point.kind === 'phone' && (
        <button
          type="button"
          className={classes.small}
          disabled={!registered}
          aria-label={t('customer:facts.call_number', { number: point.value })}
          onClick={() => ui.setDial({ number: point.value, customerId, contactPointId: point.id })}
        >
          {t('customer:facts.call')}
        </button>
      )}
    </li>
  );
}

function Cases({ view, now }: { view: Customer360; now: number }) {
  const { t, format } = useWords();
  const open = view.cases.filter((one) => one.status !== 'closed');
  return (
    <Section title={t('customer:facts.cases')} count={open.length}>
      {open.length === 0 && <Quiet>{t('customer:facts.no_cases')}</Quiet>}
      <ul className={classes.factList}>
        {open.map((one) => {
          const late = one.dueAt !== null && Date.parse(one.dueAt) < now;
          return (
            <li key={one.id} className={classes.twoLines}>
              <span className={classes.grow}>
                <b>{one.subject}</b>
                <span className={classes.dim} title={format.exact(one.openedAt)}>
                  {[`#${one.number}`, t(`customer:case.${one.status}`), one.ownerName].filter(Boolean).join(' · ')}
                </span>
              </span>
              {one.dueAt && (
                <span className={late ? classes.harm : classes.dim} title={format.exact(one.dueAt)}>
                  {t(late ? 'customer:due_past' : 'customer:due', { when: format.relative(one.dueAt, now) })}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

const ENDS_SOON_DAYS = 45;

function Owns({ view, now }: { view: Customer360; now: number }) {
  const { t, language, format } = useWords();
  const held = view.holdings.filter((holding) => holding.status !== 'ended');
  return (
    <Section title={t('customer:facts.owns')} count={held.length}>
      {held.length === 0 && <Quiet>{t('customer:facts.no_holdings')}</Quiet>}
      <ul className={classes.factList}>
        {held.map((holding) => {
          const days = holding.endsOn ? Math.ceil((Date.parse(holding.endsOn) - now) / 86_400_000) : null;
          const soon = days !== null && days >= 0 && days <= ENDS_SOON_DAYS;
          return (
            <li key={holding.id} className={classes.twoLines}>
              <span className={classes.grow}>
                <b>{holding.product?.name[language] ?? t('customer:facts.unknown_product')}</b>
                <span className={soon ? classes.warn : classes.dim}>
                  {holding.endsOn
                    ? t('customer:facts.until', { day: format.day(holding.endsOn) })
                    : t('customer:facts.since', { day: format.day(holding.startedOn) })}
                  {soon && ` · ${t('customer:facts.days_left', { n: days })}`}
                  {holding.status === 'suspended' && ` · ${t('customer:facts.suspended')}`}
                </span>
              </span>
              {holding.monthlyFee && (
                <span className={classes.amount}>
                  {format.money(holding.monthlyFee)}
                  <span className={classes.dim}> {t('customer:facts.monthly')}</span>
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function MoneyFacts({ view, now }: { view: Customer360; now: number }) {
  const { t, format } = useWords();
  const { balanceOwed, overdueSince } = view.customer;
  if (!balanceOwed) return null;
  const owes = balanceOwed.amount > 0;
  return (
    <Section title={t('customer:facts.money')}>
      <ul className={classes.factList}>
        <li>
          <span className={classes.grow}>{t('customer:facts.owed')}</span>
          <span className={owes && overdueSince ? classes.harm : classes.amount}>{format.money(balanceOwed)}</span>
        </li>
        {owes && overdueSince && (
          <li className={classes.harm}>
            <span className={classes.grow}>{t('customer:facts.overdue')}</span>
            <span title={format.day(overdueSince)}>{format.relative(`${overdueSince}T00:00:00.000Z`, now)}</span>
          </li>
        )}
      </ul>
    </Section>
  );
}

/** The fields that this business added. Empty ones take no room. */
function OwnFields({ view }: { view: Customer360 }) {
  const { t, language, format } = useWords();
  const { custom } = view.customer;
  const shown = [...view.customFields]
    .sort((a, b) => a.order - b.order)
    .filter(({ key }) => custom[key] !== undefined && custom[key] !== null && custom[key] !== '');
  if (shown.length === 0) return null;
  const text = ({ key, type }: CustomField): string => {
    const value = custom[key];
    if (value === MASKED) return MASKED;
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (type === 'date' && typeof value === 'string') return format.day(value.slice(0, 10));
    if (typeof value === 'number') return format.number(value);
    return String(value);
  };
  return (
    <Section title={t('customer:facts.own_fields')}>
      <ul className={classes.factList}>
        {shown.map((field) => (
          <li key={field.id}>
            <span className={classes.dim}>{field.label[language]}</span>
            <span className={classes.growEnd}>{text(field)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

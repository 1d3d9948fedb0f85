import { IconHome, IconMail, IconPhone } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { FactBlock } from '../../../shared/arrangement.ts';
import { assertNever } from '../../../shared/assert-never.ts';
import type { ContactPoint } from '../../../shared/contact-point.ts';
import { fieldsOf } from '../../../shared/customer.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import { ownLines, ownValue } from '../../components/own-field.tsx';
import { Quiet, Section } from '../../components/section.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { CaseClockLine } from '../ledger/case-clock.tsx';
import { SettleCase } from '../ledger/settle-menu.tsx';
import { People } from '../people/people.tsx';
import classes from './customer.module.css';
import { Folded } from './fact-blocks.tsx';
import { Orders } from './orders.tsx';
import { useArrangement } from './use-arrangement.ts';

interface FactsProps {
  view: Customer360;
  now: number;
  ui: DeskUi;
}

/** In the agent's own order. The small facts: who, what they own, what they owe, what is open. */
export function Facts({ view, now, ui }: FactsProps) {
  const { blocks } = useArrangement();
  return blocks.order.map((block) =>
    blocks.folded.includes(block) ? (
      <Folded key={block} block={block}>
        {factBlock(block, { view, now, ui })}
      </Folded>
    ) : (
      <Fragment key={block}>{factBlock(block, { view, now, ui })}</Fragment>
    ),
  );
}

function factBlock(block: FactBlock, { view, now, ui }: FactsProps): ReactNode {
  switch (block) {
    case 'who':
      return <Who view={view} ui={ui} />;
    case 'cases':
      return <Cases view={view} now={now} />;
    case 'owns':
      return <Owns view={view} now={now} />;
    case 'orders':
      return <Orders view={view} now={now} />;
    case 'money':
      return <MoneyFacts view={view} now={now} />;
    case 'own':
      return <OwnFields view={view} />;
    case 'people':
      return <People view={view} ui={ui} />;
    default:
      return assertNever(block);
  }
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
  const words = useWords();
  const { t, format } = words;
  const fields = fieldsOf(view.customFields, 'case');
  const open = view.cases.filter((one) => one.status !== 'closed');
  return (
    <Section title={t('customer:facts.cases')} count={open.length}>
      {open.length === 0 && <Quiet>{t(view.partial ? 'customer:facts.partial' : 'customer:facts.no_cases')}</Quiet>}
      <ul className={classes.factList}>
        {open.map((one) => {
          const late = one.dueAt !== null && Date.parse(one.dueAt) < now;
          return (
            <li key={one.id} className={classes.twoLines}>
              <span className={classes.grow}>
                <b>{one.subject}</b>
                <span className={classes.dim} title={format.exact(one.openedAt)}>
                  {[one.number && `#${one.number}`, t(`customer:case.${one.status}`), one.ownerName]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
                <CaseClockLine row={one} now={now} />
              </span>
              {one.dueAt && (
                <span className={late ? classes.harm : classes.dim} title={format.exact(one.dueAt)}>
                  {t(late ? 'customer:due_past' : 'customer:due', { when: format.relative(one.dueAt, now) })}
                </span>
              )}
              <SettleCase row={one} fields={fields} />
              <OwnLine lines={ownLines(fields, one.custom, words)} />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

const ENDS_SOON_DAYS = 45;

function Owns({ view, now }: { view: Customer360; now: number }) {
  const words = useWords();
  const { t, language, format } = words;
  const fields = fieldsOf(view.customFields, 'product');
  const held = view.holdings.filter((holding) => holding.status !== 'ended');
  return (
    <Section title={t('customer:facts.owns')} count={held.length}>
      {held.length === 0 && <Quiet>{t(view.partial ? 'customer:facts.partial' : 'customer:facts.no_holdings')}</Quiet>}
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
              <OwnLine lines={ownLines(fields, holding.product?.custom, words)} />
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
  const words = useWords();
  const shown = fieldsOf(view.customFields, 'customer').flatMap((field) => {
    const value = ownValue(field, view.customer.custom, words);
    return value === null ? [] : [{ field, value }];
  });
  if (shown.length === 0) return null;
  return (
    <Section title={words.t('customer:facts.own_fields')}>
      <ul className={classes.factList}>
        {shown.map(({ field, value }) => (
          <li key={field.id}>
            <span className={classes.dim}>{field.label[words.language]}</span>
            <span className={classes.growEnd}>{value}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What stands in the business's own fields of a case or a product, on one line under it. */
function OwnLine({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <span className={`${classes.dim} ${classes.ownLine}`}>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </span>
  );
}

import {
  IconArrowDownRight,
  IconArrowRight,
  IconArrowUpRight,
  IconCake,
  IconMail,
  IconMailbox,
  IconMessage,
  IconPhone,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Consent, ConsentChannel } from '../../../shared/consent.ts';
import type { Customer } from '../../../shared/customer.ts';
import { Drop } from '../../components/drop.tsx';
import { MarkBadge } from '../../components/mark.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import { daysUntilBirthday, yearsSince } from '../../lib/format.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { PrivacyButton } from '../privacy/privacy-button.tsx';
import { AsOf } from './as-of.tsx';
import { Current } from './current.tsx';
import classes from './customer.module.css';
import type { OpenPane } from './customer-view.tsx';
import { EditCustomer } from './edit-customer.tsx';
import { Peek } from './peek.tsx';

interface IdentityProps {
  paneKey: string;
  pane: OpenPane;
  now: number;
  ui: DeskUi;
}

export function Identity({ paneKey, pane, now, ui }: IdentityProps) {
  const desk = useDesk();
  const { t, language, format } = useWords();
  const { customer, consents, mark, asOf, partial = false } = pane.view;
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  const years = customer.customerSince ? yearsSince(customer.customerSince, now) : null;
  return (
    <header className={classes.identity}>
      <div className={classes.nameLine}>
        {/* Its first paint is paint B of a pop (Element Timing). */}
        <h1 className={classes.name} {...{ elementtiming: 'paint-b' }} data-customer={customer.id}>
          {nameOf(t, customer)}
        </h1>
        <span className={classes.tier} data-tier={customer.tier}>
          {t(`customer:tier.${customer.tier}`)}
        </span>
        {customer.language !== language && (
          <span className={classes.speaks}>{t(`customer:speaks.${customer.language}`)}</span>
        )}
        <Peek paneKey={paneKey} pane={pane} />
        <EditCustomer view={pane.view} />
        <PrivacyButton ui={ui} />
        <span className={classes.identityEnd}>
          {mark !== 'centre' && <MarkBadge mark={mark} practice={practice} />}
          <AsOf asOf={asOf} />
        </span>
      </div>
      <div className={classes.factLine}>
        <span>{customer.customerNumber}</span>
        {years !== null && customer.customerSince && (
          <span title={format.day(customer.customerSince)}>
            {years > 0 ? t('customer:years', { n: years }) : t('customer:first_year')}
          </span>
        )}
        <Current view={pane.view} />
        <LifetimeValue customer={customer} />
        <Churn customer={customer} />
        <Birthday birthday={customer.birthday} now={now} />
        <Consents consents={consents} partial={partial} />
      </div>
    </header>
  );
}

const TRENDS = { up: IconArrowUpRight, flat: IconArrowRight, down: IconArrowDownRight } as const;

function LifetimeValue({ customer }: { customer: Customer }) {
  const { t, format } = useWords();
  if (!customer.lifetimeValue) return null;
  const trend = customer.lifetimeValueTrend;
  const Trend = trend && TRENDS[trend];
  return (
    <span title={format.money(customer.lifetimeValue)}>
      {t('customer:ltv')} <b>{format.shortMoney(customer.lifetimeValue)}</b>
      {Trend && (
        <span className={classes.trend} data-trend={trend}>
          <Trend size={13} stroke={2.2} aria-hidden="true" />
          <span className="sr-only">{t(`customer:trend.${trend}`)}</span>
        </span>
      )}
    </span>
  );
}

/** A risk is shown with the facts it was computed from, or not at all. */
function Churn({ customer }: { customer: Customer }) {
  const { t, language, format } = useWords();
  const [open, setOpen] = useState(false);
  const risk = customer.churnRisk;
  if (risk === null) return null;
  const level = risk >= 0.5 ? 'high' : risk >= 0.2 ? 'middle' : 'low';
  const percent = format.percent(risk);
  const control = (
    <button
      type="button"
      className={classes.churn}
      data-level={level}
      aria-expanded={open}
      onClick={() => setOpen(!open)}
    >
      {t('customer:churn', { level: t(`customer:churn_level.${level}`), percent })}
    </button>
  );
  return (
    <Drop open={open} onClose={() => setOpen(false)} label={t('customer:churn_why')} width={280} control={control}>
      <strong>{t('customer:churn_why')}</strong>
      <ul className={classes.why}>
        {customer.churnWhy.map((reason) => (
          <li key={reason.ko}>{reason[language]}</li>
        ))}
      </ul>
    </Drop>
  );
}

function Birthday({ birthday, now }: { birthday: string | null; now: number }) {
  const { t } = useWords();
  const days = daysUntilBirthday(birthday, now);
  if (days === null || days > 7) return null;
  return (
    <span className={classes.birthday}>
      <IconCake size={14} aria-hidden="true" />
      {days === 0 ? t('customer:birthday_today') : t('customer:birthday_in', { n: days })}
    </span>
  );
}

const CHANNELS: readonly { channel: ConsentChannel; Icon: typeof IconPhone }[] = [
  { channel: 'phone', Icon: IconPhone },
  { channel: 'message', Icon: IconMessage },
  { channel: 'email', Icon: IconMail },
  { channel: 'mail', Icon: IconMailbox },
];

/** Marketing consent by channel: a word and a sign, never colour alone. */
function Consents({ consents, partial }: { consents: readonly Consent[]; partial: boolean }) {
  const { t, format } = useWords();
  const night = consents.find((consent) => consent.purpose === 'night_marketing');
  return (
    <span className={classes.consents}>
      {t('customer:consent.title')}
      {CHANNELS.map(({ channel, Icon }) => {
        const consent = consents.find((c) => c.channel === channel && c.purpose === 'marketing');
        const unsaid = partial ? 'unknown' : 'none';
        const status = consent?.status ?? unsaid;
        const title = consent
          ? t(`customer:consent.${status}`, {
              channel: t(`customer:consent.${channel}`),
              at: format.exact(consent.at),
            })
          : t(`customer:consent.${unsaid}`, { channel: t(`customer:consent.${channel}`) });
        return (
          <span
            key={channel}
            className={classes.consent}
            data-status={status}
            role="img"
            aria-label={title}
            title={title}
          >
            <Icon size={14} stroke={1.8} aria-hidden="true" />
            <span aria-hidden="true">{t(`customer:consent_sign.${status}`)}</span>
          </span>
        );
      })}
      {night && (
        <span className={classes.consent} data-status={night.status} title={format.exact(night.at)}>
          {t(`customer:consent.night_${night.status}`)}
        </span>
      )}
    </span>
  );
}

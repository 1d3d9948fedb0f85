import type { CurrentReason } from '../../../shared/current-customer.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import { useWords, type Words } from '../../i18n.ts';
import classes from './customer.module.css';

/** Whether they are a customer now, as the business means it, and why: the first reason beside it, all of them on a pointer's stay. */
export function Current({ view: { current } }: { view: Customer360 }) {
  const words = useWords();
  const { t } = words;
  if (!current) return null;
  const reasons = current.because.map((reason) => reasonText(reason, words));
  return (
    <span className={classes.current} data-current={current.current} title={reasons.join(' · ')}>
      <b>{t(current.current ? 'customer:current.yes' : 'customer:current.no')}</b>
      {reasons[0] && ` · ${reasons[0]}`}
    </span>
  );
}

function wordOf({ code, holds, data }: CurrentReason) {
  if (code === 'bought' && data.days === undefined) return 'never_bought' as const;
  if (code === 'bought' && holds && data.days === 0) return 'bought_today' as const;
  return holds ? code : (`no_${code}` as const);
}

function reasonText(reason: CurrentReason, { t, language, format }: Words): string {
  const { data } = reason;
  const ko = language === 'ko';
  const product = (ko ? data.productKo : data.productEn) || t('customer:facts.unknown_product');
  const label = (ko ? data.labelKo : data.labelEn) ?? '';
  const endsOn = typeof data.endsOn === 'string' ? format.day(data.endsOn) : '';
  return t(`customer:current.${wordOf(reason)}`, { ...data, product, label, endsOn });
}

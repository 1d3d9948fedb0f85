import { z } from 'zod';
import { type Customer, type CustomField, fieldsOf } from './customer.ts';
import type { Holding, Product } from './work.ts';

/** One thing that a business looks at. Own fields are those of customers, by their key. */
export const CurrentCondition = z.discriminatedUnion('kind', [
  /** Their last order, or the last thing that they own, is so many days old at most. */
  z.object({ kind: z.literal('bought'), withinDays: z.int().min(1).max(36_500) }),
  /** A contract runs: it has an end, and that is not over. */
  z.object({ kind: z.literal('contract') }),
  /** They have an active product; with `codes`, one of these. */
  z.object({ kind: z.literal('in_use'), codes: z.array(z.string().min(1).max(40)).max(100).optional() }),
  /** What they owe is more than this, in the smallest unit of the currency. */
  z.object({ kind: z.literal('balance'), above: z.int() }),
  z.object({ kind: z.literal('field_above'), key: z.string().max(60), above: z.number() }),
  z.object({ kind: z.literal('field_within'), key: z.string().max(60), days: z.int().min(1).max(36_500) }),
  z.object({
    kind: z.literal('field_is'),
    key: z.string().max(60),
    values: z.array(z.string().max(2000)).min(1).max(100),
  }),
]);
export type CurrentCondition = z.infer<typeof CurrentCondition>;

const conditions = z.array(CurrentCondition).min(1).max(20);
const group = z.union([z.strictObject({ any: conditions }), z.strictObject({ all: conditions })]);
const items = z
  .array(z.union([CurrentCondition, group]))
  .min(1)
  .max(20);

/** What "current customer" means in this business: any or all of conditions, or of groups of them. */
export const CurrentRule = z.union([z.strictObject({ any: items }), z.strictObject({ all: items })]);
export type CurrentRule = z.infer<typeof CurrentRule>;
type Item = z.infer<typeof items>[number];

/** Why, by the condition: `holds` says which sentence. `data` fills it; what is not there has never been. */
export const CurrentReason = z.object({
  code: z.enum(['bought', 'contract', 'in_use', 'balance', 'field']),
  holds: z.boolean(),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type CurrentReason = z.infer<typeof CurrentReason>;
export const CurrentVerdict = z.object({ current: z.boolean(), because: z.array(CurrentReason).max(3) });
export type CurrentVerdict = z.infer<typeof CurrentVerdict>;

export interface CurrentFacts {
  customer: Pick<Customer, 'balanceOwed' | 'custom'>;
  holdings: readonly (Holding & { product: Product | null })[];
  customFields: readonly CustomField[];
  /** The day of their last order, where the business is; null: none is known. */
  orderedOn: string | null;
  /** The day where the business is, YYYY-MM-DD. */
  today: string;
}

const REASONS = 3;
const DAY = 86_400_000;
const daysSince = (day: string, today: string) => Math.round((Date.parse(today) - Date.parse(day)) / DAY);

/** Whether somebody is a customer now, as this business means it, and why. What makes them one comes first; else what is missing. */
export function currentCustomer(rule: CurrentRule, facts: CurrentFacts): CurrentVerdict {
  const { current, because } = judge(rule, facts);
  return { current, because: because.slice(0, REASONS) };
}

function judge(item: Item | CurrentRule, facts: CurrentFacts): CurrentVerdict {
  if ('kind' in item) {
    const reason = judgeOne(item, facts);
    return { current: reason.holds, because: [reason] };
  }
  const wantsAll = 'all' in item;
  const parts = (wantsAll ? item.all : item.any).map((part) => judge(part, facts));
  const current = wantsAll ? parts.every((part) => part.current) : parts.some((part) => part.current);
  return { current, because: parts.filter((part) => part.current === current).flatMap(({ because }) => because) };
}

function judgeOne(condition: CurrentCondition, facts: CurrentFacts): CurrentReason {
  switch (condition.kind) {
    case 'bought':
      return bought(condition.withinDays, facts);
    case 'contract': {
      const { holdings, today } = facts;
      const ends = (one: Holding) => (one.status === 'active' && one.startedOn <= today ? (one.endsOn ?? '') : '');
      const [last] = holdings.toSorted((a, b) => (ends(a) < ends(b) ? 1 : -1));
      const endsOn = last ? ends(last) : '';
      const holds = endsOn >= today;
      return { code: 'contract', holds, data: holds && last ? { endsOn, ...productOf(last) } : {} };
    }
    case 'in_use': {
      const used = facts.holdings.find(
        ({ status, startedOn, product }) =>
          status === 'active' &&
          startedOn <= facts.today &&
          (condition.codes === undefined || condition.codes.includes(product?.code ?? '')),
      );
      return { code: 'in_use', holds: used !== undefined, data: used ? productOf(used) : {} };
    }
    case 'balance':
      return { code: 'balance', holds: (facts.customer.balanceOwed?.amount ?? 0) > condition.above, data: {} };
    default:
      return ofField(condition, facts);
  }
}

const productOf = ({ product }: { product: Product | null }) => ({
  productKo: product?.name.ko ?? '',
  productEn: product?.name.en ?? '',
});

function bought(withinDays: number, { holdings, orderedOn, today }: CurrentFacts): CurrentReason {
  const [last] = [...holdings.map(({ startedOn }) => startedOn), orderedOn]
    .filter((day) => day !== null)
    .filter((day) => day <= today)
    .toSorted()
    .reverse();
  if (last === undefined) return { code: 'bought', holds: false, data: { withinDays } };
  const days = daysSince(last, today);
  return { code: 'bought', holds: days <= withinDays, data: { days, withinDays } };
}

type OfField = Extract<CurrentCondition, { key: string }>;

/** The value itself is not told: it may be masked. */
function ofField(condition: OfField, { customer, customFields, today }: CurrentFacts): CurrentReason {
  const field = fieldsOf(customFields, 'customer').find(({ key }) => key === condition.key);
  const value = customer.custom[condition.key] ?? null;
  const data = { labelKo: field?.label.ko ?? condition.key, labelEn: field?.label.en ?? condition.key };
  return { code: 'field', holds: value !== null && fits(condition, value, today), data };
}

function fits(condition: OfField, value: NonNullable<Customer['custom'][string]>, today: string): boolean {
  if (condition.kind === 'field_above') return typeof value === 'number' && value > condition.above;
  if (condition.kind === 'field_is') {
    return (Array.isArray(value) ? value : [String(value)]).some((one) => condition.values.includes(one));
  }
  const days = typeof value === 'string' ? daysSince(value, today) : Number.NaN;
  return days >= 0 && days <= condition.days;
}

/** The first condition on an own field that is not there, or is of another type; null: all can be asked. */
export function unaskable(rule: CurrentRule, own: readonly CustomField[]): string | null {
  const all = ('all' in rule ? rule.all : rule.any).flatMap((item): CurrentCondition[] =>
    'kind' in item ? [item] : 'all' in item ? item.all : item.any,
  );
  const types = {
    field_above: ['number', 'money'],
    field_within: ['date'],
    field_is: ['text', 'choice', 'choices', 'boolean'],
  };
  for (const condition of all) {
    if (!('key' in condition)) continue;
    const field = fieldsOf(own, 'customer').find(({ key }) => key === condition.key);
    if (!field) return `${condition.key}: there is no such field of customers`;
    if (!types[condition.kind].includes(field.type))
      return `${condition.key}: not to be asked of a ${field.type} field`;
  }
  return null;
}

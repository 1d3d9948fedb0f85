import { fieldsOf, isSensitive } from '../shared/customer.ts';
import type { Customer360 } from '../shared/customer-360.ts';
import { type FACTS, type Facts, type FactValue, ownFact } from '../shared/rules/facts.ts';
import { rulesOf } from '../shared/rules/rule.ts';
import type { ScriptContent } from '../shared/script.ts';

const DAY = 86_400_000;
const daysFrom = (day: string, today: string) => Math.round((Date.parse(day) - Date.parse(today)) / DAY);

interface Surroundings {
  /** The day where the business is, YYYY-MM-DD. */
  today: string;
  /** The day of an instant where the business is. */
  dayOf: (instant: string) => string;
  queue: string | null;
  direction: 'in' | 'out' | null;
}

type Known = Partial<Record<keyof typeof FACTS | `custom.${string}`, FactValue>>;

/**
 * What is known of a customer (unmasked) and of the call, by the names of rules/facts.ts. Of somebody whom only the centre knows, and
 * of sensitive fields of the business's own, nothing is: a script must not tell by its way what a mask hides.
 */
export function factsOf(view: Customer360 | null, { today, dayOf, queue, direction }: Surroundings): Facts {
  const call: Known = {
    ...(queue === null ? {} : { 'call.queue': queue }),
    ...(direction === null ? {} : { 'call.direction': direction }),
  };
  if (view === null || view.partial) return call;
  const { customer, consents, holdings, purchases, customFields } = view;
  const active = holdings.filter(({ status }) => status === 'active');
  const ends = active.flatMap(({ endsOn }) => (endsOn === null ? [] : [daysFrom(endsOn, today)])).sort((a, b) => a - b);
  const marketing = consents.find(({ channel, purpose }) => channel === 'phone' && purpose === 'marketing');
  const open = fieldsOf(customFields, 'customer').filter((field) => !isSensitive(field));
  const own = open.map(({ key }) => [ownFact(key), customer.custom[key] ?? null] as const);
  const known: Known = {
    ...call,
    'customer.kind': customer.kind,
    'customer.tier': customer.tier,
    'customer.language': customer.language,
    ...(view.current ? { 'customer.isCurrent': view.current.current } : {}),
    'customer.daysSince': customer.customerSince === null ? null : -daysFrom(customer.customerSince, today),
    'customer.daysToBirthday': daysToBirthday(customer.birthday, today),
    'customer.lifetimeValue': customer.lifetimeValue?.amount ?? null,
    'customer.lifetimeValueTrend': customer.lifetimeValueTrend,
    'customer.churnRisk': customer.churnRisk,
    'customer.balanceOwed': customer.balanceOwed?.amount ?? null,
    'customer.daysOverdue': customer.overdueSince === null ? null : -daysFrom(customer.overdueSince, today),
    'products.owned': [...new Set(active.flatMap(({ product }) => (product ? [product.code] : [])))],
    'products.daysToNextEnd': ends.find((days) => days >= 0) ?? null,
    'orders.count': purchases.count,
    'orders.daysSinceLast': purchases.lastAt === null ? null : -daysFrom(dayOf(purchases.lastAt), today),
    'cases.open': view.cases.length,
    'promises.open': view.promises.length,
    'consent.phone.marketing': marketing?.status ?? 'none',
  };
  return { ...known, ...Object.fromEntries(own) };
}

/** 0: today. Who was born on 29 February has it on 1 March where there is none. */
function daysToBirthday(birthday: string | null, today: string): number | null {
  if (birthday === null) return null;
  const year = Number(today.slice(0, 4));
  const [month = 1, day = 1] = birthday.slice(5).split('-').map(Number);
  const inYear = (one: number) => Math.round((Date.UTC(one, month - 1, day) - Date.parse(today)) / DAY);
  const days = inYear(year);
  return days >= 0 ? days : inYear(year + 1);
}

/** Only those that the script asks for: no more of a customer leaves the host, and no more is kept with the run. */
export function factsFor(
  script: ScriptContent,
  facts: Facts,
): Record<string, Exclude<FactValue, readonly string[]> | string[]> {
  const rules = script.steps.flatMap((step) =>
    step.kind === 'branch' ? step.ways.flatMap(({ when }) => rulesOf(when)) : [],
  );
  const asked = new Set(rules.map(({ field }) => field));
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => {
      if (value === undefined || !asked.has(name)) return [];
      return [[name, isList(value) ? [...value] : value]];
    }),
  );
}

const isList = (value: FactValue): value is readonly string[] => Array.isArray(value);

import { type CustomField, fieldsOf } from '../customer.ts';
import type { Operator } from './rule.ts';

/** What kind of value a fact has. 'list': several codes at once, e.g. the products that somebody owns. */
export type FactType = 'text' | 'number' | 'date' | 'choice' | 'boolean' | 'list';

export interface FactKind {
  type: FactType;
  /** Of a choice or a list: what it may be, where that is known beforehand. */
  choices?: readonly string[];
}

/** Facts by their names, as rules name them. */
export type Catalogue = ReadonlyMap<string, FactKind>;

/** A value that is known; null: known to be empty. A fact that is not there at all is not known. */
export type FactValue = string | number | boolean | null | readonly string[];
export type Facts = Readonly<Record<string, FactValue | undefined>>;

const amount = { type: 'number' } as const;

/**
 * What can be said of a customer and of the call. Amounts are in the smallest unit of the business's currency, days count from today
 * where the business is. Who knows them: the desk from its own rows (host), the centre from the same rows in SQL.
 */
export const FACTS = {
  'customer.kind': { type: 'choice', choices: ['person', 'company'] },
  'customer.tier': { type: 'choice', choices: ['basic', 'silver', 'gold', 'vip'] },
  'customer.language': { type: 'choice', choices: ['ko', 'en'] },
  'customer.isCurrent': { type: 'boolean' },
  'customer.daysSince': amount,
  'customer.daysToBirthday': amount,
  'customer.lifetimeValue': amount,
  'customer.lifetimeValueTrend': { type: 'choice', choices: ['up', 'flat', 'down'] },
  'customer.churnRisk': amount,
  'customer.balanceOwed': amount,
  'customer.daysOverdue': amount,
  'products.owned': { type: 'list' },
  'products.daysToNextEnd': amount,
  'orders.count': amount,
  'orders.daysSinceLast': amount,
  'cases.open': amount,
  'promises.open': amount,
  'consent.phone.marketing': { type: 'choice', choices: ['granted', 'refused', 'none'] },
  'call.direction': { type: 'choice', choices: ['in', 'out'] },
  'call.queue': { type: 'text' },
} as const satisfies Record<string, FactKind>;

/** The name by which rules call a field of the business's own. */
export const ownFact = (key: string): string => `custom.${key}`;

const OWN_TYPES = {
  text: 'text',
  number: 'number',
  money: 'number',
  date: 'date',
  choice: 'choice',
  choices: 'list',
  boolean: 'boolean',
} as const;

/** All facts of a business: those that everybody has, and its own fields of customers. */
export function catalogueOf(own: readonly CustomField[]): Map<string, FactKind> {
  const catalogue = new Map<string, FactKind>(Object.entries(FACTS));
  for (const { key, type, choices } of fieldsOf(own, 'customer')) {
    catalogue.set(ownFact(key), {
      type: OWN_TYPES[type],
      ...(type === 'choice' || type === 'choices' ? { choices } : {}),
    });
  }
  return catalogue;
}

const EMPTY: readonly Operator[] = ['null', 'notNull'];
const EQUAL: readonly Operator[] = ['=', '!=', ...EMPTY];
const ORDERED: readonly Operator[] = ['<', '<=', '>', '>=', 'between', 'notBetween', 'in', 'notIn', ...EQUAL];

/** What may be asked of a fact of each kind. */
export const OPERATORS_OF: Readonly<Record<FactType, readonly Operator[]>> = {
  text: [
    ...['contains', 'doesNotContain', 'beginsWith', 'doesNotBeginWith', 'endsWith', 'doesNotEndWith'],
    ...['in', 'notIn', ...EQUAL],
  ] as Operator[],
  number: ORDERED,
  date: ORDERED,
  choice: ['in', 'notIn', ...EQUAL],
  boolean: EQUAL,
  list: ['contains', 'doesNotContain', ...EMPTY],
};

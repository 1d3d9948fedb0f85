import type { Customer, CustomField } from '../shared/customer.ts';
import type { CustomerSearchResult, FoundCustomer, NarrowBy, NarrowOffer } from '../shared/customer-search.ts';
import { DangolError } from '../shared/errors.ts';
import {
  fitsNarrow,
  type Narrow,
  narrowMatch,
  narrowName,
  narrowsMeant,
  ownMatch,
  readOwnAsked,
  saidOf,
  searchableFields,
} from '../shared/own-search.ts';
import { nameMatches, searchQuery } from '../shared/search-text.ts';
import { overlayCustomer, readPendingFacts } from '../sync/outbox-reads.ts';
import { isIndexed } from '../sync/own-index.ts';
import { readCustomFields } from './customer-rows.ts';
import type { HostContext } from './host-context.ts';
import { COUNTED, LIMIT, LOOKED_AT, likeliestFirst, readFound, SEARCH } from './search-statements.ts';

/** What a customer is as the centre says, and with what waits here. */
interface Known {
  before: Customer | null;
  after: Customer;
}

/** One search by the business's own fields. Fields that are masked are none of them: see canBeSearched(). */
export interface OwnSearch {
  /** What the search is narrowed to. */
  narrow: readonly Narrow[];
  /** Who says what was typed, the pending ones first; more than a page of them are not read. */
  ids: () => string[];
  /** Who fits what the search is narrowed to and what was typed beside; `among`: only these. */
  narrowed: (text: string, among: readonly string[] | null) => Narrowed;
  /** Which field of this customer says it; null: none, or none any more. */
  found: (id: string) => FoundCustomer['foundOwn'] | null;
  /** What could be meant. */
  more: () => Pick<CustomerSearchResult, 'offers' | 'indexing'>;
}

export interface Narrowed {
  ids: string[];
  count: NonNullable<CustomerSearchResult['count']>;
}

/** @throws BAD_INPUT: narrowed by a field that customers are not found by (any more). */
export function createOwnSearch(context: HostContext, text: string, wanted: readonly NarrowBy[]): OwnSearch {
  const { cache } = context;
  const fields = searchableFields(readCustomFields(cache));
  const narrow = wanted.map(({ key, value }) => ({ field: fieldOf(fields, key), value }));
  const asked = readOwnAsked(text, fields);
  let pending: ReadonlyMap<string, Known> | null = null;
  const known = () => {
    pending ??= fields.length === 0 ? new Map() : pendingFacts(context, fields);
    return pending;
  };
  const factsOf = (id: string) => known().get(id)?.after ?? readFacts(context, id);
  const saidBy = (customer: Customer) => firstOf(asked.fields, (field) => said(field, customer, asked.text));
  return {
    narrow,
    ids: () => {
      const match = ownMatch(asked);
      if (match === null) return [];
      const here = [...known().values()].filter(({ after }) => saidBy(after) !== null).map(({ after }) => after.id);
      return [...here, ...likeliestFirst(readFound(context, SEARCH.byLine, match), '').map(({ id }) => id)];
    },
    narrowed: (beside, among) => narrowedTo(context, { narrow, beside, among, known: known(), factsOf }),
    found: (id) => {
      const customer = factsOf(id);
      if (!customer) return null;
      if (narrow.length === 0) return saidBy(customer);
      const shown = narrow.findLast(({ field }) => field.type === 'text' || field.type === 'choices') ?? narrow.at(-1);
      return shown && narrow.every((one) => fitsNarrow(customer.custom, one)) ? valueShown(shown, customer) : null;
    },
    more: () => {
      const offers = narrowsMeant(asked, fields).filter((one) => !narrow.some((held) => isSame(held, one)));
      return {
        ...(offers.length > 0 ? { offers: offers.map(offerOf) } : {}),
        ...(fields.length > 0 && !isIndexed((sql) => cache.prepare(sql)) ? { indexing: true } : {}),
      };
    },
  };
}

function fieldOf(fields: readonly CustomField[], key: string): CustomField {
  const field = fields.find((one) => one.key === key);
  if (!field) throw new DangolError('BAD_INPUT', 'check-input', { detail: 'nobody is found by this field' });
  return field;
}

const isSame = (a: Narrow, b: Narrow) => a.field.key === b.field.key && a.value === b.value;

function offerOf(one: Narrow): NarrowOffer {
  return { key: one.field.key, value: one.value, label: one.field.label, name: narrowName(one) };
}

function firstOf<T, R>(all: readonly T[], what: (one: T) => R | null): R | null {
  for (const one of all) {
    const found = what(one);
    if (found !== null) return found;
  }
  return null;
}

function said(field: CustomField, { custom }: Customer, text: string): NonNullable<FoundCustomer['foundOwn']> | null {
  const value = saidOf(field, custom, text);
  return value && { label: field.label, value };
}

/** All that a text says, of choices the one that was asked for. */
function valueShown(one: Narrow, customer: Customer): NonNullable<FoundCustomer['foundOwn']> {
  const { field } = one;
  return {
    label: field.label,
    value: (field.type === 'text' && saidOf(field, customer.custom, one.value)) || narrowName(one),
  };
}

function readFacts({ cache }: HostContext, id: string): Customer | null {
  const row = cache.prepare(SEARCH.facts).get(id) as { data: string } | undefined;
  return row ? (JSON.parse(row.data) as Customer) : null;
}

/** Customers who were created here, or in whose own fields something was changed here, and not confirmed yet. */
function pendingFacts(context: HostContext, fields: readonly CustomField[]): Map<string, Known> {
  const { customers, customerEdits } = readPendingFacts(context.outbox);
  const edits = customerEdits.filter(({ changes }) =>
    changes.some(({ field }) => fields.some(({ key }) => field === `custom.${key}`)),
  );
  const created = new Map(customers.map(({ row }) => [row.id, row]));
  const ids = new Set([...created.keys(), ...edits.map(({ customerId }) => customerId)]);
  const known = new Map<string, Known>();
  for (const id of ids) {
    const before = readFacts(context, id);
    const base = before ?? created.get(id);
    if (base) known.set(id, { before, after: overlayCustomer(base, edits) });
  }
  return known;
}

interface NarrowParts {
  narrow: readonly Narrow[];
  beside: string;
  among: readonly string[] | null;
  known: ReadonlyMap<string, Known>;
  factsOf: (id: string) => Customer | null;
}

function narrowedTo(context: HostContext, { narrow, beside, among, known, factsOf }: NarrowParts): Narrowed {
  const fits = ({ custom }: Customer) => narrow.every((one) => fitsNarrow(custom, one));
  if (among !== null) {
    const isIn = (id: string) => {
      const customer = factsOf(id);
      return customer !== null && fits(customer);
    };
    const ids = [...new Set(among)].filter(isIn);
    return { ids, count: { n: ids.length, atLeast: ids.length >= LOOKED_AT } };
  }
  const name = beside.trim() === '' ? null : searchQuery(beside).match;
  const own = narrowMatch(narrow);
  const isNamed = (customer: Customer) => name === null || nameMatches(customer.name, beside);
  const isOne = (customer: Customer) => !customer.mergedInto && fits(customer) && isNamed(customer);
  const here = [...known.values()].filter(({ after }) => isOne(after)).map(({ after }) => after.id);
  const changed = [...known.values()].map(
    ({ before, after }) => Number(isOne(after)) - Number(before !== null && isOne(before)),
  );
  const match = own === null ? null : [own, name].filter((part) => part !== null).join(' AND ');
  const found = match === null ? [] : likeliestFirst(readFound(context, SEARCH.byLine, match), beside);
  const counted = match === null ? 0 : context.cache.prepare(SEARCH.linesToCount).all(match).length;
  const n = Math.max(
    0,
    changed.reduce((sum, one) => sum + one, counted),
  );
  return {
    ids: [...here, ...found.map(({ id }) => id)],
    count: counted > COUNTED ? { n: COUNTED, atLeast: true } : { n, atLeast: false },
  };
}

/** Of those who were found by own fields alone: who still says so, with what; as many as a page has and one more. */
export function stillFound(own: OwnSearch, ids: readonly string[], room: number) {
  const still: { id: string; foundOwn: NonNullable<FoundCustomer['foundOwn']> }[] = [];
  for (const id of ids) {
    if (still.length > Math.min(room, LIMIT)) break;
    const foundOwn = own.found(id);
    if (foundOwn) still.push({ id, foundOwn });
  }
  return still;
}

import type { CustomerSearchResult, FoundCustomer, NarrowBy } from '../shared/customer-search.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { nameMatches, type SearchQuery, searchQuery, splitSearch } from '../shared/search-text.ts';
import type { CaseStatus } from '../shared/work.ts';
import { readPendingCustomers } from '../sync/outbox-reads.ts';
import { recordAccess } from './access-log.ts';
import { readCandidates } from './customer-360.ts';
import { findByPhone, livePeople } from './customer-match.ts';
import type { HostContext } from './host-context.ts';
import { createOwnSearch, type OwnSearch, stillFound } from './search-own.ts';
import { type Found, LIMIT, likeliestFirst, readFound, SEARCH } from './search-statements.ts';

/**
 * Finds customers by name, 초성, two syllables, last digits of a number, customer number, number of a case or part of an e-mail address, or by a
 * name with digits or a customer number beside it: the likeliest 20, masked. Those created here and not confirmed yet come
 * first, then exact names and who was here last; behind them whoever says it in an own field of the business. `narrow`: only
 * who fits all of these, counted. Writes one access entry per search that found somebody; the text is not kept.
 * @throws BAD_INPUT: narrowed by a field that customers are not found by (any more).
 */
export function searchCustomers(
  context: HostContext,
  text: string,
  narrow: readonly NarrowBy[] = [],
): CustomerSearchResult {
  const reader = context.seat.reader();
  const asked: Asked = { ...searchQuery(text), text, beside: splitSearch(text) };
  const own = createOwnSearch(context, text, narrow);
  const { people, cases, count } = own.narrow.length > 0 ? narrowed(context, asked, own) : likely(context, asked, own);
  const foundOwn = new Map(people.flatMap((one) => (one.foundOwn ? [[one.id, one.foundOwn] as const] : [])));
  const shown = people.slice(0, LIMIT).map(({ id }) => id);
  const candidates = readCandidates(context, shown).map((candidate) => {
    const about = cases.find(({ id }) => id === candidate.id);
    const said = foundOwn.get(candidate.id);
    if (!about) return said ? { ...candidate, foundOwn: said } : candidate;
    const { number, subject, status } = about;
    return { ...candidate, foundCase: { number, subject, status } };
  });
  if (candidates.length > 0) {
    recordAccess(context, reader.id, [{ action: 'search', customerId: null, context: `found ${candidates.length}` }]);
  }
  return { candidates, more: people.length > LIMIT, ...(count ? { count } : {}), ...own.more() };
}

interface Person {
  id: string;
  foundOwn?: FoundCustomer['foundOwn'];
}

interface People {
  people: readonly Person[];
  cases: readonly FoundCase[];
  count?: CustomerSearchResult['count'];
}

/** By name and number, and behind them by own fields. */
function likely(context: HostContext, asked: Asked, own: OwnSearch): People {
  const cases = readCases(context, asked);
  const exact = cases.filter(({ number }) => number === asked.caseNumber);
  const found = [exact, pendingIds(context, asked), confirmedIds(context, asked), cases].flat();
  const named = live(
    context,
    found.map((one) => (typeof one === 'string' ? one : one.id)),
  );
  const room = LIMIT - named.length;
  const others = room < 0 ? [] : live(context, own.ids()).filter((id) => !named.includes(id));
  return { people: [...named.map((id) => ({ id })), ...stillFound(own, others, room)], cases };
}

/** Who fits; a number that is typed beside says among whom. */
function narrowed(context: HostContext, asked: Asked, own: OwnSearch): People {
  const isNumber = asked.customerNumber !== null;
  const among = isNumber ? live(context, [...pendingIds(context, asked), ...confirmedIds(context, asked)]) : null;
  const { ids, count } = own.narrowed(asked.text, among);
  return { people: stillFound(own, live(context, ids), LIMIT), cases: [], count };
}

const live = ({ outbox, cache }: HostContext, ids: readonly string[]) => livePeople(outbox, cache, ids);

/** What was typed, and what it may mean. */
interface Asked extends SearchQuery {
  text: string;
  beside: ReturnType<typeof splitSearch>;
}

interface FoundCase {
  /** Of the customer. */
  id: string;
  number: string;
  subject: string;
  status: CaseStatus;
}

/** Cases whose number is this or begins so; one that waits here for the centre has no number yet. */
function readCases({ cache }: HostContext, { caseNumber }: Asked): FoundCase[] {
  if (caseNumber === null) return [];
  return cache.prepare(SEARCH.byCase).all(caseNumber, `${caseNumber}\uffff`) as FoundCase[];
}

function pendingIds(context: HostContext, { text, digits, email, beside }: Asked): string[] {
  const pending = readPendingCustomers(context.outbox, context.seat.country());
  const named = (wanted: string) =>
    pending.customers.filter((one) => nameMatches(one.row.name, wanted)).map((one) => one.row.id);
  const withDigits = (wanted: string | null) =>
    pending.contactPoints
      .filter(({ row: { kind, value } }) => kind === 'phone' && wanted !== null && endsWith(value, wanted))
      .map((one) => one.row.customerId);
  const part = text.trim().toLowerCase();
  const byEmail = pending.contactPoints
    .filter(({ row: { kind, value } }) => kind === 'email' && email !== null && value.toLowerCase().includes(part))
    .map((one) => one.row.customerId);
  const both = beside ? withDigits(beside.digits).filter((id) => named(beside.name).includes(id)) : [];
  return [...both, ...named(text), ...withDigits(digits), ...byEmail];
}

const endsWith = (phone: string, digits: string) => phone.replaceAll(/\D/g, '').endsWith(digits);

function confirmedIds(context: HostContext, asked: Asked): string[] {
  const { text, match, digits, customerNumber, email, beside } = asked;
  const found = byNumbers(context, customerNumber, digits);
  if (beside) {
    const name = context.cache.prepare(SEARCH.name);
    const isNamed = ({ id }: Found) =>
      nameMatches((name.get(id) as { name: string } | undefined)?.name ?? '', beside.name);
    found.push(...byNumbers(context, beside.number, beside.digits).filter(isNamed));
  }
  if (match !== null && found.length <= LIMIT)
    found.push(...likeliestFirst(readFound(context, SEARCH.byLine, match), text));
  if (email !== null && found.length <= LIMIT) found.push(...readFound(context, SEARCH.byEmail, email));
  return found.map(({ id }) => id);
}

/** Whoever has this customer number or one that begins so, or a phone number that ends so. */
function byNumbers(context: HostContext, customerNumber: string | null, digits: string | null): Found[] {
  const found: Found[] = [];
  // The character after every digit and letter that a customer number is made of bounds the range of a prefix.
  if (customerNumber !== null)
    found.push(...readFound(context, SEARCH.byNumber, customerNumber, `${customerNumber}\uffff`));
  if (digits === null) return found;
  found.push(...readFound(context, SEARCH.byNumberDigits, digits, `${digits}\uffff`));
  if (digits.length <= 8) {
    const points = readFound(context, SEARCH.byLast4, digits.slice(-4), digits, digits);
    return [...found, ...likeliestFirst(points, '')];
  }
  const phone = readPhoneNumber(digits, context.seat.country());
  return [...found, ...findByPhone(context.outbox, context.cache, phone).map((id) => ({ id }))];
}

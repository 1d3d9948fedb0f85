import type { CustomerSearchResult } from '../shared/customer-360.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { nameMatches, type SearchQuery, searchQuery, splitSearch } from '../shared/search-text.ts';
import type { CaseStatus } from '../shared/work.ts';
import { readPendingCustomers } from '../sync/outbox-reads.ts';
import { recordAccess } from './access-log.ts';
import { readCandidates } from './customer-360.ts';
import { findByPhone, livePeople } from './customer-match.ts';
import type { HostContext } from './host-context.ts';

const LIMIT = 20;
/** So many who have a name or an end of a number are looked at for the likeliest; beyond that a search has to be narrowed. */
const LOOKED_AT = 400;
const DIGITS_OF_NUMBER = "ltrim(customer_number, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-_ ')";
const lastContact = (id: string) =>
  `(SELECT max(started_at) FROM interaction WHERE interaction.customer_id = ${id}) AS at`;

/** The statements of search; a test asserts that each uses its index. */
export const SEARCH = {
  byName: `SELECT customer.id AS id, customer.name AS name, ${lastContact('customer.id')}
           FROM customer_search CROSS JOIN customer ON customer.rowid = customer_search.rowid
           WHERE customer_search MATCH ? LIMIT ${LOOKED_AT}`,
  byEmail: `SELECT DISTINCT customer_id AS id FROM email_search CROSS JOIN email_line ON line = email_search.rowid
            WHERE email_search MATCH ? LIMIT ${LIMIT + 1}`,
  byLast4: `SELECT customer_id AS id, ${lastContact('contact_point.customer_id')} FROM contact_point
            WHERE substr(last8, -4) = ? AND last8 IS NOT NULL AND substr(last8, -length(?)) = ? LIMIT ${LOOKED_AT}`,
  byNumber: `SELECT id FROM customer WHERE customer_number >= ? AND customer_number < ?
             ORDER BY customer_number LIMIT ${LOOKED_AT}`,
  byNumberDigits: `SELECT id FROM customer WHERE ${DIGITS_OF_NUMBER} >= ? AND ${DIGITS_OF_NUMBER} < ?
                   ORDER BY ${DIGITS_OF_NUMBER} LIMIT ${LOOKED_AT}`,
  byCase: `SELECT customer_id AS id, json_extract(data, '$.number') AS number, json_extract(data, '$.subject') AS subject, status
           FROM "case" WHERE json_extract(data, '$.number') >= ? AND json_extract(data, '$.number') < ?
           ORDER BY json_extract(data, '$.number') LIMIT ${LIMIT + 1}`,
  name: 'SELECT name FROM customer WHERE id = ?',
} as const;

interface Found {
  id: string;
  name?: string;
  /** Of the last contact on any channel. */
  at?: string | null;
}

/**
 * Finds customers by name, 초성, two syllables, last digits of a number, customer number, number of a case or part of an e-mail address, or by a
 * name with digits or a customer number beside it: the likeliest 20, masked. Those created here and not confirmed yet come
 * first, then exact names and who was here last. Writes one access entry per search that found somebody; the text is not kept.
 */
export function searchCustomers(context: HostContext, text: string): CustomerSearchResult {
  const reader = context.seat.reader();
  const asked: Asked = { ...searchQuery(text), text, beside: splitSearch(text) };
  const cases = readCases(context, asked);
  const exact = cases.filter(({ number }) => number === asked.caseNumber);
  const found = [exact, pendingIds(context, asked), confirmedIds(context, asked), cases].flat();
  const ids = found.map((one) => (typeof one === 'string' ? one : one.id));
  const all = livePeople(context.outbox, context.cache, ids);
  const candidates = readCandidates(context, all.slice(0, LIMIT)).map((candidate) => {
    const about = cases.find(({ id }) => id === candidate.id);
    if (!about) return candidate;
    const { number, subject, status } = about;
    return { ...candidate, foundCase: { number, subject, status } };
  });
  if (candidates.length > 0) {
    recordAccess(context, reader.id, [{ action: 'search', customerId: null, context: `found ${candidates.length}` }]);
  }
  return { candidates, more: all.length > LIMIT };
}

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
  if (match !== null && found.length <= LIMIT) found.push(...likeliestFirst(read(context, SEARCH.byName, match), text));
  if (email !== null && found.length <= LIMIT) found.push(...read(context, SEARCH.byEmail, email));
  return found.map(({ id }) => id);
}

const read = ({ cache }: HostContext, sql: string, ...params: unknown[]) =>
  cache.prepare(sql).all(...params) as Found[];

/** Whoever has this customer number or one that begins so, or a phone number that ends so. */
function byNumbers(context: HostContext, customerNumber: string | null, digits: string | null): Found[] {
  const found: Found[] = [];
  // The character after every digit and letter that a customer number is made of bounds the range of a prefix.
  if (customerNumber !== null) found.push(...read(context, SEARCH.byNumber, customerNumber, `${customerNumber}\uffff`));
  if (digits === null) return found;
  found.push(...read(context, SEARCH.byNumberDigits, digits, `${digits}\uffff`));
  if (digits.length <= 8) {
    const points = read(context, SEARCH.byLast4, digits.slice(-4), digits, digits);
    return [...found, ...likeliestFirst(points, '')];
  }
  const phone = readPhoneNumber(digits, context.seat.country());
  return [...found, ...findByPhone(context.outbox, context.cache, phone).map((id) => ({ id }))];
}

/** Exactly this name before those that only hold it, then who was here last. */
function likeliestFirst(found: readonly Found[], text: string): Found[] {
  const wanted = plain(text);
  const keyOf = ({ name, at }: Found) => `${name !== undefined && plain(name) === wanted ? 1 : 0} ${at ?? ''}`;
  const keyed = found.map((one) => ({ one, key: keyOf(one) }));
  return keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? 1 : -1)).map(({ one }) => one);
}

const plain = (text: string) => text.normalize('NFC').trim().toLowerCase();

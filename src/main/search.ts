import type { CustomerCandidate } from '../shared/customer-360.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { nameMatches, searchQuery } from '../shared/search-text.ts';
import { readPendingCustomers } from '../sync/outbox-reads.ts';
import { recordAccess } from './access-log.ts';
import { readCandidates } from './customer-360.ts';
import { findByPhone } from './customer-match.ts';
import type { HostContext } from './host-context.ts';

const LIMIT = 20;
const DIGITS_OF_NUMBER = "ltrim(customer_number, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-_ ')";

/** The statements of search; a test asserts that each uses its index. */
export const SEARCH = {
  byName: `SELECT customer.id AS id FROM customer_search CROSS JOIN customer ON customer.rowid = customer_search.rowid
           WHERE customer_search MATCH ? LIMIT ${LIMIT}`,
  byLast4: `SELECT customer_id AS id FROM contact_point
            WHERE substr(last8, -4) = ? AND last8 IS NOT NULL AND substr(last8, -length(?)) = ? LIMIT ${LIMIT}`,
  byNumber: `SELECT id FROM customer WHERE customer_number >= ? AND customer_number < ? LIMIT ${LIMIT}`,
  byNumberDigits: `SELECT id FROM customer WHERE ${DIGITS_OF_NUMBER} >= ? AND ${DIGITS_OF_NUMBER} < ? LIMIT ${LIMIT}`,
} as const;

/**
 * Finds customers by name, 초성, two syllables, last digits of a number or customer number: at most 20, masked, those created
 * here and not confirmed yet first. Writes one access entry per search that found somebody; the text itself is not kept.
 */
export function searchCustomers(context: HostContext, text: string): CustomerCandidate[] {
  const reader = context.seat.reader();
  const ids = [...new Set([...pendingIds(context, text), ...confirmedIds(context, text)])].slice(0, LIMIT);
  const candidates = readCandidates(context, ids);
  if (candidates.length > 0) {
    recordAccess(context, reader.id, [{ action: 'search', customerId: null, context: `found ${candidates.length}` }]);
  }
  return candidates;
}

function pendingIds(context: HostContext, text: string): string[] {
  const { digits } = searchQuery(text);
  const pending = readPendingCustomers(context.outbox, context.seat.country());
  const byName = pending.customers.filter((one) => nameMatches(one.row.name, text)).map((one) => one.row.id);
  const byPhone = pending.contactPoints
    .filter((one) => digits !== null && one.row.value.replaceAll(/\D/g, '').endsWith(digits))
    .map((one) => one.row.customerId);
  return [...byName, ...byPhone];
}

function confirmedIds(context: HostContext, text: string): string[] {
  const { match, digits, customerNumber } = searchQuery(text);
  const { cache } = context;
  const ids = (sql: string, ...params: unknown[]) =>
    (cache.prepare(sql).all(...params) as { id: string }[]).map((row) => row.id);
  const found: string[] = [];
  // The character after every digit and letter that a customer number is made of bounds the range of a prefix.
  if (customerNumber !== null) found.push(...ids(SEARCH.byNumber, customerNumber, `${customerNumber}\uffff`));
  if (digits !== null) {
    found.push(...ids(SEARCH.byNumberDigits, digits, `${digits}\uffff`), ...idsByDigits(context, digits, ids));
  }
  if (match !== null && found.length < LIMIT) found.push(...ids(SEARCH.byName, match));
  return found;
}

function idsByDigits(
  context: HostContext,
  digits: string,
  ids: (sql: string, ...params: unknown[]) => string[],
): string[] {
  if (digits.length <= 8) return ids(SEARCH.byLast4, digits.slice(-4), digits, digits);
  return findByPhone(context.outbox, context.cache, readPhoneNumber(digits, context.seat.country()));
}

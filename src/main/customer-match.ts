import type { ContactPoint } from '../shared/contact-point.ts';
import type { Customer } from '../shared/customer.ts';
import type { CustomerCandidate } from '../shared/customer-360.ts';
import { maskPhone } from '../shared/masking.ts';
import type { PhoneNumber } from '../shared/phone-number.ts';
import { findPendingCustomersByPhone, type PendingRows, readPendingPicks } from '../sync/outbox-reads.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { shownName } from './mask-view.ts';
import { readSameBook, type SameBook } from './same-customer.ts';

/** The statements of the lookup by number; a test asserts that none of them scans. */
export const MATCH = {
  byLast8: 'SELECT customer_id AS id, e164 FROM contact_point WHERE last8 = ?',
  byNumber: 'SELECT id FROM customer WHERE customer_number = ?',
  picks: 'SELECT customer_id AS id FROM phone_pick WHERE e164 = ? ORDER BY version DESC',
  exists: 'SELECT 1 AS one FROM customer WHERE id = ?',
  phones: 'SELECT data FROM contact_point WHERE customer_id = ?',
  lastContact: 'SELECT started_at AS at FROM interaction WHERE customer_id = ? ORDER BY started_at DESC LIMIT 1',
  customer: 'SELECT data FROM customer WHERE id = ?',
} as const;

/** What a pick is remembered by: the number in E.164, or as it was dialled where it is none. */
export function pickKey(phone: PhoneNumber): string {
  return phone.e164 ?? phone.digits.slice(0, 20);
}

/**
 * Ids of the customers who have this number, pending ones included. The last eight digits find them, whatever way the number
 * was written; where both sides are full numbers, they must be the same one.
 */
export function findByPhone(
  outbox: ReadableDb,
  cache: ReadableDb,
  phone: PhoneNumber,
  book?: SameBook | undefined,
): string[] {
  if (phone.last8 === null) return [];
  const pending = findPendingCustomersByPhone(outbox, { last8: phone.last8, e164: phone.e164 });
  const points = cache.prepare(MATCH.byLast8).all(phone.last8) as { id: string; e164: string | null }[];
  const exact = points.filter((point) => point.e164 !== null && point.e164 === phone.e164);
  const loose = points.filter((point) => point.e164 === null || phone.e164 === null);
  const found = [...(exact.length > 0 ? exact : loose).map((point) => point.id), ...pending];
  return livePeople(outbox, cache, found, book);
}

/** Each person once: whoever was merged is the one who has all that was theirs. `book` where the act has read it already. */
export function livePeople(
  outbox: ReadableDb,
  cache: ReadableDb,
  ids: readonly string[],
  book?: SameBook | undefined,
): string[] {
  if (ids.length === 0) return [];
  const { liveId } = book ?? readSameBook(outbox, cache);
  return [...new Set(ids.map(liveId))];
}

/** A customer named by the PBX (X-Customer-Ref): by id, or by the number that the business prints. */
export function findByReference(
  outbox: ReadableDb,
  cache: ReadableDb,
  reference: string,
  book?: SameBook | undefined,
): string | null {
  const isId = cache.prepare(MATCH.exists).get(reference) !== undefined;
  const row = isId ? { id: reference } : (cache.prepare(MATCH.byNumber).get(reference) as { id: string } | undefined);
  return livePeople(outbox, cache, row ? [row.id] : [], book)[0] ?? null;
}

/** Who an agent said it is, when the same number called before; the newest answer that is among the candidates. */
export function rememberedPick(
  outbox: ReadableDb,
  cache: ReadableDb,
  phone: PhoneNumber,
  candidates: readonly string[],
  book?: SameBook | undefined,
): string | null {
  const key = pickKey(phone);
  const pending = readPendingPicks(outbox, key).map((pick) => pick.row.customerId);
  const confirmed = (cache.prepare(MATCH.picks).all(key) as { id: string }[]).map((row) => row.id);
  const picks = livePeople(outbox, cache, [...pending.reverse(), ...confirmed], book);
  return picks.find((id) => candidates.includes(id)) ?? null;
}

/** Enough of a customer to choose from several, masked. `pending` knows customers created here. */
export function readCandidate(
  cache: ReadableDb,
  customerId: string,
  pending: PendingRows,
  country: string,
): CustomerCandidate | null {
  const row = cache.prepare(MATCH.customer).get(customerId) as { data: string } | undefined;
  const created = pending.customers.find((one) => one.row.id === customerId)?.row;
  const customer = row ? (JSON.parse(row.data) as Customer) : created;
  if (!customer) return null;
  const confirmed = cache.prepare(MATCH.phones).all(customerId) as { data: string }[];
  const points = confirmed.map((point) => JSON.parse(point.data) as ContactPoint);
  const createdPoints = pending.contactPoints.map((one) => one.row).filter((one) => one.customerId === customerId);
  const phones = [...points, ...createdPoints].filter((point) => point.kind === 'phone');
  const phone = phones.find((point) => point.primary) ?? phones[0];
  const last = cache.prepare(MATCH.lastContact).get(customerId) as { at: string } | undefined;
  return {
    id: customer.id,
    name: shownName(customer),
    customerNumber: customer.customerNumber,
    kind: customer.kind,
    tier: customer.tier,
    phone: phone ? maskPhone(phone.e164 ?? phone.value, country) : null,
    phoneLabel: phone?.label ?? null,
    lastContactAt: last?.at ?? null,
  };
}

/** Whose name a mask looks for; null: nobody whom the centre has confirmed here. */
export function readNamed(cache: ReadableDb, customerId: string): Pick<Customer, 'kind' | 'name'> | null {
  const row = cache.prepare(MATCH.customer).get(customerId) as { data: string } | undefined;
  return row ? (JSON.parse(row.data) as Customer) : null;
}

import { type PerhapsSame, SAME_MAX, type SameBy } from '../shared/contract-identity.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { readPendingPicks } from '../sync/outbox-reads.ts';
import { recordAccess } from './access-log.ts';
import { readCandidates } from './customer-360.ts';
import { findByPhone, livePeople, MATCH, pickKey } from './customer-match.ts';
import type { CustomerRows } from './customer-rows.ts';
import type { HostContext } from './host-context.ts';
import { readSameBook, type SameBook } from './same-customer.ts';
import { readWhole } from './whole-customer.ts';

/** So many with one number are a household or a switchboard, not one person. */
const SHARED_FROM = 5;

/** The statements that look for the same person; a test asserts that each uses its index. */
export const DUPLICATES = {
  byEmail: `SELECT DISTINCT customer_id AS id FROM contact_point
            WHERE kind = 'email' AND lower(json_extract(data, '$.value')) = ? LIMIT ${SHARED_FROM}`,
  byBirthday: `SELECT id FROM customer WHERE json_extract(data, '$.birthday') = ?
               AND json_extract(data, '$.birthday') IS NOT NULL AND name = ? LIMIT ${SHARED_FROM}`,
} as const;

/**
 * Who may be the same person: the same number, unless an agent told apart who has it; the same e-mail address; or the same birthday
 * and name. Whoever has most in common first.
 */
export function findDuplicates(context: HostContext, customerId: string): { id: string; by: SameBy[] }[] {
  const { outbox, cache, seat } = context;
  const book = readSameBook(outbox, cache);
  const rows = readWhole(outbox, cache, customerId, { country: seat.country(), book });
  if (!rows || rows.partial) return [];
  const self = rows.customer.id;
  const found = new Map<string, SameBy[]>();
  const add = (by: SameBy, ids: readonly string[]) => {
    const others = livePeople(outbox, cache, ids, book).filter((id) => id !== self);
    // Too many for one person.
    if (others.length + 1 >= SHARED_FROM) return;
    for (const id of others) if (!found.get(id)?.includes(by)) found.set(id, [...(found.get(id) ?? []), by]);
  };
  for (const point of rows.contactPoints) {
    if (point.kind === 'phone') add('phone', othersWithNumber(context, point, book));
    if (point.kind === 'email') add('email', idsOf(context, DUPLICATES.byEmail, point.value.trim().toLowerCase()));
  }
  const { birthday, name } = rows.customer;
  if (birthday !== null) add('birthday_name', idsOf(context, DUPLICATES.byBirthday, birthday, name));
  return [...found]
    .map(([id, by]) => ({ id, by }))
    .filter(({ id }) => isSameKind(context, id, rows.customer.kind))
    .sort((a, b) => b.by.length - a.by.length)
    .slice(0, SAME_MAX);
}

const idsOf = ({ cache }: HostContext, sql: string, ...params: string[]) =>
  (cache.prepare(sql).all(...params) as { id: string | null }[]).flatMap(({ id }) => id ?? []);

/** A remembered pick says that several share it: an agent was asked who of them it is. */
function othersWithNumber(
  { outbox, cache, seat }: HostContext,
  point: CustomerRows['contactPoints'][number],
  book: SameBook,
): string[] {
  const phone = readPhoneNumber(point.e164 ?? point.value, seat.country());
  if (phone.e164 === null) return [];
  const key = pickKey(phone);
  const isShared = readPendingPicks(outbox, key).length > 0 || cache.prepare(MATCH.picks).get(key) !== undefined;
  return isShared ? [] : findByPhone(outbox, cache, phone, book);
}

/** Somebody and the company where they work are two, whatever number they share. */
function isSameKind(context: HostContext, id: string, kind: 'person' | 'company'): boolean {
  return readCandidates(context, [id])[0]?.kind === kind;
}

export interface Identity {
  /** Who may be the same person, masked. Being shown is being seen: logged once a sitting. */
  perhapsSame: (customerId: string) => PerhapsSame[];
}

export function createIdentity(context: HostContext): Identity {
  let sitting = { agentId: '', seen: new Set<string>() };
  return {
    perhapsSame: (customerId) => {
      const reader = context.seat.reader();
      const found = findDuplicates(context, customerId);
      const byId = new Map(found.map(({ id, by }) => [id, by]));
      const candidates = readCandidates(context, [...byId.keys()]);
      if (sitting.agentId !== reader.id) sitting = { agentId: reader.id, seen: new Set() };
      const fresh = candidates.filter(({ id }) => !sitting.seen.has(id));
      for (const { id } of fresh) sitting.seen.add(id);
      const entry = { action: 'view', context: 'perhaps the same person' } as const;
      recordAccess(
        context,
        reader.id,
        fresh.map(({ id }) => ({ ...entry, customerId: id })),
      );
      return candidates.map((one) => ({ ...one, by: byId.get(one.id) ?? [] }));
    },
  };
}

import type { ContactPoint } from '../shared/contact-point.ts';
import { type PeopleAround, type PersonAround, SHARING_MAX } from '../shared/contract-people.ts';
import type { CustomerCandidate, Mark } from '../shared/customer-360.ts';
import { DangolError } from '../shared/errors.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import type { RelationRole, Relationship } from '../shared/relationship.ts';
import { findOperation } from '../sync/outbox.ts';
import { readPendingRelations } from '../sync/pending-relations.ts';
import { recordAccess } from './access-log.ts';
import { readCandidates } from './customer-360.ts';
import { findByPhone } from './customer-match.ts';
import type { HostContext } from './host-context.ts';
import { readSameBook, type SameBook } from './same-customer.ts';
import { idsOf, readWhole } from './whole-customer.ts';
import { writeAct } from './write-act.ts';

/** The statements of who is around whom; a test asserts that each uses its index. */
export const PEOPLE = {
  of: `SELECT relationship.data AS data FROM json_each(?) AS wanted CROSS JOIN relationship
       WHERE relationship.customer_id = wanted.value`,
} as const;

export interface People {
  /** Who is around a customer, masked. Being shown is being seen: logged once a sitting. */
  of: (customerId: string) => PeopleAround;
  add: (act: Pair & { relationId: string; mirrorId: string }) => { mark: Mark };
  remove: (act: Pair) => { mark: Mark };
}
interface Pair {
  customerId: string;
  otherId: string;
  role: RelationRole;
}

export function createPeople(context: HostContext): People {
  let sitting = { agentId: '', seen: new Set<string>() };
  const log = (agentId: string, ids: readonly string[]) => {
    if (sitting.agentId !== agentId) sitting = { agentId, seen: new Set() };
    const fresh = ids.filter((id) => !sitting.seen.has(id));
    for (const id of fresh) sitting.seen.add(id);
    const entries = fresh.map((customerId) => ({ action: 'view', customerId, context: 'people around' }) as const);
    if (entries.length > 0) recordAccess(context, agentId, entries);
  };
  return {
    of: (customerId) => {
      const reader = context.seat.reader();
      const book = readSameBook(context.outbox, context.cache);
      const live = book.liveId(customerId);
      const relations = relationsOf(context, live, book);
      const related = new Set(relations.map(({ otherId }) => otherId));
      const shared = sharingOf(context, live, book).filter(([id]) => !related.has(id));
      const shown = shared.slice(0, SHARING_MAX);
      const candidates = readCandidates(context, [...related, ...shown.map(([id]) => id)]);
      const known = new Map(candidates.map((one): [string, CustomerCandidate] => [one.id, one]));
      log(reader.id, [...known.keys()]);
      return {
        relations: relations.map(({ otherId, role, mark }) => ({
          ...{ otherId, role, mark },
          customer: known.get(otherId) ?? null,
        })),
        sharing: shown.flatMap(([id, contactPointId]) => {
          const customer = known.get(id);
          return customer ? [{ customer, contactPointId }] : [];
        }),
        more: shared.length - shown.length,
      };
    },
    add: (act) => addRelation(context, act),
    remove: (act) => removeRelation(context, act),
  };
}

type Around = Omit<PersonAround, 'customer'> & { rowIds: string[] };

/** By who the other one is now, each role once: two who were merged may have had the same one around them. */
function relationsOf(context: HostContext, live: string, book: SameBook): Around[] {
  const { outbox, cache } = context;
  const { added, removed } = readPendingRelations(outbox);
  const ids = idsOf(book, live);
  const confirmed = (cache.prepare(PEOPLE.of).all(JSON.stringify(ids)) as { data: string }[]).map(
    ({ data }) => JSON.parse(data) as Relationship,
  );
  const there = new Set(confirmed.map(({ id }) => id));
  const here = added.filter((row) => ids.includes(row.customerId) && !there.has(row.id));
  const all = [...confirmed.map((row) => ({ ...row, mark: 'centre' as Mark })), ...here];
  const found = new Map<string, Around>();
  for (const { id, mirrorId, otherId, role, mark } of all) {
    const other = book.liveId(otherId);
    if (other === live || removed.has(id) || removed.has(mirrorId)) continue;
    const key = `${other} ${role}`;
    const known = found.get(key);
    if (known) known.rowIds.push(id);
    else found.set(key, { otherId: other, role, mark, rowIds: [id] });
  }
  return [...found.values()];
}

/** Who else has one of the customer's numbers, and which of them. */
function sharingOf({ outbox, cache, seat }: HostContext, live: string, book: SameBook): [string, string][] {
  const country = seat.country();
  const rows = readWhole(outbox, cache, live, { country, book });
  const found = new Map<string, string>();
  for (const point of rows?.contactPoints.filter(isPhone) ?? []) {
    const phone = readPhoneNumber(point.e164 ?? point.value, country);
    if (phone.e164 === null) continue;
    for (const id of findByPhone(outbox, cache, phone, book))
      if (id !== live && !found.has(id)) found.set(id, point.id);
  }
  return [...found];
}

const isPhone = ({ kind }: ContactPoint) => kind === 'phone';

/** @throws NOT_FOUND: one of them is not on this desk. BAD_INPUT: they are one. */
function addRelation(context: HostContext, act: Pair & { relationId: string; mirrorId: string }): { mark: Mark } {
  const author = context.seat.reader();
  if (findOperation(context.outbox, 'relation.add', act.relationId)) return { mark: 'here' };
  const book = readSameBook(context.outbox, context.cache);
  const [customerId, otherId] = [book.liveId(act.customerId), book.liveId(act.otherId)];
  if (customerId === otherId) throw new DangolError('BAD_INPUT', 'check-input');
  if (readCandidates(context, [customerId, otherId]).length < 2) throw new DangolError('NOT_FOUND', 'none');
  const changes = [customerId, otherId];
  // Said before, by whomever: it stays one.
  if (relationsOf(context, customerId, book).some((one) => one.otherId === otherId && one.role === act.role)) {
    return { mark: 'centre' };
  }
  const { relationId, mirrorId, role } = act;
  writeAct(context, author, { kind: 'relation.add', relationId, mirrorId, customerId, otherId, role }, { changes });
  return { mark: 'here' };
}

/** @throws NOT_FOUND: it was removed meanwhile. */
function removeRelation(context: HostContext, act: Pair): { mark: Mark } {
  const author = context.seat.reader();
  const book = readSameBook(context.outbox, context.cache);
  const [customerId, otherId] = [book.liveId(act.customerId), book.liveId(act.otherId)];
  const found = relationsOf(context, customerId, book).find((one) => one.otherId === otherId && one.role === act.role);
  if (!found) throw new DangolError('NOT_FOUND', 'none');
  const changes = [customerId, otherId];
  writeAct(context, author, { kind: 'relation.remove', customerId, relationIds: found.rowIds }, { changes });
  return { mark: 'here' };
}

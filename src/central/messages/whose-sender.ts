import { type Kysely, sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import { byPhone } from '../customer-lookup.ts';
import type { CentralTables } from '../db/tables.ts';
import { liveCustomerId } from '../merged.ts';
import { findRecord } from '../records.ts';
import { BUSINESS } from '../scope.ts';
import { readSetting } from '../settings.ts';
import { caseNamed, ownersOf, type Whose } from './whose.ts';

type Db = Kysely<CentralTables>;

/** Who wrote in a form or to a service, as far as it says. */
export interface Sender {
  source: string;
  /** As the service names them. */
  sender: string | null;
  conversation: string | null;
  email: string | null;
  phone: string | null;
  /** Only of services, which know who signed in there. */
  customerNumber: string | null;
  subject: string | null;
}

/**
 * The customer whose number the service says; else whoever this conversation, or this person in this service, was before; else the
 * one customer who has the number and the address, as with calls and mails: all that was given. Several, number and address of
 * different people, or one of the two that nobody has: nobody, and an agent says whose it is.
 */
export async function whoseSender(db: Db, from: Sender): Promise<Whose> {
  const earlier = await earlierOf(db, from);
  const customerId =
    (await numbered(db, from.customerNumber)) ??
    (await living(db, earlier.customerId)) ??
    (await ownerOfBoth(db, from));
  const named = await caseNamed(db, from.subject);
  return {
    customerId,
    // What belongs to somebody else is not told of here.
    answers: earlier.ofCustomer === null || earlier.ofCustomer === customerId ? earlier.id : null,
    caseId: named && customerId !== null && named.customerId === customerId ? named.id : null,
  };
}

async function numbered(db: Db, customerNumber: string | null): Promise<Id | null> {
  if (!customerNumber) return null;
  const found = await findRecord(db, 'customer', 'customerNumber', customerNumber);
  return found ? liveCustomerId(db, found.id) : null;
}

const living = (db: Db, id: Id | null) => (id === null ? null : liveCustomerId(db, id));

async function ownerOfBoth(db: Db, { email, phone }: Sender): Promise<Id | null> {
  const { policy } = await readSetting(db, 'business');
  const page = { after: null, limit: 20 };
  const byNumber = phone ? (await byPhone(db, BUSINESS, phone, policy.country, page)).map(({ id }) => id) : null;
  const byAddress = email ? await ownersOf(db, email) : null;
  // Of two that are given both must fit: whoever types somebody's number beside an own address would else hear what is theirs.
  const among = byNumber && byAddress ? byAddress.filter((id) => byNumber.includes(id)) : (byNumber ?? byAddress ?? []);
  return among.length === 1 ? (among[0] ?? null) : null;
}

interface Earlier {
  /** The last one of the conversation, theirs or ours, and whose it is. */
  id: Id | null;
  ofCustomer: Id | null;
  /** Whom this person was last. */
  customerId: Id | null;
}

async function earlierOf(db: Db, { source, sender, conversation }: Sender): Promise<Earlier> {
  const last = conversation === null ? null : await lastOf(db, source, conversation);
  // In a conversation of several people each is somebody else.
  const same = last?.customerId != null && (sender === null || last.sender === null || last.sender === sender);
  const customerId = same ? last.customerId : sender === null ? null : await lastlyWas(db, source, sender);
  const ofCustomer = last?.customerId ?? null;
  return { id: last?.id ?? null, ofCustomer: ofCustomer && (await liveCustomerId(db, ofCustomer)), customerId };
}

async function lastOf(
  db: Db,
  source: string,
  conversation: string,
): Promise<{ id: Id; customerId: Id | null; sender: string | null } | null> {
  const { rows } = await sql<{ id: Id; customerId: Id | null; sender: string | null }>`
    WITH theirs AS (
      SELECT interaction_id AS id, sender, taken_at AS at FROM taken_message
      WHERE source = ${source} AND conversation = ${conversation} ORDER BY taken_at DESC LIMIT 50
    ), said AS (
      SELECT id, sender, at FROM theirs
      UNION ALL
      SELECT o.id, theirs.sender, o.begun_at FROM outgoing_message o JOIN theirs ON o.answers = theirs.id
        WHERE o.source = ${source}
    )
    SELECT said.id::text, said.sender, r.customer_id::text AS "customerId" FROM said
    JOIN record r ON r.tbl = 'interaction' AND r.id = said.id AND NOT r.deleted
    ORDER BY said.at DESC LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

async function lastlyWas(db: Db, source: string, sender: string): Promise<Id | null> {
  const { rows } = await sql<{ customerId: Id }>`
    SELECT r.customer_id::text AS "customerId" FROM taken_message t
    JOIN record r ON r.tbl = 'interaction' AND r.id = t.interaction_id AND NOT r.deleted AND r.customer_id IS NOT NULL
    WHERE t.source = ${source} AND t.sender = ${sender} ORDER BY t.taken_at DESC LIMIT 1`.execute(db);
  return rows[0]?.customerId ?? null;
}

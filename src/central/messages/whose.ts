import { type Kysely, sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { CentralTables } from '../db/tables.ts';
import { liveCustomerId } from '../merged.ts';

type Db = Kysely<CentralTables>;

/** Whose a message is, and what it belongs to. */
export interface Whose {
  customerId: Id | null;
  answers: Id | null;
  caseId: Id | null;
}

/**
 * As with the numbers of calls: one customer has the address, and it is theirs. Of several, the one whose correspondence it
 * continues or whose case it names. Nobody: whoever we wrote to, where it answers a mail of ours; a case's number alone proves
 * nothing, it can be guessed.
 */
export async function whoseIs(
  db: Db,
  { from, follows, subject }: { from: string | null; follows: readonly string[]; subject: string | null },
): Promise<Whose> {
  const owners = from === null ? [] : await ownersOf(db, from);
  const earlier = await followed(db, follows);
  const named = await caseNamed(db, subject);
  const [only] = owners;
  const ours = earlier?.ours ? earlier.customerId : null;
  const among = [earlier?.customerId, named?.customerId].find((id) => id != null && owners.includes(id)) ?? null;
  const customerId = owners.length === 1 ? (only ?? null) : owners.length > 1 ? among : ours;
  // What belongs to somebody else is not told of here.
  const fits = (other: Id | null | undefined) => other === null || other === customerId;
  return {
    customerId,
    answers: earlier && fits(earlier.customerId) ? earlier.id : null,
    caseId: named && customerId !== null && named.customerId === customerId ? named.id : null,
  };
}

/** Living customers with this address. */
export async function ownersOf(db: Db, address: string): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT DISTINCT customer_id::text AS id FROM record_contact_point
    WHERE lower(data->>'value') = ${address.toLowerCase()} AND data->>'kind' = 'email' AND NOT deleted
    ORDER BY 1 LIMIT 20`.execute(db);
  return livingOf(
    db,
    rows.map(({ id }) => id),
  );
}

/** Whoever was merged counts as the one who has all that was theirs. */
async function livingOf(db: Db, ids: readonly Id[]): Promise<Id[]> {
  const living = new Set<Id>();
  for (const id of ids) living.add(await liveCustomerId(db, id));
  return [...living];
}

interface Earlier {
  id: Id;
  customerId: Id | null;
  ours: boolean;
}

/** The nearest mail that it follows, of those that we know. */
async function followed(db: Db, follows: readonly string[]): Promise<Earlier | null> {
  if (follows.length === 0) return null;
  const names = JSON.stringify(follows);
  const { rows } = await sql<Earlier & { name: string }>`
    WITH wanted AS (SELECT jsonb_array_elements_text(${names}::jsonb) AS name), known AS (
      SELECT t.interaction_id AS id, t.message_id AS name, false AS ours FROM taken_message t JOIN wanted w ON w.name = t.message_id
      UNION ALL
      SELECT o.id, o.message_id, true FROM outgoing_message o JOIN wanted w ON w.name = o.message_id
    )
    SELECT known.id::text, known.name, known.ours, r.customer_id::text AS "customerId" FROM known
    JOIN record r ON r.tbl = 'interaction' AND r.id = known.id AND NOT r.deleted LIMIT 200`.execute(db);
  const nearest = follows.map((name) => rows.find((row) => row.name === name)).find((row) => row !== undefined);
  return nearest ?? null;
}

export async function caseNamed(db: Db, subject: string | null): Promise<{ id: Id; customerId: Id } | null> {
  const number = /\bCS-\d{4}-\d{5,}\b/i.exec(subject ?? '')?.[0].toUpperCase();
  if (!number) return null;
  const { rows } = await sql<{ id: Id; customerId: Id }>`
    SELECT id::text, customer_id::text AS "customerId" FROM record
    WHERE tbl = 'case' AND NOT deleted AND data->>'number' = ${number} LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

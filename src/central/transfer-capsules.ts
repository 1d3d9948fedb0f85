import { sql } from 'kysely';
import type { Id } from '../shared/ids.ts';
import type { OpenedCapsule, TransferCapsule } from '../shared/transfer-capsule.ts';
import { type Clock, instant } from './clock.ts';
import type { Db } from './db/store.ts';
import { readRecord } from './records.ts';

/**
 * Keeps a capsule for a day. The same id again changes nothing, also not for somebody else. Whoever was erased leaves no
 * capsule behind (erase.ts), and gets none.
 */
export async function keepCapsule(db: Db, clock: Clock, agentId: Id, capsule: TransferCapsule): Promise<void> {
  const { id, callId, customerId, note } = capsule;
  await sql`
    INSERT INTO transfer_capsule (id, at, agent_id, customer_id, call_id, note)
    SELECT ${id}::uuid, ${instant(clock)}::timestamptz, ${agentId}::uuid, ${customerId}::uuid, ${callId}::uuid, ${note}
    WHERE NOT EXISTS (SELECT 1 FROM erased_customer WHERE customer_id = ${customerId}::uuid)
    ON CONFLICT (id) DO NOTHING`.execute(db);
}

/** What is older than a day is no longer anybody's to read, and need not lie there. */
export async function dropOldCapsules(db: Db, clock: Clock): Promise<void> {
  await sql`DELETE FROM transfer_capsule WHERE at < ${instant(clock)}::timestamptz - interval '1 day'`.execute(db);
}

/** null: never kept, older than a day, or erased. */
export async function readCapsule(db: Db, clock: Clock, id: Id): Promise<OpenedCapsule | null> {
  const { rows } = await sql<Omit<OpenedCapsule, 'fromName'> & { agentId: Id }>`
    SELECT id::text, call_id::text AS "callId", customer_id::text AS "customerId", note, agent_id::text AS "agentId",
      to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
    FROM transfer_capsule
    WHERE id = ${id}::uuid AND at >= ${instant(clock)}::timestamptz - interval '1 day'`.execute(db);
  const [row] = rows;
  if (!row) return null;
  const { agentId, ...capsule } = row;
  return { ...capsule, fromName: (await readRecord(db, 'agent', agentId))?.name ?? '' };
}

import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { type AccessLogEntry, accessEntryText } from '../../shared/access-log.ts';
import type { CentralTables } from '../db/tables.ts';
import type { Effect } from './effect.ts';

const FIRST_PREVIOUS = '0'.repeat(64);

/** Why an entry does not continue its desk's chain; null when it does. */
async function faultOf(trx: Kysely<CentralTables>, entry: AccessLogEntry): Promise<string | null> {
  const hash = createHash('sha256').update(accessEntryText(entry)).digest('hex');
  if (hash !== entry.hash) return 'hash';
  const { rows } = await sql<{ seq: string; hash: string }>`
    SELECT seq::text, hash FROM access_log
    WHERE device_id = ${entry.deviceId} AND seq IN (${entry.seq - 1}, ${entry.seq}) AND id <> ${entry.id}`.execute(trx);
  if (rows.some((row) => Number(row.seq) === entry.seq)) return 'number used twice';
  const before = rows.filter((row) => Number(row.seq) === entry.seq - 1);
  if (entry.seq === 1) return entry.previousHash === FIRST_PREVIOUS ? null : 'first entry has a predecessor';
  if (before.length === 0) return 'predecessor missing';
  return before.some((row) => row.hash === entry.previousHash) ? null : 'predecessor differs';
}

/** The desk's access log. A broken chain is what an auditor must see: it is stored and flagged, never refused. */
export const recordAccess: Effect<'access.record'> = async ({ trx, operation, now }, { entries }) => {
  for (const entry of entries) {
    const fault = await faultOf(trx, entry);
    await sql`
      INSERT INTO access_log (id, device_id, seq, at, agent_id, action, customer_id, context, previous_hash, hash, fault,
        op_id, received_at)
      VALUES (${entry.id}, ${entry.deviceId}, ${entry.seq}, ${entry.at}, ${entry.agentId}, ${entry.action},
        ${entry.customerId}, ${entry.context}, ${entry.previousHash}, ${entry.hash}, ${fault}, ${operation.opId}, ${now})
      ON CONFLICT (id) DO NOTHING`.execute(trx);
  }
  return [];
};

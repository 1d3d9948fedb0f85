import { sql } from 'kysely';
import type { Id } from '../shared/ids.ts';
import { type Clock, instant } from './clock.ts';
import { withRetry } from './db/database-error.ts';
import type { Db } from './db/store.ts';

/** Rows of one customer that become deletions in one transaction; more of them take several. */
const AT_ONCE = 5000;

/**
 * Erases a customer: every row of theirs becomes a deletion without data, what operations and history kept of them goes too,
 * and no later operation brings them back. Repeating it erases what is left, usually nothing.
 * @returns how many rows became deletions.
 */
export async function eraseCustomer(db: Db, clock: Clock, customerId: Id, by: string): Promise<number> {
  let erasedRows = 0;
  for (;;) {
    const inThisRound = await withRetry(() => eraseSome(db, clock, customerId, by));
    erasedRows += inThisRound;
    if (inThisRound < AT_ONCE) return erasedRows;
  }
}

function eraseSome(db: Db, clock: Clock, customerId: Id, by: string): Promise<number> {
  return db.transaction().execute(async (trx) => {
    // Waits for acts on this customer that are under way; those that come later find the mark.
    await sql`SELECT 1 FROM record WHERE tbl = 'customer' AND id = ${customerId} FOR UPDATE`.execute(trx);
    await sql`
        INSERT INTO erased_customer (customer_id, erased_at, erased_by) VALUES (${customerId}, ${instant(clock)}, ${by})
        ON CONFLICT DO NOTHING`.execute(trx);
    await sql`DELETE FROM customer_assignment WHERE customer_id = ${customerId}`.execute(trx);
    await sql`DELETE FROM transfer_capsule WHERE customer_id = ${customerId}`.execute(trx);
    await forgetActs(trx, customerId);
    const { rows } = await sql<{ n: number }>`
        WITH theirs AS (
          SELECT tbl, id FROM record WHERE customer_id = ${customerId} AND NOT deleted ORDER BY tbl, id LIMIT ${AT_ONCE}
        ), gone AS (
          UPDATE record r SET deleted = true, data = NULL, version = r.version + 1, xid = pg_current_xact_id(),
            seq = nextval('record_seq')
          FROM theirs WHERE r.tbl = theirs.tbl AND r.id = theirs.id RETURNING 1
        ) SELECT count(*)::int AS n FROM gone`.execute(trx);
    return rows[0]?.n ?? 0;
  });
}

/** What operations brought of this customer and what they were answered. A repeat of one of them hears ERASED. */
async function forgetActs(trx: Db, customerId: Id): Promise<void> {
  await sql`
    UPDATE operation o SET payload = NULL, status = 'rejected', reply = json_build_object(
      'opId', o.op_id, 'status', 'rejected', 'code', 'ERASED', 'detail', 'the customer was erased')::text
    WHERE o.kind IS NOT NULL AND (o.customer_id = ${customerId}
      OR o.row_id IN (SELECT id FROM record WHERE customer_id = ${customerId}))`.execute(trx);
  await sql`UPDATE held_work SET customer_id = NULL WHERE customer_id = ${customerId}`.execute(trx);
  await sql`DELETE FROM discarded_work WHERE customer_id = ${customerId}`.execute(trx);
  await sql`DELETE FROM record_history WHERE customer_id = ${customerId}`.execute(trx);
}

import { type RawBuilder, sql } from 'kysely';
import type { Id } from '../shared/ids.ts';
import { type Clock, instant } from './clock.ts';
import { withRetry } from './db/database-error.ts';
import type { Db } from './db/store.ts';
import { liveCustomerId } from './merged.ts';

/** Rows of one customer that become deletions in one transaction; more of them take several. */
const AT_ONCE = 5000;

/**
 * Erases a person: the customer who has all that is theirs now, and everybody who was merged into that one.
 * @returns how many rows became deletions.
 */
export async function eraseCustomer(db: Db, clock: Clock, customerId: Id, by: string): Promise<number> {
  const live = await liveCustomerId(db, customerId);
  let erasedRows = await eraseOne(db, clock, live, by);
  // They were merged into somebody else at this very moment.
  const heir = await liveCustomerId(db, live);
  if (heir !== live) return erasedRows + (await eraseCustomer(db, clock, heir, by));
  // From now on nobody is merged into them any more.
  for (const gone of await mergesOf(db, live)) erasedRows += await eraseGone(db, clock, gone, by);
  return erasedRows;
}

async function eraseGone(db: Db, clock: Clock, customerId: Id, by: string): Promise<number> {
  const others = await mergesOf(db, customerId);
  let erasedRows = await eraseOne(db, clock, customerId, by);
  for (const other of others) erasedRows += await eraseGone(db, clock, other, by);
  return erasedRows;
}

/** Who was merged into this customer directly, also where their rows are gone: a repeat goes on where it was cut. */
async function mergesOf(db: Db, customerId: Id): Promise<Id[]> {
  const { rows } = await sql<{ gone: Id }>`
    SELECT gone::text FROM customer_merge WHERE kept = ${customerId} AND undone_at IS NULL ORDER BY gone`.execute(db);
  return rows.map(({ gone }) => gone);
}

/**
 * Erases one customer: every row of theirs becomes a deletion without data, what operations and history kept of them goes too,
 * and no later operation brings them back. Repeating it erases what is left, usually nothing.
 * @returns how many rows became deletions.
 */
async function eraseOne(db: Db, clock: Clock, customerId: Id, by: string): Promise<number> {
  let erasedRows = 0;
  for (;;) {
    const inThisRound = await withRetry(() => eraseSome(db, clock, customerId, by));
    erasedRows += inThisRound.erasedRows;
    if (!inThisRound.isMore) return erasedRows;
  }
}

function eraseSome(db: Db, clock: Clock, customerId: Id, by: string): Promise<{ erasedRows: number; isMore: boolean }> {
  return db.transaction().execute(async (trx) => {
    // Waits for acts on this customer that are under way; those that come later find the mark.
    await sql`SELECT 1 FROM record WHERE tbl = 'customer' AND id = ${customerId} FOR UPDATE`.execute(trx);
    await sql`
        INSERT INTO erased_customer (customer_id, erased_at, erased_by) VALUES (${customerId}, ${instant(clock)}, ${by})
        ON CONFLICT DO NOTHING`.execute(trx);
    await sql`DELETE FROM customer_assignment WHERE customer_id = ${customerId}`.execute(trx);
    await sql`DELETE FROM transfer_capsule WHERE customer_id = ${customerId}`.execute(trx);
    await sql`
      DELETE FROM customer_import_row WHERE customer_number =
        (SELECT data->>'customerNumber' FROM record WHERE tbl = 'customer' AND id = ${customerId})`.execute(trx);
    await forgetActs(trx, customerId);
    await forgetMessages(trx, customerId);
    const untied = await forgetUntied(trx, customerId);
    const { rows } = await sql<{ n: number; own: number }>`
        WITH own AS (
          SELECT tbl, id FROM record WHERE customer_id = ${customerId} AND NOT deleted ORDER BY tbl, id LIMIT ${AT_ONCE}
        ), theirs AS (
          SELECT tbl, id FROM own
          UNION
          -- What is said of them beside others.
          SELECT tbl, id FROM record WHERE tbl = 'relationship' AND NOT deleted AND data->>'otherId' = ${customerId}
        ), gone AS (
          UPDATE record r SET deleted = true, data = NULL, version = r.version + 1, xid = pg_current_xact_id(),
            seq = nextval('record_seq')
          FROM theirs WHERE r.tbl = theirs.tbl AND r.id = theirs.id RETURNING 1
        ) SELECT count(*)::int AS n, (SELECT count(*)::int FROM own) AS own FROM gone`.execute(trx);
    // Only their own rows are taken in parts: those of others beside them say nothing of whether there is more.
    return { erasedRows: (rows[0]?.n ?? 0) + untied, isMore: rows[0]?.own === AT_ONCE };
  });
}

/** What operations brought of this customer and what they were answered. A repeat of one of them hears ERASED. */
async function forgetActs(trx: Db, customerId: Id): Promise<void> {
  await sql`
    UPDATE operation o SET payload = NULL, status = 'rejected', reply = json_build_object(
      'opId', o.op_id, 'status', 'rejected', 'code', 'ERASED', 'detail', 'the customer was erased')::text
    WHERE o.kind IS NOT NULL AND (o.customer_id = ${customerId}
      OR o.row_id IN (SELECT id FROM record WHERE customer_id = ${customerId})
      OR (o.kind = 'customer.merge' AND o.payload->>'goneId' = ${customerId})
      OR (o.kind = 'relation.add' AND o.payload->>'otherId' = ${customerId}))`.execute(trx);
  await forgetMerges(trx, customerId);
  await sql`UPDATE held_work SET customer_id = NULL WHERE customer_id = ${customerId}`.execute(trx);
  await sql`DELETE FROM discarded_work WHERE customer_id = ${customerId}`.execute(trx);
  // A row of the history names whom the row belonged to before: also what was written down with somebody else first goes.
  await sql`
    DELETE FROM record_history WHERE customer_id = ${customerId}
      OR (tbl, id) IN (SELECT tbl, id FROM record WHERE customer_id = ${customerId})`.execute(trx);
}

/** The sources of what they wrote, and what was still to be sent to them. That a mail was taken stays: it does not come again. */
async function forgetMessages(trx: Db, customerId: Id): Promise<void> {
  await sql`DELETE FROM outgoing_message WHERE customer_id = ${customerId}
    OR id IN (SELECT id FROM record WHERE tbl = 'interaction' AND customer_id = ${customerId})`.execute(trx);
  await sql`
    UPDATE taken_message SET raw = NULL, message_id = NULL, refs = NULL, sender = NULL, conversation = NULL
    WHERE interaction_id IN (SELECT id FROM record WHERE tbl = 'interaction' AND customer_id = ${customerId})`.execute(
    trx,
  );
}

/**
 * What they wrote and nobody tied to them: by address and number, where no other customer has it. Before their addresses go, in the same
 * transaction. @returns how many rows became deletions.
 */
async function forgetUntied(trx: Db, customerId: Id): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH theirs AS (${untiedOf(customerId)}), gone AS (
      UPDATE record r SET deleted = true, data = NULL, version = r.version + 1, xid = pg_current_xact_id(),
        seq = nextval('record_seq')
      WHERE r.tbl = 'interaction' AND r.id IN (SELECT id FROM theirs) RETURNING r.id
    ), sources AS (
      UPDATE taken_message SET raw = NULL, message_id = NULL, refs = NULL, sender = NULL, conversation = NULL
      WHERE interaction_id IN (SELECT id FROM gone)
    ), history AS (
      DELETE FROM record_history WHERE tbl = 'interaction' AND id IN (SELECT id FROM gone)
    ) SELECT count(*)::int AS n FROM gone`.execute(trx);
  return rows[0]?.n ?? 0;
}

/** Its ids, each by an index: there may be millions of contacts. A test asserts that. */
export function untiedOf(customerId: Id): RawBuilder<{ id: Id }> {
  const point = (row: string) =>
    sql`${sql.ref(`${row}.tbl`)} = 'contact_point' AND NOT ${sql.ref(`${row}.deleted`)} AND ${sql.ref(`${row}.customer_id`)}`;
  const untied = sql`r.tbl = 'interaction' AND r.customer_id IS NULL AND r.data->'message' IS NOT NULL AND NOT r.deleted`;
  return sql`
    SELECT r.id FROM record p JOIN record r ON ${untied} AND lower(r.data->'message'->>'address') = lower(p.data->>'value')
    WHERE ${point('p')} = ${customerId} AND p.data->>'kind' = 'email' AND NOT EXISTS (
      SELECT FROM record o WHERE ${point('o')} <> ${customerId} AND o.data->>'kind' = 'email'
        AND lower(o.data->>'value') = lower(p.data->>'value'))
    UNION
    SELECT r.id FROM record p JOIN record r ON ${untied}
      AND right(regexp_replace(r.data->'message'->>'phone', '[^0-9]', '', 'g'), 8) = p.data->>'last8'
    WHERE ${point('p')} = ${customerId} AND p.data->>'last8' IS NOT NULL AND NOT EXISTS (
      SELECT FROM record o WHERE ${point('o')} <> ${customerId} AND reverse(o.data->>'last8') = reverse(p.data->>'last8'))`;
}

/** What merges kept to be taken back: the words go, that there was a merge stays (a repeated erasure has to find the other one). */
async function forgetMerges(trx: Db, customerId: Id): Promise<void> {
  await sql`
    DELETE FROM customer_merge_row WHERE merge_id IN (
      SELECT id FROM customer_merge WHERE kept = ${customerId} OR gone = ${customerId})`.execute(trx);
  await sql`
    UPDATE customer_merge SET kept_before = '{}', kept_after = '{}'
    WHERE kept = ${customerId} OR gone = ${customerId}`.execute(trx);
}

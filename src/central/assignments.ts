import { type Kysely, sql } from 'kysely';
import type { Id } from '../shared/ids.ts';
import { type Clock, instant } from './clock.ts';
import { withRetry } from './db/database-error.ts';
import type { Db } from './db/store.ts';
import type { CentralTables } from './db/tables.ts';

/** How long whom an agent dealt with stays on their desk. */
const RECENT_DAYS = 30;
/** Rows that fall away in one transaction. */
const AT_ONCE = 500;

export interface Assignment {
  holder: Id;
  customerId: Id;
  reason: 'assigned' | 'list' | 'recent';
  list: string;
}

/** Puts a customer on the desks of a holder. New to them, all of the customer's rows come along with the feed. */
export async function assign(trx: Kysely<CentralTables>, one: Assignment, until: string | null): Promise<void> {
  const { rows: before } = await sql`
    SELECT 1 FROM customer_assignment WHERE holder = ${one.holder} AND customer_id = ${one.customerId} LIMIT 1`.execute(
    trx,
  );
  await sql`
    INSERT INTO customer_assignment (holder, customer_id, reason, list, until)
    VALUES (${one.holder}, ${one.customerId}, ${one.reason}, ${one.list}, ${until})
    ON CONFLICT (holder, customer_id, reason, list) DO UPDATE SET until = excluded.until`.execute(trx);
  if (before.length === 0) await bringToFeed(trx, one.customerId);
}

/**
 * Whoever has the one customer on their desk gets the other one: they are, or were, one person, and what goes from one to the other
 * must not vanish there.
 */
export async function assignAlike(trx: Kysely<CentralTables>, from: Id, to: Id): Promise<void> {
  const { rows } = await sql<Assignment & { until: Date | null }>`
    SELECT a.holder::text, a.reason, a.list, a.until FROM customer_assignment a
    WHERE a.customer_id = ${from} AND NOT EXISTS (
      SELECT FROM customer_assignment b WHERE b.holder = a.holder AND b.customer_id = ${to})
    ORDER BY a.holder, a.reason, a.list`.execute(trx);
  for (const { holder, reason, list, until } of rows) {
    await assign(trx, { holder, customerId: to, reason, list }, until?.toISOString() ?? null);
  }
}

/** Takes the customer from the holder's desks, unless another reason keeps them there. */
export async function unassign(trx: Kysely<CentralTables>, one: Assignment): Promise<void> {
  const { rows } = await sql`
    DELETE FROM customer_assignment WHERE holder = ${one.holder} AND customer_id = ${one.customerId}
      AND reason = ${one.reason} AND list = ${one.list} RETURNING 1`.execute(trx);
  if (rows.length > 0) await depart(trx, one.holder, one.customerId);
}

/** An act of an agent about a customer: for a while, the customer is one of theirs. Part of the act's transaction. */
export async function dealtWith(trx: Kysely<CentralTables>, agentId: Id, customerId: Id, now: string): Promise<void> {
  const until = new Date(Date.parse(now) + RECENT_DAYS * 86_400_000).toISOString();
  await assign(trx, { holder: agentId, customerId, reason: 'recent', list: '' }, until);
}

/** Ends what has run out. @returns how many assignments that were. */
export async function expireAssignments(db: Db, clock: Clock): Promise<number> {
  for (let all = 0; ; ) {
    const ended = await withRetry(() =>
      db.transaction().execute(async (trx) => {
        const { rows } = await sql<{ holder: Id; customer_id: Id }>`
          DELETE FROM customer_assignment WHERE (holder, customer_id, reason, list) IN (
            SELECT holder, customer_id, reason, list FROM customer_assignment WHERE until < ${instant(clock)}
            ORDER BY holder, customer_id LIMIT ${AT_ONCE}
          ) RETURNING holder::text, customer_id::text`.execute(trx);
        for (const { holder, customer_id } of rows) await depart(trx, holder, customer_id);
        return rows.length;
      }),
    );
    all += ended;
    if (ended < AT_ONCE) return all;
  }
}

/**
 * Everything of a customer once more, as the newest change: versions grow, so that a desk that let them go takes them back. The
 * customer first, their rows after it.
 */
async function bringToFeed(trx: Kysely<CentralTables>, customerId: Id): Promise<void> {
  for (const first of [sql`tbl = 'customer'`, sql`tbl <> 'customer'`]) {
    await sql`
      UPDATE record SET version = version + 1, xid = pg_current_xact_id(), seq = nextval('record_seq')
      WHERE customer_id = ${customerId} AND NOT deleted AND ${first}`.execute(trx);
  }
}

/**
 * The customer's version grows with it: what a desk is told to remove is newer than what it has. Its place is before the row's
 * own: no cursor may name a place behind the last row, or it would look like one of a newer database.
 */
async function depart(trx: Kysely<CentralTables>, holder: Id, customerId: Id): Promise<void> {
  const { rows: left } = await sql`
    SELECT 1 FROM customer_assignment WHERE holder = ${holder} AND customer_id = ${customerId} LIMIT 1`.execute(trx);
  if (left.length > 0) return;
  await sql`
    WITH place AS MATERIALIZED (SELECT nextval('record_seq') AS seq), moved AS (
      UPDATE record r SET version = r.version + 1, xid = pg_current_xact_id(), seq = nextval('record_seq')
      FROM place WHERE r.tbl = 'customer' AND r.id = ${customerId} AND NOT r.deleted RETURNING r.version, place.seq AS before
    )
    INSERT INTO scope_departure (holder, customer_id, version, xid, seq)
    SELECT ${holder}, ${customerId}, version, pg_current_xact_id(), before FROM moved`.execute(trx);
}

import { sql } from 'kysely';
import { type Clock, instant } from '../clock.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';

/** A reply is repeated byte for byte at least so long; a desk keeps what was acknowledged for 7 days. */
const REPLY_DAYS = 30;
/** Replies in one transaction. */
const AT_ONCE = 500;

/**
 * Empties what operations were answered long ago: the rows, which are most of this table and name people. The operation itself
 * stays for ever (it is done once, its number is taken, and a desk that names it as acknowledged proves that this centre is not a
 * copy of before), and so does a refusal. A desk that repeats one hears that it was applied; its rows come with the feed.
 * @returns how many that were.
 */
export async function pruneReplies(db: Db, clock: Clock): Promise<number> {
  const before = instant(() => clock() - REPLY_DAYS * 86_400_000);
  for (let all = 0; ; ) {
    const pruned = await withRetry(async () => {
      const { rows } = await sql`
        UPDATE operation SET reply = '{"opId":"' || op_id || '","status":"applied","rows":[]}'
        WHERE op_id IN (
          SELECT op_id FROM operation WHERE status = 'applied' AND reply NOT LIKE '%"rows":[]}' AND received_at < ${before}
          ORDER BY received_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
        ) RETURNING 1`.execute(db);
      return rows.length;
    });
    all += pruned;
    if (pruned < AT_ONCE) return all;
  }
}

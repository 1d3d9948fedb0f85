import { sql } from 'kysely';
import { type Clock, instant } from '../clock.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import { readSetting } from '../settings.ts';

/** Sources in one transaction: each may be many megabytes. */
const AT_ONCE = 200;

/**
 * Empties the sources of mails and messages that were taken longer ago than the business keeps them. Their words, and that they were
 * taken, stay. @returns how many that were.
 */
export async function dropOldSources(db: Db, clock: Clock): Promise<number> {
  const { sourceDays } = await readSetting(db, 'messageKeeping');
  if (sourceDays === null) return 0;
  const before = instant(() => clock() - sourceDays * 86_400_000);
  for (let all = 0; ; ) {
    const { rows } = await withRetry(() =>
      sql`
        UPDATE taken_message SET raw = NULL WHERE (source, key) IN (
          SELECT source, key FROM taken_message WHERE raw IS NOT NULL AND taken_at < ${before}
          ORDER BY taken_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
        ) RETURNING 1`.execute(db),
    );
    all += rows.length;
    if (rows.length < AT_ONCE) return all;
  }
}

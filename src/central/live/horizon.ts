import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/store.ts';

/** One look: every transaction below `xmin` has ended; the next to begin is `xmax`. */
interface Look {
  at: number;
  xmax: bigint;
}
const KEEP_LOOKS = 900;
export const HORIZON_WARN_SECONDS = 5;

/**
 * How long the feed has been held back: the age of the oldest transaction that is still open, in any database of the cluster.
 * Measured from our own looks, once a second, because pg_stat_activity hides other users' transactions from us.
 */
export function createHorizonGauge(clock: Clock): { look: (db: Db) => Promise<number>; lagSeconds: () => number } {
  const looks: Look[] = [];
  let lag = 0;
  return {
    look: async (db) => {
      const { rows } = await sql<{ xmin: string; xmax: string }>`
        SELECT pg_snapshot_xmin(s)::text AS xmin, pg_snapshot_xmax(s)::text AS xmax FROM pg_current_snapshot() s`.execute(
        db,
      );
      const row = rows[0];
      if (!row) return lag;
      const now = clock();
      const xmin = BigInt(row.xmin);
      // Looks from before the oldest open transaction began tell nothing more, but for the last of them.
      while (looks.length > 1 && (looks[1]?.xmax ?? 0n) <= xmin) looks.shift();
      lag = xmin === BigInt(row.xmax) ? 0 : Math.max(0, now - (looks[0]?.at ?? now)) / 1000;
      looks.push({ at: now, xmax: BigInt(row.xmax) });
      if (looks.length > KEEP_LOOKS) looks.splice(1, 1);
      return lag;
    },
    lagSeconds: () => lag,
  };
}

/** True while committed rows lie beyond what the feed may show. */
export async function isHeldBack(db: Db): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    SELECT EXISTS (SELECT FROM record r WHERE r.xid >= pg_snapshot_xmin(pg_current_snapshot())) AS held`.execute(db);
  return rows[0]?.held ?? false;
}

import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { Db, Store } from '../db/store.ts';
import { CentralProblem } from '../problem.ts';
import type { Cursor, Position } from './cursor.ts';

/**
 * The name of this history of the data. A desk that sees another one bootstraps again and re-sends what may be missing.
 *
 * `id` is stored and so comes back with a backup; the database's own identity (PostgreSQL: system identifier, timeline and
 * database oid; PGlite: system identifier and the folder itself) catches dumps, promotions and copied folders. A base backup
 * started as it is keeps even those: it is caught by a cursor ahead of what is stored here, or by an operation that a desk
 * calls acknowledged.
 */
export interface Epoch {
  id: string;
  name: string;
  /** A short form of `name`, which every cursor carries. */
  tag: string;
}

export async function readEpoch(store: Store): Promise<Epoch> {
  const { epoch_id } = await store.db.selectFrom('centre').select('epoch_id').executeTakeFirstOrThrow();
  const name = `${epoch_id}:${await store.identity()}`;
  return { id: epoch_id, name, tag: createHash('sha256').update(name).digest('hex').slice(0, 16) };
}

/** Replaces the epoch that was found wrong, once, however many desks report it at the same time. */
export async function renewEpoch(db: Db, wrong: Epoch): Promise<void> {
  await db.updateTable('centre').set({ epoch_id: randomUUID() }).where('epoch_id', '=', wrong.id).execute();
}

/** The end of what may be read: the last change below every transaction that is still open. */
const READABLE_END = sql`
  SELECT r.xid, r.seq FROM record r WHERE r.xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY r.xid DESC, r.seq DESC LIMIT 1`;

/**
 * The last change there is. Rows are never removed and a change of a row only moves it further, so this end never comes
 * back; the readable one can, when the row that it stood on is changed again while an older transaction is open.
 */
const WRITTEN_END = sql`SELECT r.xid, r.seq FROM record r ORDER BY r.xid DESC, r.seq DESC LIMIT 1`;

export const CURRENT_RUN = sql`(SELECT id FROM server_run ORDER BY n DESC LIMIT 1)`;

/**
 * Writes down where the feed ends at this start of a server process. The table lock waits for open writers, so that the end
 * is exact: no cursor of an earlier run can ever rightly point behind it.
 */
export async function beginRun(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`SET LOCAL lock_timeout = '60s'`.execute(trx);
    await sql`LOCK TABLE record IN SHARE MODE`.execute(trx);
    await sql`
      INSERT INTO server_run (id, base_xid, base_seq)
      SELECT ${randomUUID()}::uuid, coalesce(max(e.xid::text), '0')::xid8, coalesce(max(e.seq), 0)
      FROM (${WRITTEN_END}) e`.execute(trx);
  });
}

/** True when the database has never given out such a cursor: it is an older copy of the one that did. */
export async function isAhead(db: Db, cursor: Cursor): Promise<boolean> {
  const { rows } = await sql<{ known: boolean; ahead: boolean }>`
    WITH run AS (SELECT n FROM server_run WHERE id = ${cursor.runId}),
    next_run AS (
      SELECT base_xid AS xid, base_seq AS seq FROM server_run, run WHERE server_run.n > run.n
      ORDER BY server_run.n LIMIT 1
    ),
    last AS (SELECT * FROM next_run UNION ALL (SELECT * FROM (${WRITTEN_END}) e WHERE NOT EXISTS (SELECT FROM next_run)))
    SELECT EXISTS (SELECT FROM run) AS known,
      NOT EXISTS (SELECT FROM last WHERE (last.xid, last.seq) >= (${cursor.xid}::xid8, ${cursor.seq}::bigint)) AS ahead`.execute(
    db,
  );
  const found = rows[0];
  const atStart = cursor.xid === '0';
  return found === undefined || !found.known || (found.ahead && !atStart);
}

/** Where the database does not know what a desk of this epoch was answered, it is an older copy of itself: EPOCH_CHANGED. */
export async function mustKnow({ db }: Store, epoch: Epoch, acknowledged: Id): Promise<void> {
  const { rows } = await sql`SELECT 1 FROM operation WHERE op_id = ${acknowledged}`.execute(db);
  if (rows.length > 0) return;
  await renewEpoch(db, epoch);
  throw new CentralProblem('EPOCH_CHANGED', {
    detail: 'the desk remembers an acknowledgement that this database lacks',
  });
}

/**
 * The end of the feed and the run that says so, from one look at the database. `readable`: where a bootstrap continues after
 * its snapshot. `written`: what an older copy of this database would not have.
 */
export async function readEnd(db: Db, which: 'readable' | 'written'): Promise<Position & { runId: string }> {
  const end = which === 'readable' ? READABLE_END : WRITTEN_END;
  const { rows } = await sql<{ x: string | null; s: string | null; run: string }>`
    SELECT e.xid::text AS x, e.seq::text AS s, run.id::text AS run
    FROM (SELECT ${CURRENT_RUN} AS id) run LEFT JOIN (${end}) e ON true`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('no server run');
  return { xid: row.x ?? '0', seq: row.s ?? '0', runId: row.run };
}

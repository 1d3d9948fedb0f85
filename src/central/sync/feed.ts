import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import { SyncTable } from '../../shared/sync-wire.ts';
import { type Clock, instant } from '../clock.ts';
import { refreshStatistics } from '../db/statistics.ts';
import type { Store } from '../db/store.ts';
import { CentralProblem } from '../problem.ts';
import { ROW_JSON } from '../records.ts';
import { BUSINESS, type Scope } from '../scope.ts';
import { type Cursor, type Position, readCursor, writeCursor } from './cursor.ts';
import { CURRENT_RUN, type Epoch, isAhead, mustKnow, readEnd, readEpoch, renewEpoch } from './epoch.ts';
import { countRows } from './row-counts.ts';

/** What the reads of the feed need. Replies are JSON text: rows are made into JSON by the database and passed on as they are. */
export interface FeedContext {
  store: Store;
  /** Seals cursors. */
  secret: string;
  clock: Clock;
}

/** Body of GET /v1/sync/start. */
export async function startBootstrap(context: FeedContext, scope: Scope): Promise<string> {
  const { store, secret, clock } = context;
  const epoch = await readEpoch(store);
  // The end before the count and the pages: a row that changes meanwhile comes again with the feed.
  const { runId, ...end } = await readEnd(store.db, 'readable');
  const tables = SyncTable.options;
  await refreshStatistics(store.db).catch(() => undefined);
  const counts = await countRows(store.db, scope, tables);
  return JSON.stringify({
    epoch: epoch.name,
    cursor: cursorOf(epoch, scope, { runId, ...end }, secret),
    tables: tables.map((table) => ({ table, count: counts.get(table) ?? 0 })),
    serverTime: instant(clock),
  });
}

export interface SnapshotQuery {
  table: SyncTable;
  after: Id | null;
  limit: number;
  /** The `end` of an earlier page: where this database is behind it, it was replaced by an older copy. */
  seen?: string | undefined;
}

/** The statement of one page: how many rows, the id of the last, all of them as JSON. */
export function snapshotPage(scope: Scope, query: SnapshotQuery) {
  const after = query.after === null ? sql`true` : sql`r.id > ${query.after}`;
  return sql<{ count: number; last: string | null; json: string | null }>`
    SELECT count(*)::int AS count, (array_agg(page.id))[count(*)]::text AS last, string_agg(page.json, ',') AS json
    FROM (
      SELECT r.id, ${ROW_JSON} AS json FROM record r
      WHERE r.tbl = ${query.table} AND ${after} AND NOT r.deleted AND ${scope.where}
      ORDER BY r.id LIMIT ${query.limit}
    ) page`;
}

/** Body of GET /v1/sync/snapshot: living rows of one table by id. */
export async function readSnapshot(context: FeedContext, scope: Scope, query: SnapshotQuery): Promise<string> {
  const epoch = await readEpoch(context.store);
  if (query.seen !== undefined) await checkedCursor(context, epoch, scope, query.seen);
  const { rows } = await snapshotPage(scope, query).execute(context.store.db);
  const page = rows[0] ?? { count: 0, last: null, json: null };
  const next = page.count === query.limit ? page.last : null;
  // After the rows, so that none of them is behind it.
  const { runId, ...place } = await readEnd(context.store.db, 'written');
  const end = cursorOf(epoch, scope, { runId, ...place }, context.secret);
  return `{"epoch":${JSON.stringify(epoch.name)},"rows":[${page.json ?? ''}],"next":${JSON.stringify(next)},"end":"${end}"}`;
}

/** Body of GET /v1/sync/changes. BAD_INPUT for a cursor that is none, EPOCH_CHANGED for one of another history. */
export async function readChanges(
  context: FeedContext,
  scope: Scope,
  query: { cursor: string; limit: number; acknowledged?: Id | undefined; seen?: string | undefined },
): Promise<string> {
  const { store, secret, clock } = context;
  const epoch = await readEpoch(store);
  const cursor = await checkedCursor(context, epoch, scope, query.cursor);
  if (query.seen !== undefined) await checkedCursor(context, epoch, scope, query.seen);
  if (query.acknowledged !== undefined) await mustKnow(store, epoch, query.acknowledged);
  // The run in the same look as the rows: it vouches for the cursor that names the last of them.
  const { rows } = await changesPage(scope, cursor, query.limit).execute(store.db);
  const last = rows.at(-1);
  const place = last ? { runId: last.run, xid: last.x, seq: last.s } : cursor;
  const next = cursorOf(epoch, scope, place, secret);
  const more = rows.length === query.limit;
  const head = `"epoch":${JSON.stringify(epoch.name)},"cursor":${JSON.stringify(next)}`;
  const tail = `"more":${more},"serverTime":"${instant(clock)}"`;
  return `{${head},"rows":[${rows.map(({ json }) => json).join(',')}],${tail}}`;
}

/**
 * The statement of one page of the feed; where a scope can be left, with those who left it as deletions: customers, and rows that went
 * over to somebody whom this scope does not hold, where it may have held them before. What the desk has of such a row is older than what it says now.
 */
function changesPage(scope: Scope, cursor: Cursor, limit: number) {
  const readable = (row: 'r' | 'd') => {
    const [xid, seq] = [sql.ref(`${row}.xid`), sql.ref(`${row}.seq`)];
    return sql`(${xid}, ${seq}) > (${cursor.xid}::xid8, ${cursor.seq}::bigint)
      AND ${xid} < pg_snapshot_xmin(pg_current_snapshot())`;
  };
  const left = sql<string>`'{"table":"customer","id":"' || d.customer_id || '","version":' || d.version
    || ',"deleted":true,"left":true,"data":null}'`;
  const movedAway = sql<string>`'{"table":"' || r.tbl || '","id":"' || r.id || '","version":' || r.version - 1
    || ',"deleted":true,"left":true,"data":null}'`;
  const departed =
    scope.departures === undefined
      ? sql``
      : sql`UNION ALL SELECT ${left}, d.xid, d.seq FROM scope_departure d WHERE ${readable('d')} AND ${scope.departures}
          UNION ALL SELECT ${movedAway}, r.xid, r.seq FROM record r
          WHERE ${readable('r')} AND ${scope.former ?? sql`false`} AND NOT coalesce(${scope.where}, false)`;
  return sql<{ json: string; x: string; s: string; run: string }>`
    SELECT page.json, page.xid::text AS x, page.seq::text AS s, ${CURRENT_RUN}::text AS run FROM (
      SELECT ${ROW_JSON} AS json, r.xid, r.seq FROM record r WHERE ${readable('r')} AND ${scope.where}
      ${departed}
      ORDER BY xid, seq LIMIT ${limit}
    ) page ORDER BY page.xid, page.seq`;
}

function cursorOf(epoch: Epoch, scope: Scope, place: Position & { runId: string }, secret: string): string {
  const { runId, xid, seq } = place;
  return writeCursor({ epochTag: tagOf(epoch, scope), runId, xid, seq, agentId: scope.agentId }, secret);
}

/** A cursor belongs to a history and to a scope: with another agent or another policy, a desk is filled anew. */
function tagOf(epoch: Epoch, scope: Scope): string {
  if (scope.name === BUSINESS.name) return epoch.tag;
  return createHash('sha256').update(`${epoch.tag} ${scope.name}`).digest('hex').slice(0, 16);
}

/** The cursor that this text is, of this history and this scope. BAD_INPUT, EPOCH_CHANGED. */
export async function checkedCursor(context: FeedContext, epoch: Epoch, scope: Scope, text: string): Promise<Cursor> {
  const cursor = readCursor(text, context.secret);
  if (cursor === null) throw new CentralProblem('BAD_INPUT', { detail: 'cursor: not one that this centre gave out' });
  if (cursor.epochTag !== tagOf(epoch, scope)) throw new CentralProblem('EPOCH_CHANGED');
  if (await isAhead(context.store.db, cursor)) {
    await renewEpoch(context.store.db, epoch);
    throw new CentralProblem('EPOCH_CHANGED', { detail: 'the cursor is ahead of this database' });
  }
  return cursor;
}

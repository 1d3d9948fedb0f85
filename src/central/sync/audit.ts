import { sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import { AUDIT_MAX_LATER, AUDIT_MAX_ROWS, AUDIT_PART_ROWS, type AuditPage } from '../../shared/sync-audit.ts';
import { SyncTable } from '../../shared/sync-wire.ts';
import type { Clock } from '../clock.ts';
import { CentralProblem } from '../problem.ts';
import { ROW_JSON } from '../records.ts';
import type { Scope } from '../scope.ts';
import type { Cursor } from './cursor.ts';
import { mustKnow, readEpoch } from './epoch.ts';
import { checkedCursor, type FeedContext } from './feed.ts';

export interface AuditQuery {
  cursor: string;
  table: SyncTable;
  after: Id | null;
  /** As in a pull. */
  acknowledged?: Id | undefined;
}

/** auditText() of a row, hashed: both sides compute the same 64 bits. */
const ROW_HASH = sql`('x' || left(encode(sha256(convert_to(
  r.id::text || ' ' || r.version || ' ' || r.data::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint`;

/**
 * One page of hashes for GET /v1/sync/audit. What a cursor covers no longer changes: rows only ever move behind it. So the rows at
 * or before the cursor are counted, and those that moved on since, or left the scope, are named: the desk leaves them out, too.
 */
export async function readAudit(
  context: FeedContext,
  scope: Scope,
  query: AuditQuery,
): Promise<Omit<AuditPage, 'restMs'>> {
  const epoch = await readEpoch(context.store);
  const cursor = await checkedCursor(context, epoch, scope, query.cursor);
  if (query.acknowledged !== undefined) await mustKnow(context.store, epoch, query.acknowledged);
  const page: Omit<AuditPage, 'restMs'> = { epoch: epoch.name, parts: [], later: [], next: null };
  let { after } = query;
  let left = AUDIT_MAX_ROWS;
  for (const table of SyncTable.options.slice(SyncTable.options.indexOf(query.table))) {
    const { parts, later, rows } = await readTable(context, scope, { cursor, table, after, limit: left });
    if (page.later.length + later.length > AUDIT_MAX_LATER) return { ...page, next: { table, after } };
    const last = rows === left ? (parts.at(-1)?.upTo ?? null) : null;
    page.later.push(...later.map((id) => ({ table, id })));
    page.parts.push(...parts.slice(0, -1).map((part) => ({ table, ...part })));
    page.parts.push({ table, ...(parts.at(-1) ?? { count: 0, hash: '0'.repeat(16) }), upTo: last });
    left -= rows;
    if (left <= 0) return { ...page, next: last === null ? nextTable(table) : { table, after: last } };
    after = null;
  }
  return page;
}

function nextTable(table: SyncTable): AuditPage['next'] {
  const next = SyncTable.options[SyncTable.options.indexOf(table) + 1];
  return next === undefined ? null : { table: next, after: null };
}

interface Stretch {
  cursor: Cursor;
  table: SyncTable;
  after: Id | null;
}

const isLater = ({ cursor }: Stretch) => sql<boolean>`(r.xid, r.seq) > (${cursor.xid}::xid8, ${cursor.seq}::bigint)`;
const isBehind = ({ after }: Stretch) => (after === null ? sql`true` : sql`r.id > ${after}`);

/** What changed after the cursor, of this table and from `after` on: in the scope now, or gone over to a customer outside it, or of one who left it since. */
function laterRows(scope: Scope, stretch: Stretch, upTo: ReturnType<typeof sql<boolean>>) {
  const { cursor, table } = stretch;
  const here = sql`r.tbl = ${table} AND ${isBehind(stretch)} AND ${upTo}`;
  const departed =
    scope.departures === undefined
      ? sql``
      : sql`UNION SELECT r.id FROM record r WHERE ${here} AND r.customer_id IN (
          SELECT d.customer_id FROM scope_departure d
          WHERE (d.xid, d.seq) > (${cursor.xid}::xid8, ${cursor.seq}::bigint) AND ${scope.departures})`;
  return sql`SELECT id FROM (
      SELECT r.id FROM record r WHERE ${here} AND ${isLater(stretch)} AND (r.was_of IS NOT NULL OR ${scope.where}) ${departed}
    ) changed LIMIT ${AUDIT_MAX_LATER + 1}`;
}

interface TableHashes {
  parts: { upTo: Id; count: number; hash: string }[];
  later: Id[];
  rows: number;
}

async function readTable(
  { store }: FeedContext,
  scope: Scope,
  stretch: Stretch & { limit: number },
): Promise<TableHashes> {
  const { table, limit } = stretch;
  const inPage = sql<boolean>`((SELECT n FROM whole) < ${limit} OR r.id <= (SELECT last FROM whole))`;
  const { rows } = await sql<{ parts: TableHashes['parts'] | null; later: Id[] | null; n: number }>`
    WITH page AS MATERIALIZED (
      SELECT r.id, CASE WHEN NOT ${isLater(stretch)} THEN ${ROW_HASH} END AS hash FROM record r
      WHERE r.tbl = ${table} AND ${isBehind(stretch)} AND NOT r.deleted AND ${scope.where}
      ORDER BY r.id LIMIT ${limit}
    ), numbered AS (
      SELECT id, hash, (row_number() OVER (ORDER BY id) - 1) / ${sql.lit(AUDIT_PART_ROWS)} AS part FROM page
    ), parts AS (
      SELECT part, (array_agg(id ORDER BY id DESC))[1] AS last, count(hash)::int AS n, coalesce(bit_xor(hash), 0) AS hash
      FROM numbered GROUP BY part
    ), whole AS (SELECT count(*)::int AS n, (array_agg(id ORDER BY id DESC))[1] AS last FROM page)
    SELECT whole.n,
      (SELECT json_agg(json_build_object('upTo', last, 'count', n, 'hash', lpad(to_hex(hash), 16, '0')) ORDER BY part)
        FROM parts) AS parts,
      (SELECT json_agg(id) FROM (${laterRows(scope, stretch, inPage)}) l) AS later
    FROM whole`.execute(store.db);
  const found = rows[0];
  return { parts: found?.parts ?? [], later: found?.later ?? [], rows: found?.n ?? 0 };
}

/** Body of GET /v1/sync/audit/rows: one stretch as it stood at the cursor, with what was deleted in it. */
export async function readAuditRows(
  context: FeedContext,
  scope: Scope,
  query: AuditQuery & { upTo: Id | null },
): Promise<string> {
  const epoch = await readEpoch(context.store);
  const cursor = await checkedCursor(context, epoch, scope, query.cursor);
  if (query.acknowledged !== undefined) await mustKnow(context.store, epoch, query.acknowledged);
  const stretch = { cursor, table: query.table, after: query.after };
  const upTo = query.upTo === null ? sql<boolean>`true` : sql<boolean>`r.id <= ${query.upTo}`;
  const some = (deleted: boolean, limit: number) => sql`(
      SELECT r.id, ${ROW_JSON} AS json FROM record r WHERE r.tbl = ${query.table} AND ${isBehind(stretch)} AND ${upTo}
        AND r.deleted = ${sql.lit(deleted)} AND NOT ${isLater(stretch)} AND ${scope.where}
      ORDER BY r.id LIMIT ${sql.lit(limit)})`;
  const { rows } = await sql<{ json: string | null; later: Id[] | null }>`
    SELECT (SELECT string_agg(json, ',' ORDER BY id)
        FROM (${some(false, AUDIT_PART_ROWS)} UNION ALL ${some(true, AUDIT_MAX_LATER)}) stretch) AS json,
      (SELECT json_agg(id) FROM (${laterRows(scope, stretch, upTo)}) l) AS later`.execute(context.store.db);
  const later = rows[0]?.later ?? [];
  if (later.length > AUDIT_MAX_LATER) {
    throw new CentralProblem('TOO_MANY_TRIES', { retryAfterSeconds: 1, detail: 'pull first' });
  }
  const named = JSON.stringify(later.map((id) => ({ table: query.table, id })));
  return `{"epoch":${JSON.stringify(epoch.name)},"rows":[${rows[0]?.json ?? ''}],"later":${named}}`;
}

/** All audits together may cost about this share of one processor. */
const SHARE = 20;
const ACTIVE_MS = 600_000;
const LONGEST_REST_MS = 600_000;

/** One audit page at a time, and desks that wait the longer the more of them audit and the longer a page takes. */
export interface AuditPace {
  run: <T extends object>(desk: string, work: () => Promise<T>) => Promise<T & { restMs: number }>;
}

export function createAuditPace(clock: Clock): AuditPace {
  const seen = new Map<string, number>();
  let line: Promise<unknown> = Promise.resolve();
  return {
    run: (desk, work) => {
      const turn = line.then(async () => {
        const began = clock();
        const result = await work();
        seen.set(desk, began);
        for (const [other, at] of seen) if (Math.abs(began - at) > ACTIVE_MS) seen.delete(other);
        const took = Math.max(0, clock() - began);
        return { ...result, restMs: Math.min(LONGEST_REST_MS, Math.ceil(took) * SHARE * seen.size) };
      });
      line = turn.catch(() => undefined);
      return turn;
    },
  };
}

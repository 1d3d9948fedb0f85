import { AUDIT_PART_ROWS, type AuditRows, addToHash, auditText, hashText, jsonbText } from '../shared/sync-audit.ts';
import type { SyncRow, SyncTable } from '../shared/sync-wire.ts';
import type { AppliedChange, Applier } from './apply.ts';
import { CACHE_COLUMNS, columnValues, customerOf, type FullRow, TABLES_OF_CUSTOMER } from './apply-columns.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';

/** Ids in (after, upTo] of one table. */
export interface Stretch {
  table: SyncTable;
  after: string | null;
  /** null: to the end of the table. */
  upTo: string | null;
}

interface HeldRow {
  id: string;
  version: number;
  data: string;
  /** Customers: whether their line in customer_search is there. */
  found: number;
  customer_id?: unknown;
}

/** A stretch that holds more than this is wrong, whatever it holds; the rest of it has its turn after the repair. */
const MOST_HELD = AUDIT_PART_ROWS * 8;

function readHeld(cache: ReadableDb, { table, after, upTo }: Stretch): HeldRow[] {
  const found =
    table === 'customer' ? 'EXISTS (SELECT 1 FROM customer_search_docsize s WHERE s.id = customer.rowid)' : '1';
  const columns = ['id', 'version', ...CACHE_COLUMNS[table], 'data', `${found} AS found`];
  return cache
    .prepare(
      `SELECT ${columns.join(', ')} FROM "${table}" WHERE id > ? ${upTo === null ? '' : 'AND id <= ?'}
       ORDER BY id LIMIT ${MOST_HELD}`,
    )
    .all(...(upTo === null ? [after ?? ''] : [after ?? '', upTo])) as HeldRow[];
}

/** What the desk holds in a stretch, as the centre counts it. `hash` null: something in it is wrong by itself. */
export function hashHeld(
  cache: ReadableDb,
  stretch: Stretch,
  leftOut: ReadonlySet<string>,
  sha256: (text: string) => string,
): { count: number; hash: string | null } {
  let [count, hash, sound] = [0, 0n, true];
  for (const row of readHeld(cache, stretch)) {
    if (leftOut.has(`${stretch.table}/${row.id}`)) continue;
    count += 1;
    const text = soundText(stretch.table, row);
    if (text === null) sound = false;
    else hash = addToHash(hash, auditText(row.id, row.version, text), sha256);
  }
  return { count, hash: sound ? hashText(hash) : null };
}

/** The row's data as the centre writes it; null where the row contradicts itself: no JSON, or columns that say something else. */
function soundText(table: SyncTable, held: HeldRow): string | null {
  try {
    const data: unknown = JSON.parse(held.data);
    const row = { table, id: held.id, version: held.version, deleted: false, data } as FullRow;
    const said = columnValues(row);
    const same = CACHE_COLUMNS[table].every((column, i) => held[column as keyof HeldRow] === said[i]);
    return same && held.found === 1 ? jsonbText(data) : null;
  } catch {
    return null;
  }
}

export interface Repair {
  change: AppliedChange;
  /** Rows that were missing, too many or different. */
  rows: number;
  /** There was more in the stretch than one repair looks at. */
  more: boolean;
}

/**
 * Makes a stretch what the centre says it is. Call it in a transaction on cache.db.
 * @param leftOut `table/id` of rows that changed meanwhile: the feed or a reply brings them.
 */
export function repairStretch(
  cache: WritableDb,
  applier: Applier,
  stretch: Stretch,
  answer: AuditRows,
  leftOut: ReadonlySet<string>,
): Repair {
  const { table } = stretch;
  const held = readHeld(cache, stretch);
  const rows = new Map(answer.rows.filter(({ id }) => !leftOut.has(`${table}/${id}`)).map((row) => [row.id, row]));
  const heldById = new Map(held.map((row) => [row.id, row]));
  const wrong: SyncRow[] = [];
  for (const row of rows.values()) {
    if (!row.deleted && !isSame(table, heldById.get(row.id), row)) wrong.push(row);
  }
  for (const { id, version } of held) {
    const right = rows.get(id);
    if (leftOut.has(`${table}/${id}`) || (right && !right.deleted)) continue;
    wrong.push(right ?? ({ table, id, version, deleted: true, left: true, data: null } as SyncRow));
  }
  const before = wrong.flatMap(({ id }) => customerIn(table, heldById.get(id)));
  for (const row of wrong) if (!row.deleted) makeRoom(cache, row as FullRow);
  if (table === 'customer' && wrong.length > 0) dropOrphanLines(cache);
  const change = applier.apply(wrong, () => true);
  for (const id of before) change.customerIds.add(id);
  return { change, rows: wrong.length, more: held.length === MOST_HELD };
}

function isSame(table: SyncTable, held: HeldRow | undefined, row: SyncRow): boolean {
  return held !== undefined && held.version === row.version && soundText(table, held) === jsonbText(row.data);
}

function customerIn(table: SyncTable, held: HeldRow | undefined): string[] {
  const id = TABLES_OF_CUSTOMER.includes(table) ? held?.customer_id : undefined;
  return typeof id === 'string' ? [id] : [];
}

/** Nothing that stands in the way of a row that the centre has: neither a wrong copy of it nor a deletion that never was. */
function makeRoom(cache: WritableDb, row: FullRow): void {
  const { table, id } = row;
  if (table === 'customer') {
    cache.prepare('DELETE FROM customer_search WHERE rowid = (SELECT rowid FROM customer WHERE id = ?)').run(id);
  }
  cache.prepare(`DELETE FROM "${table}" WHERE id = ?`).run(id);
  const lift = cache.prepare('DELETE FROM deleted_row WHERE table_name = ? AND id = ?');
  lift.run(table, id);
  const customerId = customerOf(row);
  if (customerId !== null) lift.run('customer', customerId);
}

/** Search lines of customers who are not there: one of them may have the rowid that the next customer gets. */
function dropOrphanLines(cache: WritableDb): void {
  cache
    .prepare(
      `DELETE FROM customer_search WHERE rowid IN (SELECT s.id FROM customer_search_docsize s
         WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.rowid = s.id) LIMIT 1000)`,
    )
    .run();
}

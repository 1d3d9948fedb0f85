import type { SyncRow, SyncTable } from '../shared/sync-wire.ts';
import {
  CACHE_COLUMNS,
  CATALOGUE_TABLES,
  columnValues,
  customerOf,
  type FullRow,
  TABLES_OF_CUSTOMER,
} from './apply-columns.ts';
import { insertMany } from './apply-many.ts';
import { chooseIndexed, createOwnLines, type OwnLines, writeLine } from './own-index.ts';
import type { Statement, WritableDb } from './sql-db.ts';

/** What an application of rows changed, for the events after the commit. */
export interface AppliedChange {
  customerIds: Set<string>;
  /** Customers that the centre deleted: whatever else this desk holds about them must go. */
  deletedCustomerIds: Set<string>;
  /** Customers who only left what this desk holds: their rows go, unsaved words about them stay. */
  leftCustomerIds: Set<string>;
  catalogue: boolean;
  /** Something was deleted: the write-ahead log still holds it until it is truncated. */
  deletions: boolean;
}

/** One stretch of a table by id, as a snapshot page covers it: all rows in (after, upTo], and no others exist there. */
interface SnapshotRange {
  table: SyncTable;
  after: string | null;
  /** null: to the end of the table. */
  upTo: string | null;
}

export interface Applier {
  /**
   * Rows of the change feed or of a reply. An older version never replaces a newer one, in whatever order they come.
   * `isOutdated`: what the cache holds of this row is of an older epoch, so its version means nothing.
   */
  apply(rows: readonly SyncRow[], isOutdated?: (row: SyncRow) => boolean): AppliedChange;
  /**
   * Rows of a snapshot: replaces what the range held, whatever its versions were (a restored centre counts anew).
   * `fresh` names rows (`table/id`) that a reply wrote after the page was asked for: they stay when the page lacks them.
   */
  applyRange(range: SnapshotRange, rows: readonly SyncRow[], fresh: ReadonlySet<string>): AppliedChange;
}

/** Applies confirmed rows once: see Applier.apply. Call it inside a transaction on cache.db. */
export function applyRows(cache: WritableDb, rows: readonly SyncRow[]): AppliedChange {
  return createApplier(cache).apply(rows);
}

/** Prepares the statements of every table that is met, once. Both functions belong inside a transaction on cache.db. */
export function createApplier(cache: WritableDb): Applier {
  const statements = new Map<string, Statement>();
  const sql = (text: string): Statement => {
    const known = statements.get(text);
    if (known) return known;
    const made = cache.prepare(text);
    statements.set(text, made);
    return made;
  };
  return {
    apply: (rows, isOutdated = () => false) => {
      const change = noChange();
      const tombstones = createTombstones(sql);
      const lines = createOwnLines(sql);
      // A customer who comes back with a newer version lifts the ban on the rows that come with them.
      const customersFirst = rows.toSorted((a, b) => Number(b.table === 'customer') - Number(a.table === 'customer'));
      for (const row of customersFirst) applyOne(sql, row, { tombstones, change, lines, forced: isOutdated(row) });
      if (rows.some(({ table }) => table === 'custom_field')) chooseIndexed(sql);
      return change;
    },
    applyRange: (range, rows, fresh) => {
      const change = noChange();
      change.catalogue = rows.length > 0 && CATALOGUE_TABLES.includes(range.table);
      const tombstones = createTombstones(sql);
      const present = new Set(rows.filter((row) => !row.deleted).map((row) => row.id));
      const held = idsInRange(sql, range);
      for (const id of held) {
        if (present.has(id) || fresh.has(`${range.table}/${id}`)) continue;
        removeRow(sql, range.table, id);
        change.deletions = true;
      }
      const toWrite = rows.map(fullRow).filter((row): row is FullRow => row !== null && !tombstones.bans(row));
      if (held.length === 0 && range.table !== 'customer') insertMany(sql, range.table, toWrite);
      else {
        const lines = createOwnLines(sql);
        for (const row of toWrite) writeRow(sql, row, !fresh.has(`${row.table}/${row.id}`), lines);
      }
      if (range.table === 'custom_field') chooseIndexed(sql);
      return change;
    },
  };
}

type Sql = (text: string) => Statement;

function noChange(): AppliedChange {
  return {
    customerIds: new Set(),
    deletedCustomerIds: new Set(),
    leftCustomerIds: new Set(),
    catalogue: false,
    deletions: false,
  };
}

function fullRow(row: SyncRow): FullRow | null {
  return row.deleted || row.data === null ? null : (row as FullRow);
}

interface Application {
  tombstones: Tombstones;
  change: AppliedChange;
  lines: OwnLines;
  forced: boolean;
}

function applyOne(sql: Sql, row: SyncRow, { tombstones, change, lines, forced }: Application): void {
  if (CATALOGUE_TABLES.includes(row.table)) change.catalogue = true;
  const ofCustomer = TABLES_OF_CUSTOMER.includes(row.table);
  if (ofCustomer) {
    // Also the customer whom the row leaves, by being deleted or tied to somebody else.
    const before = sql(`SELECT customer_id AS id FROM "${row.table}" WHERE id = ?`).get(row.id) as
      | { id: string | null }
      | undefined;
    if (before?.id) change.customerIds.add(before.id);
  }
  const full = fullRow(row);
  if (full) {
    const isBanned = tombstones.bans(full);
    if (isBanned) removeOlder(sql, full, change);
    if (isBanned || !writeRow(sql, full, forced, lines)) return;
    const customerId = customerOf(full);
    if (customerId) change.customerIds.add(customerId);
    return;
  }
  const held = sql(`SELECT version FROM "${row.table}" WHERE id = ?`).get(row.id) as { version: number } | undefined;
  if (held && !forced && held.version > row.version) return;
  tombstones.add(row);
  change.deletions = true;
  removeRow(sql, row.table, row.id);
  if (row.table === 'customer') {
    for (const table of TABLES_OF_CUSTOMER) sql(`DELETE FROM "${table}" WHERE customer_id = ?`).run(row.id);
    change.customerIds.add(row.id);
    (row.left ? change.leftCustomerIds : change.deletedCustomerIds).add(row.id);
  }
}

/** What a row was before it went over to somebody who is not here any more. */
function removeOlder(sql: Sql, { table, id, version }: FullRow, change: AppliedChange): void {
  if (table === 'customer') return;
  const { changes } = sql(`DELETE FROM "${table}" WHERE id = ? AND version < ?`).run(id, version);
  if (changes > 0) change.deletions = true;
}

/** @returns whether the row was written: not when a newer version is there already. */
function writeRow(sql: Sql, row: FullRow, forced: boolean, lines: OwnLines): boolean {
  if (row.table === 'customer') return writeCustomer(sql, row, forced, lines);
  return upsert(sql, row, forced).changes > 0;
}

function upsert(sql: Sql, row: FullRow, forced: boolean): ReturnType<Statement['run']> {
  const text = (forced ? UPSERT_FORCED : UPSERT_NEWER)[row.table];
  return sql(text).run(row.id, row.version, ...columnValues(row), JSON.stringify(row.data));
}

/** Made once: a first load writes millions of rows. */
const UPSERT_NEWER = upsertTexts((table) => `WHERE excluded.version > "${table}".version`);
const UPSERT_FORCED = upsertTexts(() => '');

function upsertTexts(condition: (table: SyncTable) => string): Record<SyncTable, string> {
  const texts = Object.entries(CACHE_COLUMNS).map(([table, own]) => {
    const columns = ['id', 'version', ...own, 'data'];
    const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`);
    return [
      table,
      `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')} ${condition(table as SyncTable)}`,
    ];
  });
  return Object.fromEntries(texts) as Record<SyncTable, string>;
}

/** A customer and the line in customer_search that shares its rowid. */
function writeCustomer(
  sql: Sql,
  row: Extract<FullRow, { table: 'customer' }>,
  forced: boolean,
  lines: OwnLines,
): boolean {
  const held = sql('SELECT rowid, version, name FROM customer WHERE id = ?').get(row.id) as
    | { rowid: number; version: number; name: string }
    | undefined;
  if (held && !forced && held.version >= row.version) return false;
  const { lastInsertRowid } = upsert(sql, row, true);
  const own = lines.of(row.data);
  if (held?.name === row.data.name && lines.isStill(held.rowid, own)) return true;
  if (held) sql('DELETE FROM customer_search WHERE rowid = ?').run(held.rowid);
  writeLine(sql, held?.rowid ?? lastInsertRowid, row.data.name, own);
  return true;
}

function removeRow(sql: Sql, table: SyncTable, id: string): void {
  if (table === 'customer') {
    sql('DELETE FROM customer_search WHERE rowid = (SELECT rowid FROM customer WHERE id = ?)').run(id);
  }
  sql(`DELETE FROM "${table}" WHERE id = ?`).run(id);
}

function idsInRange(sql: Sql, range: SnapshotRange): string[] {
  const upper = range.upTo === null ? '' : 'AND id <= ?';
  const bounds = range.upTo === null ? [range.after ?? ''] : [range.after ?? '', range.upTo];
  const rows = sql(`SELECT id FROM "${range.table}" WHERE id > ? ${upper}`).all(...bounds) as { id: string }[];
  return rows.map((row) => row.id);
}

interface Tombstones {
  /** True when the row, or the customer it belongs to, was deleted at this version or later. */
  bans: (row: FullRow) => boolean;
  add: (row: SyncRow) => void;
}

/** The deletions that this cache knows. A desk that has none pays nothing for them. */
function createTombstones(sql: Sql): Tombstones {
  let any = sql('SELECT 1 AS one FROM deleted_row LIMIT 1').get() !== undefined;
  const versionOf = (table: string, id: string): number | null => {
    const row = sql('SELECT version FROM deleted_row WHERE table_name = ? AND id = ?').get(table, id) as
      | { version: number }
      | undefined;
    return row?.version ?? null;
  };
  return {
    bans: (row) => {
      if (!any) return false;
      const deletedAt = versionOf(row.table, row.id);
      if (deletedAt !== null && deletedAt >= row.version) return true;
      const customerId = customerOf(row);
      if (row.table !== 'customer' && customerId !== null && versionOf('customer', customerId) !== null) return true;
      if (deletedAt !== null) {
        sql('DELETE FROM deleted_row WHERE table_name = ? AND id = ?').run(row.table, row.id);
      }
      return false;
    },
    add: (row) => {
      any = true;
      sql(
        `INSERT INTO deleted_row (table_name, id, version, has_left) VALUES (?, ?, ?, ?)
         ON CONFLICT (table_name, id) DO UPDATE SET version = max(version, excluded.version),
           has_left = iif(excluded.version > version, excluded.has_left, min(has_left, excluded.has_left))`,
      ).run(row.table, row.id, row.version, row.left ? 1 : 0);
    },
  };
}

import { type BootstrapStart, SYNC_TABLES, SyncTable } from '../shared/sync-wire.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';

/** Tables in the order in which a bootstrap fetches them: parents first. */
export const TABLE_ORDER = Object.keys(SYNC_TABLES) as SyncTable[];

/** Where a cache stands. `cursor` null: it has to be filled first. */
export interface SyncState {
  epoch: string | null;
  cursor: string | null;
  bootstrap: Bootstrap | null;
  /** How far the centre had come at the last snapshot page, until the changes since then are here. */
  seen: string | undefined;
}

/** How far a bootstrap came; stored in the transaction that stores the rows, so that it goes on after any cut. */
export interface Bootstrap {
  cursor: string;
  table: SyncTable;
  after: string | null;
  done: number;
  total: number;
}

interface StateRow {
  epoch: string | null;
  cursor: string | null;
  bootstrap_cursor: string | null;
  bootstrap_table: string | null;
  bootstrap_after: string | null;
  bootstrap_done: number;
  bootstrap_total: number;
  bootstrap_seen: string | null;
}

/** Reads the one row of sync_state. */
export function readSyncState(cache: ReadableDb): SyncState {
  const row = cache.prepare('SELECT * FROM sync_state').get() as StateRow;
  const table = SyncTable.safeParse(row.bootstrap_table);
  const running = row.cursor === null && row.bootstrap_cursor !== null && table.success;
  return {
    epoch: row.epoch,
    cursor: row.cursor,
    bootstrap: running
      ? {
          cursor: row.bootstrap_cursor ?? '',
          table: table.data,
          after: row.bootstrap_after,
          done: row.bootstrap_done,
          total: row.bootstrap_total,
        }
      : null,
    seen: row.bootstrap_seen ?? undefined,
  };
}

/** Where the cache stands, or where it began to be filled; undefined: it has to be. */
export function placeOf({ cursor, bootstrap }: SyncState): string | undefined {
  return cursor ?? bootstrap?.cursor;
}

/** The centre is of another epoch: fill the cache again. What it holds stays readable until each part is replaced. */
export function forgetCursor(cache: WritableDb): void {
  cache.prepare('UPDATE sync_state SET cursor = NULL, bootstrap_cursor = NULL, bootstrap_seen = NULL').run();
}

/** Begins a bootstrap. Versions of an older epoch mean nothing now, nor do its deletions. */
export function beginBootstrap(cache: WritableDb, start: BootstrapStart): void {
  cache.prepare('DELETE FROM deleted_row').run();
  const total = start.tables.reduce((sum, table) => sum + table.count, 0);
  cache
    .prepare(
      `UPDATE sync_state SET epoch = ?, cursor = NULL, bootstrap_cursor = ?, bootstrap_table = ?,
         bootstrap_after = NULL, bootstrap_done = 0, bootstrap_total = ?, bootstrap_seen = NULL`,
    )
    .run(start.epoch, start.cursor, TABLE_ORDER[0], total);
}

/** Notes how far the bootstrap came. */
export function advanceBootstrap(cache: WritableDb, table: SyncTable, after: string | null, rows: number): void {
  cache
    .prepare('UPDATE sync_state SET bootstrap_table = ?, bootstrap_after = ?, bootstrap_done = bootstrap_done + ?')
    .run(table, after, rows);
}

/** Notes how far the centre had come when it gave a page; null: every change since then is here. */
export function writeSeen(cache: WritableDb, end: string | null): void {
  cache.prepare('UPDATE sync_state SET bootstrap_seen = ?').run(end);
}

/** All tables are there: from now on the change feed, from where the bootstrap began. */
export function finishBootstrap(cache: WritableDb): void {
  cache
    .prepare(
      'UPDATE sync_state SET cursor = bootstrap_cursor, bootstrap_cursor = NULL, bootstrap_table = NULL, bootstrap_after = NULL',
    )
    .run();
}

/** Moves on in the change feed. Call it in the transaction that applied the rows. */
export function writeCursor(cache: WritableDb, cursor: string): void {
  cache.prepare('UPDATE sync_state SET cursor = ?').run(cursor);
}

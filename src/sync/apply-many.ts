import type { SyncTable } from '../shared/sync-wire.ts';
import { CACHE_COLUMNS, columnValues, type FullRow } from './apply-columns.ts';
import type { Statement } from './sql-db.ts';

/** A call into SQLite costs as much as half a row; beyond this many in one statement nothing is gained. */
const ROWS_AT_ONCE = 20;

/**
 * Inserts rows of one table of which the cache holds none, many in a statement. Not for customers, whose search line needs the
 * rowid of each.
 */
export function insertMany(sql: (text: string) => Statement, table: SyncTable, rows: readonly FullRow[]): void {
  const whole = rows.length - (rows.length % ROWS_AT_ONCE);
  for (let at = 0; at < whole; at += ROWS_AT_ONCE) {
    sql(INSERT_MANY[table]).run(valuesOf(rows.slice(at, at + ROWS_AT_ONCE)));
  }
  for (const row of rows.slice(whole)) sql(INSERT_ONE[table]).run(valuesOf([row]));
}

function valuesOf(rows: readonly FullRow[]): unknown[] {
  const values: unknown[] = [];
  for (const row of rows) values.push(row.id, row.version, ...columnValues(row), JSON.stringify(row.data));
  return values;
}

const INSERT_ONE = insertTexts(1);
const INSERT_MANY = insertTexts(ROWS_AT_ONCE);

function insertTexts(rows: number): Record<SyncTable, string> {
  const texts = Object.entries(CACHE_COLUMNS).map(([table, own]) => {
    const columns = ['id', 'version', ...own, 'data'];
    const one = `(${columns.map(() => '?').join(', ')})`;
    return [table, `INSERT INTO "${table}" (${columns.join(', ')}) VALUES ${Array(rows).fill(one).join(', ')}`];
  });
  return Object.fromEntries(texts) as Record<SyncTable, string>;
}

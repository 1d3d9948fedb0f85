import type { Clock } from '../../sync/clock.ts';
import type { HostDb } from './connection.ts';

/*
 * Reads a large cache.db through while the desk works. Every page that is read is authenticated, and a broken one ends the host as
 * any statement's would (connection.ts). In slices, because a whole quick_check holds its reader's place in the write-ahead log
 * for a minute, and an erasure must be out of that log in five seconds.
 */
const ROWS_A_SLICE = 300;
/** A slice takes about a millisecond; a cache of ten million rows takes ten minutes. */
const REST_MS = 10;
const FIRST_AFTER_MS = 60_000;

/** One step each: rows by their key, then the entries of each index by its first column. */
export function* readThrough(db: HostDb): Generator<void> {
  const tables = db
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'`)
    .all() as { name: string; sql: string }[];
  for (const { name, sql } of tables) {
    const columns = db.prepare(`SELECT name FROM pragma_table_info('${name}')`).all() as { name: string }[];
    const key = /WITHOUT ROWID/i.test(sql) ? (columns[0]?.name ?? '') : 'rowid';
    // The end of the last column: a long value goes on on pages of its own.
    const last = columns.at(-1)?.name ?? key;
    yield* slices(
      db,
      `SELECT max(k) AS k, count(*) AS n, sum(length(substr(v, -1))) FROM
         (SELECT "${key}" AS k, "${last}" AS v FROM "${name}" WHERE "${key}" > ? ORDER BY "${key}" LIMIT ${ROWS_A_SLICE})`,
      key === 'rowid' ? Number.MIN_SAFE_INTEGER : '',
    );
  }
  for (const { name, table, column, sql } of plainIndexes(db)) {
    // The condition of a partial index, or SQLite does not use it.
    const only = /\sWHERE\s(.*)$/is.exec(sql)?.[1] ?? 'true';
    yield* slices(
      db,
      `SELECT max(k) AS k, count(*) AS n FROM (SELECT "${column}" AS k FROM "${table}" INDEXED BY "${name}"
         WHERE "${column}" > ? AND (${only}) ORDER BY "${column}" LIMIT ${ROWS_A_SLICE})`,
      '',
    );
  }
}

function* slices(db: HostDb, sql: string, from: string | number): Generator<void> {
  const statement = db.prepare(sql);
  for (let after: unknown = from; ; ) {
    const { k, n } = statement.get(after) as { k: unknown; n: number };
    yield;
    if (n < ROWS_A_SLICE) return;
    after = k;
  }
}

/** Those whose first column is a column and not an expression; a broken page of another one is met when it is used. */
function plainIndexes(db: HostDb): { name: string; table: string; column: string; sql: string }[] {
  return db
    .prepare(
      `SELECT s.name AS name, s.tbl_name AS "table", i.name AS "column", s.sql AS sql FROM sqlite_schema s
       CROSS JOIN pragma_index_info(s.name) i WHERE s.type = 'index' AND s.sql IS NOT NULL AND i.seqno = 0 AND i.cid >= 0`,
    )
    .all() as { name: string; table: string; column: string; sql: string }[];
}

/**
 * Reads through once, beginning a minute from now. `done`: everything was read.
 * @returns the end of it.
 */
export function keepReadingThrough(db: HostDb, clock: Clock, done: () => void): () => void {
  const reading = readThrough(db);
  let cancel = clock.schedule(FIRST_AFTER_MS, step);
  function step(): void {
    try {
      if (reading.next().done) done();
      else cancel = clock.schedule(REST_MS, step);
    } catch {
      // A broken page: whoever watches the connection was told. A failing disk: tomorrow again.
    }
  }
  return () => cancel();
}

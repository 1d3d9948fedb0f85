/**
 * The part of a SQLite connection that the engine uses. better-sqlite3 fits as it is; nothing else of it is known here.
 * `ReadableDb` may only be given to functions that read.
 */
export interface Statement {
  run: (...params: unknown[]) => { changes: number; lastInsertRowid: number | bigint };
  get: (...params: unknown[]) => unknown;
  all: (...params: unknown[]) => unknown[];
}
declare const readable: unique symbol;
declare const writable: unique symbol;
export interface ReadableDb {
  prepare: (sql: string) => Statement;
  readonly [readable]?: true;
}
export interface WritableDb extends ReadableDb {
  exec: (sql: string) => unknown;
  transaction: <T>(work: () => T) => { immediate: () => T };
  readonly [writable]?: true;
}

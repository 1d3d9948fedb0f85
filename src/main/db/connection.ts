import Database from 'better-sqlite3';
import { DangolError } from '../../shared/errors.ts';
import type { Statement, WritableDb } from '../../sync/sql-db.ts';
import { isCorrupt } from './db-errors.ts';

/** A SQLite connection of the host. Statements are prepared once per SQL text and kept. */
export interface HostDb extends WritableDb {
  /** Runs a PRAGMA and returns the first column of its first row. */
  pragma: (source: string) => unknown;
  transaction: <T>(work: () => T) => { immediate: () => T; deferred: () => T };
  close: () => void;
}

/** Enough for every statement of the host and the engine; texts that are built anew each time push old ones out. */
const STATEMENTS_KEPT = 400;
/** A WAL reset bug corrupts databases with several connections before this version. */
const OLDEST_SQLITE = [3, 51, 3] as const;

/** Both authenticate every page; AEGIS-256 uses the processor's AES unit and costs a fifth. */
export type Cipher = 'chacha20' | 'aegis';

export interface ConnectionOptions {
  /** null: in memory. */
  file: string | null;
  /** 32 bytes in hex; null only in memory. */
  key: string | null;
  /** Default: ChaCha20-Poly1305. See cache-cipher.ts for the other one. */
  cipher?: Cipher | undefined;
  /** Tests of a full disk: the file may not grow beyond this many pages. */
  maxPages?: number | undefined;
  /** Called once, when a statement meets a page that is broken. The statement throws all the same. */
  onDamage?: (() => void) | undefined;
}

/**
 * Opens one connection with every pragma of RELIABILITY.md section 2, in its order.
 * Throws what SQLite throws: SQLITE_NOTADB for a wrong key or a broken first page.
 */
export function connect(options: ConnectionOptions): HostDb {
  const raw = new Database(options.file ?? ':memory:');
  try {
    prepareConnection(raw, options);
  } catch (error) {
    raw.close();
    throw error;
  }
  return keepStatements(raw, options.onDamage);
}

function prepareConnection(raw: Database.Database, options: ConnectionOptions): void {
  if (options.cipher !== undefined) raw.pragma(`cipher = '${options.cipher}'`);
  // A raw key: no derivation, so that opening costs 1 ms and not 25.
  if (options.key !== null) raw.pragma(`key = 'raw:${options.key}'`);
  raw.pragma('busy_timeout = 2000');
  raw.pragma('journal_mode = WAL');
  raw.pragma('synchronous = FULL');
  raw.pragma('foreign_keys = ON');
  raw.pragma('mmap_size = 0');
  raw.pragma('temp_store = MEMORY');
  raw.pragma('secure_delete = ON');
  if (options.maxPages !== undefined) raw.pragma(`max_page_count = ${options.maxPages}`);
  // synchronous reads 2 right after WAL and would become 1 at the first page access: read a page, then look.
  raw.prepare('SELECT count(*) FROM sqlite_schema').get();
  const synchronous = raw.pragma('synchronous', { simple: true });
  if (synchronous !== 2) throw new DangolError('INTERNAL', 'update-dangol', { detail: `synchronous = ${synchronous}` });
  assertSqliteVersion(raw);
}

function assertSqliteVersion(raw: Database.Database): void {
  const version = String(raw.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [i, oldest] of OLDEST_SQLITE.entries()) {
    const part = parts[i] ?? 0;
    if (part > oldest) return;
    if (part < oldest) throw new DangolError('INTERNAL', 'update-dangol', { detail: `SQLite ${version} is too old` });
  }
}

function keepStatements(raw: Database.Database, onDamage?: () => void): HostDb {
  const kept = new Map<string, Statement>();
  const watch = watcher(onDamage);
  return {
    prepare: (sql) => {
      const known = kept.get(sql);
      if (known) return known;
      const made: Statement = raw.prepare<unknown[]>(sql);
      const statement = watch(made);
      if (kept.size >= STATEMENTS_KEPT) kept.delete(kept.keys().next().value ?? '');
      kept.set(sql, statement);
      return statement;
    },
    exec: (sql) => raw.exec(sql),
    transaction: (work) => raw.transaction(work),
    pragma: (source) => raw.pragma(source, { simple: true }),
    close: () => {
      kept.clear();
      raw.close();
    },
  };
}

/** Statements that tell of damage, whoever runs them: the router, the engine, a read in the background. */
function watcher(onDamage: (() => void) | undefined): (statement: Statement) => Statement {
  if (!onDamage) return (statement) => statement;
  let told = false;
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (isCorrupt(error) && !told) {
        told = true;
        onDamage();
      }
      throw error;
    }
  };
  return (statement) => ({
    run: (...params) => guard(() => statement.run(...params)),
    get: (...params) => guard(() => statement.get(...params)),
    all: (...params) => guard(() => statement.all(...params)),
  });
}

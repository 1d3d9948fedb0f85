import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { DangolError } from '../../shared/errors.ts';
import { lockFolder } from './folder-lock.ts';
import type { CentralTables } from './tables.ts';

export type Db = Kysely<CentralTables>;

/** Where the centre keeps its rows: PostgreSQL, or the embedded practice store. One SQL for both. */
export interface Store {
  kind: 'pglite' | 'postgresql';
  db: Db;
  /** What tells this database from a copy of it, as far as the system beneath knows. Part of the epoch. */
  identity(): Promise<string>;
  /** Hears pokes of other centre processes on the same database. Never called on PGlite, which has none. */
  listen(heard: (from: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** The embedded store in `folder`, or in memory without one. HOST_BUSY, DATABASE_CORRUPT. */
export async function openPglite(folder: string | undefined): Promise<Store> {
  const dataDir = folder === undefined ? undefined : join(folder, 'pglite');
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = folder === undefined ? () => {} : lockFolder(folder);
  let pglite: PGlite;
  try {
    pglite = await PGlite.create(dataDir === undefined ? {} : { dataDir });
  } catch (error) {
    unlock();
    throw new DangolError('DATABASE_CORRUPT', 'call-administrator', {
      detail: `the practice store in ${dataDir} does not open; put the folder aside and start again`,
      cause: error,
    });
  }
  const db = new Kysely<CentralTables>({ dialect: new PGliteDialect({ pglite }) });
  return {
    kind: 'pglite',
    db,
    identity: async () => {
      const { rows } = await sql<{ id: string }>`
        SELECT system_identifier::text AS id FROM pg_control_system()`.execute(db);
      // A copied folder brings the system identifier along, but is another directory, made at another time.
      const place = dataDir === undefined ? { ino: 0, birthtimeMs: 0 } : statSync(dataDir);
      return `${rows[0]?.id}-${place.ino}-${Math.round(place.birthtimeMs)}`;
    },
    listen: async () => async () => {},
    close: async () => {
      await db.destroy();
      unlock();
    },
  };
}

export const POKE_CHANNEL = 'dangol_changes';

/** Short transactions, enforced: an open one holds back the change feed of every desk. */
const TIMEOUTS = {
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 10_000,
  connectionTimeoutMillis: 10_000,
};

/** PostgreSQL 15 or newer. CONFIG_BROKEN with the reason where it cannot be reached or is too old. */
export async function openPostgres(databaseUrl: string, warn: (event: string) => void): Promise<Store> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10, ...TIMEOUTS });
  // An idle connection that breaks (restart, failover) is replaced by the next query; without this line it ends the process.
  pool.on('error', () => warn('database connection lost'));
  const db = new Kysely<CentralTables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { rows } = await sql<{ v: number }>`SELECT current_setting('server_version_num')::int AS v`.execute(db);
    if ((rows[0]?.v ?? 0) < 150_000) throw new Error(`PostgreSQL ${rows[0]?.v} is older than 15`);
  } catch (error) {
    await db.destroy();
    throw new DangolError('CONFIG_BROKEN', 'call-administrator', {
      detail: `DATABASE_URL: ${reachability(error)}`,
      cause: error,
    });
  }
  return {
    kind: 'postgresql',
    db,
    identity: async () => {
      // The current timeline is in the first eight digits of the WAL file's name; the control file's lags behind a promotion.
      const { rows } = await sql<{ id: string }>`
        SELECT s.system_identifier || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '-' || d.oid AS id
        FROM pg_control_system() s, pg_database d WHERE d.datname = current_database()`.execute(db);
      return rows[0]?.id ?? '';
    },
    listen: (heard) => listenForPokes(databaseUrl, heard),
    close: () => db.destroy(),
  };
}

/** The reason in words without the address: it holds the password. */
function reachability(error: unknown): string {
  if (error instanceof AggregateError) return reachability(error.errors[0]);
  if (!(error instanceof Error)) return 'not reachable';
  const code = 'code' in error ? ` (${String(error.code)})` : '';
  return error.message.startsWith('PostgreSQL') ? error.message : `the database does not answer${code}`;
}

/** A connection of its own for LISTEN, made again whenever it breaks. */
async function listenForPokes(databaseUrl: string, heard: (from: string) => void): Promise<() => Promise<void>> {
  let closed = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  const again = () => {
    if (!closed) timer = setTimeout(() => void connect().catch(again), 1000);
  };
  const connect = async () => {
    const next = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
    next.on('error', () => {});
    await next.connect();
    client = next;
    next.on('notification', (message) => heard(message.payload ?? ''));
    await next.query(`LISTEN ${POKE_CHANNEL}`);
    next.once('end', again);
    // What was poked while nobody listened is made good at once.
    heard('');
  };
  await connect();
  return async () => {
    closed = true;
    clearTimeout(timer);
    await client?.end().catch(() => {});
  };
}

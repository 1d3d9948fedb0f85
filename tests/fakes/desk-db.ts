import Database from 'better-sqlite3';
import { CACHE_MIGRATIONS, OUTBOX_MIGRATIONS } from '../../src/main/db/migrate.ts';
import type { Statement, WritableDb } from '../../src/sync/sql-db.ts';

/** A desk's two databases in memory, with the real schema. */
export interface DeskDbs {
  cache: TestDb;
  outbox: TestDb;
}
/** better-sqlite3 itself; its types promise less about parameters than it takes. */
type TestDb = Database.Database & WritableDb;

export function openDeskDbs(): DeskDbs {
  return {
    cache: open(CACHE_MIGRATIONS),
    outbox: open(OUTBOX_MIGRATIONS),
  };
}

function open(migrations: readonly { sql: string }[]): TestDb {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  for (const migration of migrations) db.exec(migration.sql);
  return db as TestDb;
}

/** The same two files somewhere else: a cloned desk, or yesterday's folder. */
export interface DeskFolder {
  cache: Buffer;
  outbox: Buffer;
}

export function copyFolder(dbs: DeskDbs): DeskFolder {
  return { cache: dbs.cache.serialize(), outbox: dbs.outbox.serialize() };
}

export function openFolder(folder: DeskFolder): DeskDbs {
  const reopen = (buffer: Buffer) => {
    const db = new Database(buffer);
    db.pragma('foreign_keys = ON');
    return db as TestDb;
  };
  return { cache: reopen(folder.cache), outbox: reopen(folder.outbox) };
}

class PowerCut extends Error {}

/** Power for the databases of one run of a desk: after the cut nothing reaches them any more. */
export interface Power {
  on: boolean;
  /** Called before (`false`) and after (`true`) each commit; may cut. */
  atCommit: (committed: boolean) => void;
}

/**
 * A database that obeys the power: a transaction is whole or absent, and nothing happens after the cut.
 * @param prepared the statements of this database; outlives the power, because preparing them is most of a simulated run.
 */
export function powered(db: Database.Database, power: Power, prepared: Map<string, Statement>): WritableDb {
  const check = () => {
    if (!power.on) throw new PowerCut('no power');
  };
  const statements = new Map<string, Statement>();
  return {
    prepare: (sql) => {
      check();
      const known = statements.get(sql);
      if (known) return known;
      const made = prepared.get(sql) ?? db.prepare(sql);
      prepared.set(sql, made);
      const kept: Statement = {
        run: (...params) => {
          check();
          return made.run(...params);
        },
        get: (...params) => {
          check();
          return made.get(...params);
        },
        all: (...params) => {
          check();
          return made.all(...params);
        },
      };
      statements.set(sql, kept);
      return kept;
    },
    exec: (sql) => {
      check();
      return db.exec(sql);
    },
    transaction: (work) => ({
      immediate: () => {
        check();
        power.atCommit(false);
        check();
        const result = db.transaction(work).immediate();
        power.atCommit(true);
        check();
        return result;
      },
    }),
  };
}

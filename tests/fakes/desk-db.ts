import Database from 'better-sqlite3';
import { CACHE_MIGRATIONS, OUTBOX_MIGRATIONS } from '../../src/main/db/migrate.ts';
import type { Statement, WritableDb } from '../../src/sync/sql-db.ts';

/** A desk's two databases in memory, with the real schema. */
export interface DeskDbs {
  cache: TestDb;
  outbox: TestDb;
  /** A statement of the tests' own, prepared once. Its mode (pluck) is whoever's asked first. */
  ask: (file: 'cache' | 'outbox', sql: string) => Database.Statement<unknown[]>;
}
/** better-sqlite3 itself; its types promise less about parameters than it takes. */
type TestDb = Database.Database & WritableDb;

export function openDeskDbs(): DeskDbs {
  return asked({ cache: open(CACHE_MIGRATIONS), outbox: open(OUTBOX_MIGRATIONS) });
}

function asked(dbs: Pick<DeskDbs, 'cache' | 'outbox'>): DeskDbs {
  const known = new Map<string, Database.Statement<unknown[]>>();
  return {
    ...dbs,
    ask: (file, sql) => {
      const key = `${file} ${sql}`;
      const statement = known.get(key) ?? dbs[file].prepare<unknown[]>(sql);
      known.set(key, statement);
      return statement;
    },
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
  return asked({ cache: reopen(folder.cache), outbox: reopen(folder.outbox) });
}

/** Desks' databases that are used again and again: making the schema is a good part of a short run. */
export interface DeskPool {
  take: () => PooledDbs;
  giveBack: (dbs: PooledDbs) => void;
}
export interface PooledDbs extends DeskDbs {
  /** The statements that were prepared on them. */
  statements: { cache: Map<string, Statement>; outbox: Map<string, Statement> };
}

export function createDeskPool(): DeskPool {
  const free: { dbs: PooledDbs; empty: () => void }[] = [];
  const known = new Map<PooledDbs, () => void>();
  return {
    take: () => {
      const used = free.pop();
      if (used) return used.dbs;
      const dbs = { ...openDeskDbs(), statements: { cache: new Map(), outbox: new Map() } };
      const emptyEach = [emptierOf(dbs.cache), emptierOf(dbs.outbox)];
      known.set(dbs, () => {
        for (const empty of emptyEach) empty();
      });
      return dbs;
    },
    giveBack: (dbs) => {
      const empty = known.get(dbs);
      if (!empty) return void closeAll(dbs);
      empty();
      free.push({ dbs, empty });
    },
  };
}

function closeAll(dbs: DeskDbs): void {
  dbs.cache.close();
  dbs.outbox.close();
}

/** Brings every table back to what it held when the schema was made. */
function emptierOf(db: TestDb): () => void {
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_search\\_%' ESCAPE '\\'`)
    .pluck()
    .all() as string[];
  const work = tables.map((name) => ({
    empty: db.prepare(`DELETE FROM "${name}"`),
    first: db.prepare(`SELECT * FROM "${name}"`).all() as Record<string, unknown>[],
    name,
  }));
  const fill = work.flatMap(({ name, first }) => first.map((row) => insertionOf(db, name, row)));
  return db.transaction(() => {
    db.pragma('defer_foreign_keys = ON');
    for (const { empty } of work) empty.run();
    for (const insert of fill) insert();
  });
}

function insertionOf(db: TestDb, table: string, row: Record<string, unknown>): () => void {
  const names = Object.keys(row);
  const statement = db.prepare(
    `INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  return () => statement.run(...Object.values(row));
}

class PowerCut extends Error {}

/** Power for the databases of one run of a desk: after the cut nothing reaches them any more. */
export interface Power {
  isOn: () => boolean;
  /** What a commit meets on the disk; null or absent: a healthy one. */
  disk?: () => 'SQLITE_FULL' | 'SQLITE_IOERR_WRITE' | null;
  /** Called before (`false`) and after (`true`) each commit, also of a statement outside any transaction; may cut. */
  atCommit: (committed: boolean) => void;
}

/**
 * A database that obeys the power: a transaction is whole or absent, and nothing happens after the cut.
 * @param prepared the statements of this database; outlives the power, because preparing them is most of a simulated run.
 */
export function powered(db: Database.Database, power: Power, prepared: Map<string, Statement>): WritableDb {
  const check = () => {
    if (!power.isOn()) throw new PowerCut('no power');
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
          if (db.inTransaction) return made.run(...params);
          power.atCommit(false);
          check();
          const result = made.run(...params);
          power.atCommit(true);
          check();
          return result;
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
        const ill = power.disk?.() ?? null;
        if (ill) throw Object.assign(new Error('the disk fails'), { code: ill });
        const result = db.transaction(work).immediate();
        power.atCommit(true);
        check();
        return result;
      },
    }),
  };
}

import { sql } from 'kysely';
import type { z } from 'zod';
import { migrate } from '../../src/central/db/migrate.ts';
import { type Db, openPglite, type Store } from '../../src/central/db/store.ts';
import { eraseCustomer } from '../../src/central/erase.ts';
import { CentralProblem } from '../../src/central/problem.ts';
import { readRecord, writeRecords } from '../../src/central/records.ts';
import { BUSINESS } from '../../src/central/scope.ts';
import { readAudit, readAuditRows } from '../../src/central/sync/audit.ts';
import { beginRun } from '../../src/central/sync/epoch.ts';
import { type FeedContext, readChanges, readSnapshot, startBootstrap } from '../../src/central/sync/feed.ts';
import { push } from '../../src/central/sync/push.ts';
import type { Agent } from '../../src/shared/agent.ts';
import { AuditPage, AuditRows } from '../../src/shared/sync-audit.ts';
import { BootstrapStart, PullResponse, PushResponse, SnapshotPage, type SyncRow } from '../../src/shared/sync-wire.ts';
import type { Disposition } from '../../src/shared/work.ts';
import { SyncFailure } from '../../src/sync/transport.ts';
import { sampleCustomer } from '../fakes/sample-rows.ts';
import { AGENTS } from './sim-agents.ts';
import type { CentrePicture, SimCentre } from './sim-centre.ts';

/** The real centre's own code and SQL on one embedded database, for one seed after another. */
export interface RealCentres {
  forSeed(time: () => number, customers: ReadonlyMap<string, string>): Promise<SimCentre>;
  close(): Promise<void>;
}

/** All desks of a run share a family of tokens, as a desk and its clones do. */
const ROOT = '00000000-0000-7000-8000-0000000000f0';

export async function openRealCentres(): Promise<RealCentres> {
  const store = await openPglite(undefined);
  await migrate(store.db);
  await store.db.insertInto('centre').values({ epoch_id: crypto.randomUUID(), secret: 'secret' }).execute();
  for (const agent_id of AGENTS)
    await store.db.insertInto('device_author').values({ root_id: ROOT, agent_id }).execute();
  await writeRecords(store.db, [
    ...AGENTS.map((id) => ({ table: 'agent' as const, id, data: agentOf(id) })),
    { table: 'disposition', id: ROOT, data: DONE },
  ]);
  const copies = createCopies(store.db);
  await copies.keep('at_first');
  return {
    forSeed: async (time, customers) => {
      await copies.bringBack('at_first');
      const writes = [...customers].map(([id, name]) => ({
        table: 'customer' as const,
        id,
        data: sampleCustomer(id, name),
      }));
      await writeRecords(store.db, writes);
      await beginRun(store.db);
      return centreOf(store, time, copies);
    },
    close: () => store.close(),
  };
}

function agentOf(id: string): Agent {
  return { id, login: id, name: `Agent ${id.slice(-2)}`, role: 'agent', teamId: null };
}

const DONE: Disposition = {
  id: ROOT,
  code: 'done',
  label: { ko: '완료', en: 'Done' },
  key: null,
  order: 1,
  active: true,
};

function centreOf(store: Store, time: () => number, copies: Copies): SimCentre {
  let identity = 1;
  let alarms = 0;
  let backups = 0;
  const own: Store = { ...store, identity: async () => `database ${identity}` };
  const feed: FeedContext = { store: own, secret: 'secret', clock: time };
  const scope = BUSINESS;
  const ask = async <T>(schema: z.ZodType<T>, work: () => Promise<string>): Promise<T> => {
    try {
      return schema.parse(JSON.parse(await work()));
    } catch (error) {
      // Only what makes a new epoch says why.
      if (error instanceof CentralProblem && error.code === 'EPOCH_CHANGED' && error.detail !== undefined) alarms += 1;
      throw asFailure(error);
    }
  };
  const changed = async (work: Promise<unknown>) => {
    try {
      await work;
    } finally {
      centre.onChange();
    }
  };
  const centre: SimCentre = {
    isOracle: false,
    onChange: () => undefined,
    epochName: () => 'the epoch',
    push: async (request) => {
      const reply = ask(PushResponse, () =>
        push({ store: own, secret: 'secret', clock: time, country: async () => 'KR' }, ROOT, request),
      );
      await changed(reply.catch(() => undefined));
      return reply;
    },
    pull: (query) => ask(PullResponse, () => readChanges(feed, scope, query)),
    start: () => ask(BootstrapStart, () => startBootstrap(feed, scope)),
    snapshot: (query) => ask(SnapshotPage, () => readSnapshot(feed, scope, query)),
    audit: (query) =>
      ask(AuditPage, async () => JSON.stringify({ ...(await readAudit(feed, scope, query)), restMs: 0 })),
    auditRows: (query) => ask(AuditRows, () => readAuditRows(feed, scope, query)),
    picture: () => pictureOf(store.db, alarms),
    rename: (customerId, name) => changed(rename(store.db, customerId, name)),
    erase: (customerId) => changed(eraseCustomer(store.db, time, customerId, 'the law')),
    backup: async () => {
      backups += 1;
      await copies.keep(`backup_${backups}`);
      return { name: `backup_${backups}`, identity };
    },
    restore: async (backup, from) => {
      const kept = backup as { name: string; identity: number };
      await copies.bringBack(kept.name);
      if (from === 'dump') identity += 1;
      await beginRun(store.db);
      centre.onChange();
    },
    restart: () => beginRun(store.db),
    moveToCopy: () => undefined,
    moveHome: () => undefined,
    choke: () => undefined,
    versionOf: () => null,
    rowsUpTo: () => null,
    depart: () => undefined,
    comeBack: () => undefined,
  };
  return centre;
}

async function rename(db: Db, id: string, name: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const data = await readRecord(trx, 'customer', id, 'update');
    if (data) await writeRecords(trx, [{ table: 'customer', id, data: { ...data, name } }]);
  });
}

/** As the wire would tell it: see http-transport.ts. */
function asFailure(error: unknown): SyncFailure {
  const code = error instanceof CentralProblem ? error.code : '';
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'EPOCH_CHANGED') return new SyncFailure({ kind: 'epoch_changed' }, detail);
  if (code === 'DEVICE_FORKED') return new SyncFailure({ kind: 'device_forked' }, detail);
  return new SyncFailure({ kind: 'nonsense' }, detail, error);
}

async function pictureOf(db: Db, alarms: number): Promise<CentrePicture> {
  const rows = await sql<{ row: SyncRow }>`
    SELECT json_build_object('table', tbl, 'id', id, 'version', version, 'deleted', deleted, 'data', data) AS row
    FROM record WHERE NOT deleted`.execute(db);
  // Of one request all have the same time: each is a transaction of its own, until a copy brought them back together.
  const operations = await sql<{ op_id: string; status: 'applied' | 'rejected' }>`
    SELECT op_id, status FROM operation ORDER BY received_at, xmin::text::bigint, device_seq`.execute(db);
  const access = await sql<{ id: string }>`SELECT id FROM access_log`.execute(db);
  const replies = new Map(operations.rows.map((one) => [one.op_id, { status: one.status }]));
  return {
    rows: rows.rows.map(({ row }) => row),
    rowsFor: () => rows.rows.map(({ row }) => row),
    replyTo: (opId) => replies.get(opId),
    log: operations.rows.map((one) => one.op_id),
    access: new Set(access.rows.map(({ id }) => id)),
    alarms,
  };
}

/** Copies of every table and sequence: what a dump or a base backup brings back. */
interface Copies {
  keep(name: string): Promise<void>;
  bringBack(name: string): Promise<void>;
}

function createCopies(db: Db): Copies {
  const run = (text: string) => sql.raw(text).execute(db);
  const tables = async () => {
    const { rows } = await sql<{ name: string }>`
      SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`.execute(db);
    return rows.map(({ name }) => name);
  };
  const sequences = async () => {
    const { rows } = await sql<{ name: string; last: string | null }>`
      SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public'`.execute(db);
    return rows;
  };
  const kept = new Map<string, { name: string; last: string | null }[]>();
  return {
    keep: async (name) => {
      await run(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
      await run(`CREATE SCHEMA ${name}`);
      for (const table of await tables()) await run(`CREATE TABLE ${name}."${table}" AS TABLE public."${table}"`);
      kept.set(name, await sequences());
    },
    bringBack: async (name) => {
      const all = await tables();
      await run(`TRUNCATE ${all.map((table) => `public."${table}"`).join(', ')}`);
      for (const table of all) {
        await run(`INSERT INTO public."${table}" OVERRIDING SYSTEM VALUE SELECT * FROM ${name}."${table}"`);
      }
      for (const sequence of kept.get(name) ?? []) {
        await run(`SELECT setval('public."${sequence.name}"', ${sequence.last ?? 1}, ${sequence.last !== null})`);
      }
    },
  };
}

// The first load of a desk: from a centre in another process, over HTTP, into the encrypted cache, against a bare loop of prepared
// inserts of the same rows into the same schema; and what a pop costs meanwhile. DANGOL_BENCH_CUSTOMERS for more of them;
// DANGOL_BENCH_SCATTERED=1: contacts in no order of customers.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../src/main/db/open.ts';
import { createPageFiller } from '../../src/main/page-filler.ts';
import { systemClock } from '../../src/main/system-clock.ts';
import type { SyncRow } from '../../src/shared/sync-wire.ts';
import { applyRows } from '../../src/sync/apply.ts';
import { CACHE_COLUMNS, columnValues, type FullRow } from '../../src/sync/apply-columns.ts';
import { createSyncEngine } from '../../src/sync/engine.ts';
import { createHttpTransport } from '../../src/sync/http-transport.ts';
import { temporaryFolder } from '../fakes/desk.ts';
import { sampleRows } from '../fakes/sample-set.ts';
import { report, reportSpread } from './lib/figures.ts';
import { type LoadPlan, loadRows } from './lib/load-rows.ts';
import { startPops } from './lib/pop-meter.ts';

const CUSTOMERS = Number(process.env.DANGOL_BENCH_CUSTOMERS ?? 30_000);
const RAW_AT_ONCE = 5000;
const ROUNDS = Number(process.env.DANGOL_BENCH_ROUNDS ?? 3);

const PLAN: LoadPlan = {
  customers: CUSTOMERS,
  now: Date.now(),
  scattered: process.env.DANGOL_BENCH_SCATTERED === '1',
};

function open() {
  const temporary = temporaryFolder();
  const dataKey = 'ab'.repeat(32);
  const store = openStore({ folder: temporary.folder, dataKey, mayUseKeyFile: false, now: Date.now, log: () => {} });
  const end = () => {
    store.close();
    temporary.remove();
  };
  return { ...store, end };
}

/** Rows in a second, and in a second of one processor: the second says on a busy machine what the first would be on a quiet one. */
interface Rate {
  wall: number;
  cpu: number;
}
function startRate(rows: number): () => Rate {
  const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpuFrom);
    return { wall: (1000 * rows) / (performance.now() - from), cpu: (1_000_000 * rows) / (user + system) };
  };
}
const better = (a: Rate, b: Rate): Rate => ({ wall: Math.max(a.wall, b.wall), cpu: Math.max(a.cpu, b.cpu) });

/** The limit: nothing but prepared inserts, from objects, in transactions of a page. */
function rawLoop(rows: readonly SyncRow[]): Rate {
  const { cache, end } = open();
  const rate = startRate(rows.length);
  for (let at = 0; at < rows.length; at += RAW_AT_ONCE) {
    cache
      .transaction(() => {
        for (const row of rows.slice(at, at + RAW_AT_ONCE) as FullRow[]) {
          const columns = ['id', 'version', ...CACHE_COLUMNS[row.table], 'data'];
          const marks = columns.map(() => '?').join(', ');
          const text = `INSERT INTO "${row.table}" (${columns.join(', ')}) VALUES (${marks})`;
          cache.prepare(text).run(row.id, row.version, ...columnValues(row), JSON.stringify(row.data));
        }
      })
      .immediate();
  }
  const measured = rate();
  end();
  return measured;
}

interface Load {
  rate: Rate;
  idle: number[];
  meanwhile: number[];
}

/** `calls`: somebody calls all the time, which costs a processor, too, and is no part of the rate. `thread`: pages are stored in a thread of their own, as a host does it; else in the host's own. */
async function firstLoad(baseUrl: string, rows: number, thread: boolean, calls: boolean): Promise<Load> {
  const { cache, outbox, cacheFile, end } = open();
  applyRows(cache, sampleRows(Date.now()));
  const clock = systemClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  const filler =
    thread && cacheFile ? createPageFiller({ ...cacheFile, log: (event) => console.error(event) }) : undefined;
  const transport = createHttpTransport({
    ...{ baseUrl, fetch, fetchPage: filler?.fetchPage, clock },
    openSocket: () => ({ send: () => {}, close: () => {} }),
    ...{ deviceToken: () => 'device', accessToken: () => 'access', refresh: async () => false },
  });
  const engine = createSyncEngine({
    ...{ cache, outbox, transport, clock, random: Math.random, filler },
    onEvent: (event) => event.type === 'rows_changed' && event.all && resolve(),
  });
  const pops = () => (calls ? startPops(outbox, cache) : () => []);
  const endIdle = pops();
  await pause(calls ? 4000 : 0);
  const idle = endIdle();
  const rate = startRate(rows);
  const endPops = pops();
  // The engine's timers keep no process alive.
  const awake = setInterval(() => {}, 1000);
  engine.start();
  await promise;
  const measured = rate();
  clearInterval(awake);
  const meanwhile = endPops();
  await engine.stop();
  end();
  return { rate: measured, idle, meanwhile };
}

const rows = [...loadRows(PLAN).values()].flat();
const entry = fileURLToPath(new URL('./lib/page-centre.ts', import.meta.url));
const centre = fork(entry, [JSON.stringify(PLAN)], { execArgv: [] });
const [port] = await once(centre, 'message');
const centreUrl = `http://127.0.0.1:${port}`;
const nothing: Rate = { wall: 0, cpu: 0 };
const best = { raw: nothing, host: nothing, thread: nothing };
const pops = { idle: [] as number[], host: [] as number[], thread: [] as number[] };
// In turn, so that whatever else the machine does meets all of them.
for (let round = 0; round < ROUNDS; round += 1) {
  best.raw = better(best.raw, rawLoop(rows));
  for (const way of ['host', 'thread'] as const) {
    const { rate } = await firstLoad(centreUrl, rows.length, way === 'thread', false);
    best[way] = better(best[way], rate);
    const { idle, meanwhile } = await firstLoad(centreUrl, rows.length, way === 'thread', true);
    pops[way].push(...meanwhile);
    pops.idle.push(...idle);
  }
}
const order = PLAN.scattered ? 'contacts in no order' : 'contacts in order';
const note = `${rows.length} rows, ${order}, best of ${ROUNDS}, load average ${loadavg()[0]?.toFixed(1)}`;
const tell = (name: string, value: number) => report({ name, value, unit: 'rows/s', atMost: null, note });
tell('Prepared inserts from objects', best.raw.wall);
tell('Prepared inserts, in a second of one processor', best.raw.cpu);
tell('First load in a thread of its own (goal: 50,000)', best.thread.wall);
tell('First load in a thread, in a second of one processor', best.thread.cpu);
tell("First load in the host's thread", best.host.wall);
tell("First load in the host's thread, in a second of one processor", best.host.cpu);
report({ name: 'Prepared inserts over first load', value: best.raw.wall / best.thread.wall, unit: 'ratio', atMost: 2 });
report({ name: 'The same by processor time', value: best.raw.cpu / best.thread.cpu, unit: 'ratio', atMost: 2 });
const idle = reportSpread('Pop in the host, idle', pops.idle);
const meanwhile = reportSpread('Pop in the host during the load', pops.thread);
reportSpread("Pop in the host during a load in the host's thread", pops.host);
report({ name: 'Pop p95 during the load against idle', value: meanwhile.p95 / idle.p95, unit: 'ratio', atMost: 1.5 });
centre.kill();
process.exit(0);

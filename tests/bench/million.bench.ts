// A desk of 1,000,000 customers and 10,000,000 contacts: reads, search, start and memory. The cache is made once (some minutes
// and 9 GB) and used again:  DANGOL_BENCH_FOLDER=DIR npm run bench -- million     (DANGOL_BENCH_CUSTOMERS for fewer)
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { read360 } from '../../src/main/customer-360.ts';
import { READ_360, readCustomFields } from '../../src/main/customer-rows.ts';
import type { HostDb } from '../../src/main/db/connection.ts';
import { openStore } from '../../src/main/db/open.ts';
import type { HostContext } from '../../src/main/host-context.ts';
import { searchCustomers } from '../../src/main/search.ts';
import { SEARCH } from '../../src/main/search-statements.ts';
import { systemClock } from '../../src/main/system-clock.ts';
import type { NarrowBy } from '../../src/shared/customer-search.ts';
import { newId } from '../../src/shared/ids.ts';
import { narrowMatch, ownMatch, readOwnAsked, searchableFields } from '../../src/shared/own-search.ts';
import { searchQuery, searchText } from '../../src/shared/search-text.ts';
import { startDesk } from '../fakes/call-centre.ts';
import { type DeskClient, until } from '../fakes/desk.ts';
import { startHttpCentre } from '../fakes/http-centre.ts';
import { SAMPLE } from '../fakes/sample-set.ts';
import { seededRandom } from '../fakes/sim-clock.ts';
import { openWindow } from './lib/desk-window.ts';
import { percentile, report, reportSpread } from './lib/figures.ts';
import { MILLION_KEY, makeMillion } from './lib/make-million.ts';
import { millionCar, millionEmail, millionId, millionName, millionPhone } from './lib/million-cache.ts';

const CUSTOMERS = Number(process.env.DANGOL_BENCH_CUSTOMERS ?? 1_000_000);
const home = process.env.DANGOL_BENCH_FOLDER ?? join(tmpdir(), 'dangol-million');
const folder = join(home, 'desk');
const random = seededRandom(1);
const anybody = () => Math.floor((random() * CUSTOMERS) / 10) * 10;
const load = () => `load average ${loadavg()[0]?.toFixed(1)}`;
const timed = (run: () => unknown): number => {
  const from = performance.now();
  run();
  return performance.now() - from;
};

/** 360 reads of those who call (55 contacts each, scattered over the years), beside their statements run raw. */
function measureReads(cache: HostDb, outbox: HostDb): void {
  const now = Date.now();
  const both = Array.from({ length: 2000 }, () => {
    const id = millionId(1, anybody());
    const interactions = (cache.prepare(READ_360.interactions).all(id) as { data: string }[]).map(
      (one) => (JSON.parse(one.data) as { id: string }).id,
    );
    const raw = () => {
      for (const [name, sql] of Object.entries(READ_360)) {
        if (name === 'interactionNotes' || name === 'ownCalls')
          cache.prepare(sql).all(JSON.stringify(interactions), id);
        // Asked only of those who ever bought something: nobody here did.
        else if (name !== 'bought') cache.prepare(sql).all(id);
      }
      cache.prepare('SELECT data FROM custom_field').all();
    };
    raw();
    const request = { customerId: id, callId: null, unmasked: false };
    return { raw: timed(raw), ours: timed(() => read360(outbox, cache, request, { country: 'KR', now })) };
  });
  const warm = both.slice(200);
  const raw = reportSpread(
    '360 read: its statements run raw',
    warm.map((one) => one.raw),
    { note: load() },
  );
  const ours = reportSpread(
    '360 read',
    warm.map((one) => one.ours),
    { p95: 1, note: load() },
  );
  report({ name: '360 read against raw statements, p50', value: ours.p50 / raw.p50, unit: 'ratio', atMost: 2 });
  const cold = Array.from({ length: 300 }, () => {
    const request = { customerId: millionId(1, anybody() + 1), callId: null, unmasked: false };
    return timed(() => read360(outbox, cache, request, { country: 'KR', now }));
  });
  reportSpread('360 read of somebody whose pages nobody read before', cold);
}

interface SearchKind {
  text: (n: number) => string;
  narrow?: (n: number) => NarrowBy[];
  raw: (text: string, narrow: NarrowBy[]) => unknown;
}

/** What agents type, each beside the statement that finds it, run raw. */
function measureSearch(context: HostContext): void {
  const initials = (n: number) =>
    searchText(millionName(n))
      .initials.split(' ')
      .map((two) => two[0])
      .join('');
  const fields = searchableFields(readCustomFields(context.cache));
  const byLine = (match: string | null) => context.cache.prepare(SEARCH.byLine).all(match);
  const conditions = (narrow: NarrowBy[]) =>
    narrow.flatMap(({ key, value }) => fields.filter((one) => one.key === key).map((field) => ({ field, value })));
  const interest = (n: number) => ({ key: 'interests', value: fields[0]?.choices[n % 10] ?? '' });
  const lifestyle = (n: number) => ({ key: 'lifestyle', value: fields[1]?.choices[n % 7] ?? '' });
  const kinds: Record<string, SearchKind> = {
    초성: { text: initials, raw: (text) => context.cache.prepare(SEARCH.byLine).all(searchQuery(text).match) },
    'two syllables': {
      text: (n) => millionName(n).slice(1),
      raw: (text) => context.cache.prepare(SEARCH.byLine).all(searchQuery(text).match),
    },
    'last four digits': {
      text: (n) => millionPhone(n).slice(-4),
      raw: (text) => context.cache.prepare(SEARCH.byLast4).all(text, text, text),
    },
    'part of an e-mail address': {
      text: (n) => millionEmail(n).slice(2, 11),
      raw: (text) => context.cache.prepare(SEARCH.byEmail).all(searchQuery(text).email),
    },
  };
  Object.assign(kinds, {
    'own field, one of several choices': {
      text: (n) => interest(n).value,
      raw: (text) => byLine(ownMatch(readOwnAsked(text, fields))),
    },
    'own field, words of a text': { text: millionCar, raw: (text) => byLine(ownMatch(readOwnAsked(text, fields))) },
    'list of a condition': {
      text: () => '',
      narrow: (n) => [interest(n)],
      raw: (_, narrow) => byLine(narrowMatch(conditions(narrow))),
    },
    'list of two conditions and a name': {
      text: (n) => millionName(n).slice(1),
      narrow: (n) => [interest(n), lifestyle(n)],
      raw: (text, narrow) => byLine(`${narrowMatch(conditions(narrow))} AND ${searchQuery(text).match}`),
    },
  } satisfies Record<string, SearchKind>);
  for (const [name, { text, narrow = () => [], raw }] of Object.entries(kinds)) {
    const asked = Array.from({ length: 500 }, () => Math.floor(random() * CUSTOMERS));
    const both = asked.map((n) => ({
      ours: timed(() => searchCustomers(context, text(n), narrow(n))),
      raw: timed(() => raw(text(n), narrow(n))),
    }));
    reportSpread(
      `Search by ${name}: its statement run raw`,
      both.map((one) => one.raw),
    );
    reportSpread(
      `Search by ${name}`,
      both.map((one) => one.ours),
      { p95: 20, note: load() },
    );
  }
}

function measureStore(): void {
  const options = { folder, dataKey: MILLION_KEY, mayUseKeyFile: false, now: Date.now, log: () => {} };
  const store = openStore(options);
  const { cache, outbox } = store;
  const seat = {
    author: () => SAMPLE.agent,
    reader: () => SAMPLE.agent,
    isLine: () => false,
    policy: () => null,
    country: () => 'KR',
  };
  const quiet = { log: () => {}, emit: () => {}, wake: () => {} };
  const context = { cache, outbox, clock: systemClock(), seat, ...quiet } as HostContext;
  measureReads(cache, outbox);
  measureSearch(context);
  store.close();
}

/** Megabytes that a process has now and had at most. */
function memoryOf(pid: number): { now: number; most: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1]) / 1024;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

/** The least that a start can take: Node, the library, one row. */
async function bareStart(): Promise<{ ms: number; megabytes: number }> {
  const from = performance.now();
  const entry = fileURLToPath(new URL('./lib/bare-open.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [entry, join(folder, 'cache.db')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (child.stdout) await once(child.stdout, 'data');
  const ms = performance.now() - from;
  const megabytes = memoryOf(child.pid ?? 0).most;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { ms, megabytes };
}

/** A desk with the same session and an empty cache: what of a start is not the size of the cache. */
async function emptyStart(centralUrl: string): Promise<number> {
  const empty = join(home, 'empty');
  rmSync(empty, { recursive: true, force: true });
  mkdirSync(empty);
  for (const name of ['outbox.db', 'data-key', 'key-check']) copyFileSync(join(folder, name), join(empty, name));
  return startOf(centralUrl, empty, async () => {});
}

/** Milliseconds from the command to the answer of the first search. */
async function startOf(
  centralUrl: string,
  at: string,
  then: (desk: Awaited<ReturnType<typeof startDesk>>, api: DeskClient) => Promise<void>,
): Promise<number> {
  const from = performance.now();
  const desk = await startDesk(centralUrl, at, { pageFolder: at });
  const { api, close } = await openWindow(desk.newUrl());
  await api.customer.search({ text: millionName(7) });
  const ms = performance.now() - from;
  await then(desk, api);
  close();
  await desk.stop();
  return ms;
}

/** Signs an agent in on this folder, with the large cache out of the way: the centre of this bench knows six customers. */
async function signInOnce(centralUrl: string): Promise<void> {
  const aside = (to: string, from: string) => {
    if (existsSync(join(folder, from))) renameSync(join(folder, from), join(folder, to));
  };
  writeFileSync(join(folder, 'data-key'), MILLION_KEY, { mode: 0o600 });
  aside('large.db', 'cache.db');
  try {
    const desk = await startDesk(centralUrl, folder, { pageFolder: folder });
    const { api, close } = await openWindow(desk.newUrl());
    await until(async () => (await api.session.state({})).status === 'signed_in', 'an agent signed in');
    close();
    await desk.stop();
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `cache.db${end}`), { force: true });
    aside('cache.db', 'large.db');
  }
}

async function measureHost(): Promise<void> {
  const centre = await startHttpCentre(Date.now);
  await signInOnce(centre.url);
  // From now on it is away: the lease holds, and nothing of the large cache is compared with it.
  centre.mode = 'down';
  const starts: number[] = [];
  const bare: number[] = [];
  const empty: number[] = [];
  const memory: { now: number; most: number }[] = [];
  let bareMegabytes = 0;
  for (let n = 0; n < 5; n += 1) {
    const raw = await bareStart();
    bare.push(raw.ms);
    bareMegabytes = Math.max(bareMegabytes, raw.megabytes);
    empty.push(await emptyStart(centre.url));
    const ms = await startOf(centre.url, folder, async (desk, api) => {
      for (let k = 0; k < 300; k += 1) {
        const texts = [millionName(anybody()), 'ㄱㅁㅅ', millionPhone(anybody()).slice(-4)];
        await api.customer.search({ text: texts[k % 3] ?? '' });
        const phone = millionPhone(anybody());
        await api.customer.open({ phone, customerRef: null, callId: newId(), direction: 'in' });
      }
      memory.push(memoryOf(desk.hostPid()));
    });
    starts.push(ms);
  }
  await centre.close();
  reportSpread('Bare start: Node, the file opened, one row read', bare);
  reportSpread('Start of a desk with an empty cache', empty);
  reportSpread('Start of the desk to its first search answered', starts, { p95: 2000, note: load() });
  report({ name: 'Bare start, memory', value: bareMegabytes, unit: 'MB', atMost: null });
  const most = Math.max(...memory.map((one) => one.most));
  report({ name: 'Host, memory at most, 300 calls and searches', value: most, unit: 'MB', atMost: 300 });
  report({
    name: 'Host, memory afterwards',
    value: percentile(
      memory.map((one) => one.now),
      0.5,
    ),
    unit: 'MB',
    atMost: 300,
  });
}

mkdirSync(folder, { recursive: true });
makeMillion(folder, CUSTOMERS);
measureStore();
await measureHost();
process.exit(0);

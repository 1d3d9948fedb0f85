import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DeskStore, openStore } from '../../../src/main/db/open.ts';
import { createPageFiller } from '../../../src/main/page-filler.ts';
import { systemClock } from '../../../src/main/system-clock.ts';
import { SYNC_TABLES } from '../../../src/shared/sync-wire.ts';
import { createSyncEngine, type SyncEngine } from '../../../src/sync/engine.ts';
import { type Answer, createHttpTransport } from '../../../src/sync/http-transport.ts';
import { temporaryFolder, until } from '../../fakes/desk.ts';
import { type HttpCentre, startHttpCentre } from '../../fakes/http-centre.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { idOf } from '../../fakes/sync-rows.ts';

const CUSTOMERS = 12_000;
let centre: HttpCentre;
let folder: string;
let cleanups: (() => unknown)[];
beforeEach(async () => {
  const temporary = temporaryFolder();
  folder = temporary.folder;
  centre = await startHttpCentre(Date.now);
  cleanups = [temporary.remove, centre.close];
  centre.oracle.write((rows) => {
    for (let n = 1; n <= CUSTOMERS; n += 1) rows.put('customer', idOf(n), sampleCustomer(idOf(n), `홍길동${n}`));
  });
});
afterEach(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

interface Desk {
  store: DeskStore;
  engine: SyncEngine;
  /** Every answer to the question for a page, as the host's thread saw it. */
  answers: Answer[];
  refreshed: () => number;
}
type OnAnswer = (answer: Answer, count: number) => void;

/** A desk on real files whose pages are fetched and stored in real threads, over a real port. */
function open(onAnswer: OnAnswer = () => {}): Desk {
  const store = openStore({ folder, dataKey: 'ab'.repeat(32), mayUseKeyFile: false, now: Date.now, log: () => {} });
  if (!store.cacheFile) throw new Error('in memory');
  const filler = createPageFiller({ ...store.cacheFile, log: () => {}, fromRows: 0 });
  const answers: Answer[] = [];
  let refreshes = 0;
  const transport = createHttpTransport({
    baseUrl: centre.url,
    fetch,
    fetchPage: async (...asked) => {
      const answer = await filler.fetchPage(...asked);
      answers.push(answer);
      onAnswer(answer, answers.length);
      return answer;
    },
    openSocket: () => ({ send: () => {}, close: () => {} }),
    deviceToken: () => 'device',
    accessToken: () => `access ${refreshes}`,
    refresh: async () => {
      refreshes += 1;
      centre.mode = 'up';
      return true;
    },
    clock: systemClock(),
  });
  const engine = createSyncEngine({
    ...{ cache: store.cache, outbox: store.outbox, transport, clock: systemClock(), random: Math.random, filler },
    onEvent: () => {},
  });
  cleanups.push(async () => {
    await engine.stop();
    store.close();
  });
  engine.start();
  return { store, engine, answers, refreshed: () => refreshes };
}
const names = ({ store }: Desk) =>
  store.cache.prepare(`SELECT count(DISTINCT name) AS n FROM customer WHERE name LIKE '홍길동_%'`).get();
const when = (is: () => boolean, what: string) => until(async () => (is() ? true : undefined), what);
const full = (desk: Desk) => when(() => desk.engine.status().phase === 'idle', 'everything is there');
const pagesAsked = () => centre.requests.filter((path) => path === '/v1/sync/snapshot').length;
/** One of each table, and two more of customers. */
const PAGES = Object.keys(SYNC_TABLES).length + 2;

test('S39 the pages of a large first load never come into the thread that answers calls', async () => {
  const desk = open();
  await full(desk);
  expect(names(desk)).toEqual({ n: CUSTOMERS });
  expect(desk.answers).toHaveLength(PAGES);
  expect(desk.answers.filter(({ body }) => body instanceof ArrayBuffer)).toEqual([]);
  expect(pagesAsked()).toBe(PAGES);
});

test('S4 S39 a wire that is cut in a first load heals by itself, and no page that was stored is asked for again', async () => {
  const desk = open((_, count) => {
    if (count === 9) centre.mode = 'down';
  });
  await when(() => desk.engine.status().problem?.code === 'CENTRE_UNREACHABLE', 'the cut was noticed');
  centre.mode = 'up';
  desk.engine.tryNow();
  await full(desk);
  expect(names(desk)).toEqual({ n: CUSTOMERS });
  expect(desk.answers).toHaveLength(PAGES);
});

test('S39 a refused page brings its reason along: the token is renewed once', async () => {
  const desk = open((_, count) => {
    if (count === 9) centre.mode = 'portal';
  });
  await full(desk);
  expect(names(desk)).toEqual({ n: CUSTOMERS });
  expect(desk.refreshed()).toBe(1);
});

test.runIf(process.platform === 'linux')('S39 both threads of a first load let every other one go first', async () => {
  const nice = () =>
    readdirSync('/proc/self/task').map((thread) => {
      const text = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
      return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
    });
  const before = nice();
  const own = Math.max(...before);
  let most: number[] = [];
  const desk = open((_, count) => {
    if (count === 12) most = nice();
  });
  await full(desk);
  expect(most.filter((each) => each > own)).toEqual([10, 10]);
  await desk.engine.stop();
  expect(nice().filter((each) => each > own)).toEqual([]);
});

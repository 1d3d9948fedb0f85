import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DeskStore, openStore } from '../../../src/main/db/open.ts';
import { createPageFiller } from '../../../src/main/page-filler.ts';
import { systemClock } from '../../../src/main/system-clock.ts';
import { SYNC_TABLES } from '../../../src/shared/sync-wire.ts';
import { createSyncEngine, type SyncEngine } from '../../../src/sync/engine.ts';
import type { PageFiller } from '../../../src/sync/fill.ts';
import type { PageToFill } from '../../../src/sync/fill-page.ts';
import { appendOperation } from '../../../src/sync/outbox.ts';
import { beginBootstrap, readSyncState } from '../../../src/sync/sync-state.ts';
import type { SnapshotQuery, SyncTransport } from '../../../src/sync/transport.ts';
import { temporaryFolder, until } from '../../fakes/desk.ts';
import { OracleCentre } from '../../fakes/oracle-centre.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { idOf, noteOf, operation } from '../../fakes/sync-rows.ts';

const CUSTOMERS = 12_000;
let folder: string;
let centre: OracleCentre;
let cleanups: (() => unknown)[];
beforeEach(() => {
  const temporary = temporaryFolder();
  folder = temporary.folder;
  cleanups = [temporary.remove];
  centre = new OracleCentre(Date.now);
  centre.write((rows) => {
    for (let n = 1; n <= CUSTOMERS; n += 1) rows.put('customer', idOf(n), sampleCustomer(idOf(n), `홍길동${n}`));
  });
});
afterEach(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

const fromCentre = async (query: SnapshotQuery) => JSON.stringify(centre.snapshot(query));

interface Desk {
  /** Pages that the thread was given, and how often it was told to commit them. */
  count: { pages: number; commits: number };
  store: DeskStore;
  engine: SyncEngine;
  stop: () => Promise<void>;
}
type Body = (query: SnapshotQuery) => Promise<string | ArrayBuffer>;

/** A desk on real files whose pages are stored in a real thread. `key`: what the thread is told instead of the right one. */
function open(body: Body = fromCentre, key?: string): Desk {
  const options = { folder, dataKey: 'ab'.repeat(32), mayUseKeyFile: false, now: Date.now, log: () => {} };
  const store = openStore(options);
  if (!store.cacheFile) throw new Error('in memory');
  const log = () => {};
  const thread = createPageFiller({ ...store.cacheFile, ...(key ? { key } : {}), log, fromRows: 0 });
  const count = { pages: 0, commits: 0 };
  const filler: PageFiller = {
    ...thread,
    fill: (...page) => {
      count.pages += 1;
      return thread.fill(...page);
    },
    commit: () => {
      count.commits += 1;
      return thread.commit();
    },
  };
  const transport: SyncTransport = {
    push: async (request) => centre.push(request),
    pull: async (query) => centre.pull(query),
    start: async () => centre.start(),
    snapshot: async (query) => centre.snapshot(query),
    snapshotBody: async (query, signal) => {
      const cut = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut'))));
      const given = await Promise.race([body(query), cut]);
      return typeof given === 'string' ? new TextEncoder().encode(given).slice().buffer : given;
    },
    audit: async (query) => centre.audit(query),
    auditRows: async (query) => centre.auditRows(query),
    live: () => ({ close: () => {} }),
  };
  const engine = createSyncEngine({
    ...{ cache: store.cache, outbox: store.outbox, transport, clock: systemClock(), random: Math.random, filler },
    onEvent: () => {},
  });
  const desk = {
    count,
    store,
    engine,
    stop: async () => {
      await engine.stop();
      store.close();
    },
  };
  engine.start();
  return desk;
}
const names = ({ store }: Desk) => store.cache.prepare('SELECT count(DISTINCT name) AS n FROM customer').get();
const when = (is: () => boolean, what: string) => until(async () => (is() ? true : undefined), what);
const full = (desk: Desk) => when(() => desk.engine.status().phase === 'idle', 'everything is there');
const ALL = { n: CUSTOMERS };

test('S30 S39 a first load in a thread brings every row, and the changes since it began', async () => {
  const desk = open(async (query) => {
    const page = JSON.stringify(centre.snapshot(query));
    if (query.table === 'note') {
      centre.write((rows) => rows.put('customer', idOf(1), sampleCustomer(idOf(1), '새이름')));
    }
    return page;
  });
  cleanups.push(desk.stop);
  await full(desk);
  expect(names(desk)).toEqual(ALL);
  const renamed = desk.store.cache.prepare(`SELECT 1 FROM customer WHERE name = '새이름'`);
  await when(() => renamed.get() !== undefined, 'the change');
  expect(desk.store.cache.prepare('SELECT count(*) AS n FROM customer_search').get()).toEqual(ALL);
});

test('S13 S30 stopped in the middle, it goes on where it was; no page comes twice', async () => {
  const asked: string[] = [];
  const first = open(async (query) => {
    if (query.table === 'customer' && query.after !== null && asked.length > 0) return new Promise(() => {});
    if (query.table === 'customer') asked.push(query.after ?? '');
    return JSON.stringify(centre.snapshot(query));
  });
  await when(() => (first.engine.status().progress?.done ?? 0) >= 5000, 'the first page');
  await first.stop();
  const again: string[] = [];
  const second = open(async (query) => {
    if (query.table === 'customer') again.push(query.after ?? '');
    return JSON.stringify(centre.snapshot(query));
  });
  cleanups.push(second.stop);
  await full(second);
  expect([names(second), asked, again]).toEqual([ALL, [''], [idOf(5000), idOf(10_000)]]);
});

test('S14 a page that was asked for before a reply came does not take its note away', async () => {
  let answer: (body: string) => void = () => {};
  let stale = '';
  const desk = open(async (query) => {
    const page = JSON.stringify(centre.snapshot(query));
    if (query.table !== 'note') return page;
    stale = page;
    return new Promise<string>((resolve) => {
      answer = resolve;
    });
  });
  cleanups.push(desk.stop);
  await when(() => stale !== '', 'the last page is asked for');
  const { outbox, cache } = desk.store;
  outbox.transaction(() => appendOperation(outbox, operation(noteOf(idOf(90_001), idOf(1), 'meanwhile')))).immediate();
  desk.engine.wake();
  const note = () => cache.prepare('SELECT id FROM note').get();
  await when(() => note() !== undefined, 'the reply');
  answer(stale);
  await full(desk);
  expect(note()).toEqual({ id: idOf(90_001) });
});

test('S71 a page that is nonsense is said, changes nothing, and is asked for again', async () => {
  let wasTold = false;
  const desk = open(async (query) => {
    if (query.table !== 'customer' || wasTold) return JSON.stringify(centre.snapshot(query));
    return '{"epoch":"epoch-1.1","rows":[{"table":"customer"}],"next":null,"end":"x"}';
  });
  cleanups.push(desk.stop);
  await when(() => desk.engine.status().problem?.code === 'CENTRE_NONSENSE', 'the problem');
  wasTold = true;
  expect(names(desk)).toEqual({ n: 0 });
  desk.engine.tryNow();
  await full(desk);
  expect(names(desk)).toEqual(ALL);
});

test('S39 where the thread cannot work, the pages are stored without it', async () => {
  const desk = open(undefined, 'cd'.repeat(32));
  cleanups.push(desk.stop);
  await when(() => desk.engine.status().problem !== null, 'the thread gave up');
  desk.engine.tryNow();
  await full(desk);
  expect(names(desk)).toEqual(ALL);
});

test('S39 pages that are here already share a commit, four at most', async () => {
  const desk = open();
  cleanups.push(desk.stop);
  await full(desk);
  const pages = Object.keys(SYNC_TABLES).length + 2;
  expect(desk.count).toEqual({ pages, commits: Math.ceil(pages / 4) });
});

test('S13 S71 a page that is nonsense among others takes none of them with it', async () => {
  const asked: string[] = [];
  const desk = open(async (query) => {
    if (query.table !== 'customer') return fromCentre(query);
    asked.push(query.after ?? '');
    return asked.length === 2 ? '{}' : fromCentre(query);
  });
  cleanups.push(desk.stop);
  await when(() => desk.engine.status().problem !== null || asked.length > 2, 'the page was met');
  desk.engine.tryNow();
  await full(desk);
  expect(asked).toEqual(['', idOf(5000), idOf(5000), idOf(10_000)]);
  expect(names(desk)).toEqual(ALL);
});

test('S13 pages that were not committed when the thread ended are not there, nor is their place', async () => {
  const options = { folder, dataKey: 'ab'.repeat(32), mayUseKeyFile: false, now: Date.now, log: () => {} };
  const { cache, cacheFile, close } = openStore(options);
  cleanups.push(close);
  if (!cacheFile) throw new Error('in memory');
  const start = centre.start();
  cache.transaction(() => beginBootstrap(cache, start)).immediate();
  const place = () => readSyncState(cache).bootstrap;
  const page = (table: 'team' | 'agent'): PageToFill => {
    const text = JSON.stringify(centre.snapshot({ table, after: null, limit: 5000 }));
    const body = new TextEncoder().encode(text).slice().buffer;
    return { epoch: start.epoch, table, after: null, body, fresh: [] };
  };
  const filler = createPageFiller({ ...cacheFile, log: () => {}, fromRows: 0 });
  await filler.fill(page('team'), () => {});
  await filler.fill(page('agent'), () => {});
  await filler.rest();
  expect(place()?.table).toBe('team');
  await filler.fill(page('team'), () => {});
  await filler.commit();
  expect(place()?.table).toBe('agent');
  await filler.rest();
});

import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheCheckDue, noteCacheChecked } from '../../../src/main/db/cache-check.ts';
import { type DeskStore, openStore } from '../../../src/main/db/open.ts';
import { keepReadingThrough, readThrough } from '../../../src/main/db/read-through.ts';
import { fillCache } from '../../bench/lib/fill-cache.ts';
import { temporaryFolder } from '../../fakes/desk.ts';
import { createSimClock } from '../../fakes/sim-clock.ts';

const DAY = 86_400_000;
let folder: string;
let remove: () => void;
let damaged: number;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  damaged = 0;
});
afterEach(() => remove());

function open(): DeskStore {
  const onDamage = () => {
    damaged += 1;
  };
  const options = { folder, dataKey: 'ab'.repeat(32), mayUseKeyFile: false, now: Date.now, log: () => {} };
  return openStore({ ...options, onDamage });
}

/** Turns bytes of a page into something else, as a failing disk does. @returns how to bring them back. */
function breakPage(page: number): () => void {
  const file = join(folder, 'cache.db');
  const at = (page - 1) * 4096 + 100;
  const before = readFileSync(file).subarray(at, at + 64);
  const write = (bytes: Buffer) => {
    const handle = openSync(file, 'r+');
    writeSync(handle, bytes, 0, 64, at);
    closeSync(handle);
  };
  write(Buffer.alloc(64, 0x5a));
  return () => {
    write(before);
    rmSync(join(folder, 'cache-check-asked'), { force: true });
  };
}

test('D3 a large cache is not waited for at the start of a day, but after a broken page was met it is', () => {
  open().close();
  const tomorrow = Date.now() + DAY;
  expect(cacheCheckDue(folder, Date.now())).toBe('none');
  expect(cacheCheckDue(folder, tomorrow)).toBe('now');
  expect(cacheCheckDue(folder, tomorrow, 1000)).toBe('while it works');
  noteCacheChecked(folder, tomorrow);
  expect(cacheCheckDue(folder, tomorrow, 1000)).toBe('none');
});

test('D3 what was not read at the start is read in slices while the desk works, and noted', async () => {
  const store = open();
  fillCache(store.cache, 200);
  expect([...readThrough(store.cache)].length).toBeGreaterThan(50);
  const clock = createSimClock();
  let done = 0;
  const stop = keepReadingThrough(
    store.cache,
    clock.forDesk(() => 0),
    () => {
      done += 1;
    },
  );
  await clock.advance(59_000);
  expect(done).toBe(0);
  await clock.advance(60_000);
  expect([done, damaged]).toEqual([1, 0]);
  stop();
  store.close();
});

test('D3 whatever page is broken of a table, a search or an index by column, reading through meets it', () => {
  const store = open();
  fillCache(store.cache, 300);
  const roots = store.cache
    .prepare(
      `SELECT name, rootpage AS page FROM sqlite_schema WHERE rootpage > 1 AND name NOT LIKE 'sqlite_%'
       AND (type = 'table' OR EXISTS (SELECT 1 FROM pragma_index_info(sqlite_schema.name) WHERE seqno = 0 AND cid >= 0))`,
    )
    .all() as { name: string; page: number }[];
  expect(roots.length).toBeGreaterThan(30);
  store.close();
  const missed = roots.filter(({ page }) => {
    const mend = breakPage(page);
    const broken = open();
    try {
      return [...readThrough(broken.cache)].length > 0;
    } catch {
      return false;
    } finally {
      broken.close();
      mend();
    }
  });
  expect(missed).toEqual([]);
  expect(damaged).toBe(roots.length);
});

import { closeSync, copyFileSync, existsSync, openSync, readdirSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DeskStore, openStore, type StoreOptions } from '../../../src/main/db/open.ts';
import { newId } from '../../../src/shared/ids.ts';
import { appendOperation } from '../../../src/sync/outbox.ts';
import { temporaryFolder } from '../../fakes/desk.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const NOTES = 200;
let folder: string;
let remove: () => void;
let file: string;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  file = join(folder, 'outbox.db');
  const store = open();
  for (let n = 0; n < NOTES; n += 1) writeNote(store, n);
  store.close();
});
afterEach(() => remove());

function open(more: Partial<StoreOptions> = {}): DeskStore {
  const options = { folder, dataKey: 'ab'.repeat(32), mayUseKeyFile: false, now: Date.now, log: () => {} };
  return openStore({ ...options, ...more });
}
function writeNote(store: DeskStore, n: number): void {
  const payload = {
    kind: 'note.save',
    noteId: newId(),
    interactionId: null,
    customerId: SAMPLE.gold.id,
    text: `메모 ${n} ${'가'.repeat(300)}`,
  } as const;
  const author = { authorId: SAMPLE.agent.id, authorName: '박상담', claimedAt: '2026-11-23T05:00:00.000Z' };
  store.outbox.transaction(() => appendOperation(store.outbox, { ...author, payload })).immediate();
}
/** A page of an index: every row can still be read. */
function breakIndex(): void {
  const store = open();
  const index = store.outbox.prepare(`SELECT rootpage AS page FROM sqlite_schema WHERE name = 'operation_seq'`).get();
  store.close();
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(64, 0x5a), 0, 64, ((index as { page: number }).page - 1) * 4096 + 100);
  closeSync(handle);
}
function unsent(store: DeskStore): number {
  return (store.outbox.prepare(`SELECT count(*) AS n FROM operation WHERE status = 'pending'`).get() as { n: number })
    .n;
}
/** What the next start finds; nothing of the work between may lie beside it. */
function nextStart(): { unsent: number; outbox: string; lost: number | null } {
  const store = open();
  const seen = { unsent: unsent(store), outbox: store.status.outbox, lost: store.status.lostOperations };
  store.close();
  expect(readdirSync(folder).filter((name) => name.startsWith('outbox.db.salvag'))).toEqual([]);
  return seen;
}
const WHOLE = { unsent: NOTES, outbox: 'salvaged', lost: 0 };
const asides = () => readdirSync(folder).filter((name) => /^outbox\.db\.broken-[^.]*$/.test(name));

/** A host that dies at this word of its log. */
function dieAt(word: string): void {
  const log = (event: string) => {
    if (event === word) throw new Error('killed here');
  };
  expect(() => open({ log })).toThrow('killed here');
}

describe('D2 a salvage that is cut', () => {
  test('by a full disk has lost nothing: the next start does it again', () => {
    breakIndex();
    expect(() => open({ maxPages: 30 })).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(asides()).toEqual([]);
    expect(nextStart()).toEqual(WHOLE);
    expect(asides()).toHaveLength(1);
    expect(nextStart()).toEqual(WHOLE);
  });

  test.each(['outbox.broken', 'outbox.salvaged'])(
    'by the end of its process at %s is done by the next start',
    (word) => {
      breakIndex();
      dieAt(word);
      expect(nextStart()).toEqual(WHOLE);
      expect(asides()).toHaveLength(1);
    },
  );

  test.each([
    ['-wal', '-shm'],
    ['-wal', '-shm', ''],
  ])('while the broken file is set aside, after %j, is gone on with', (...moved) => {
    breakIndex();
    dieAt('outbox.salvaged');
    const salvaged = readdirSync(folder).find((name) => name.startsWith('outbox.db.salvaged-')) ?? '';
    const aside = join(folder, salvaged.replace('salvaged-', 'broken-'));
    for (const end of moved) if (existsSync(file + end)) renameSync(file + end, aside + end);
    expect(nextStart()).toEqual(WHOLE);
    expect(statSync(aside).size).toBeGreaterThan(NOTES * 600);
    expect(asides()).toHaveLength(1);
  });

  test('by an earlier build, after it had moved the file away, is done by this one', () => {
    breakIndex();
    renameSync(file, `${file}.broken-2026-11-23T05-00-00-000Z`);
    expect(nextStart()).toEqual(WHOLE);
  });

  test('by an earlier build leaves the write-ahead log with the file that it belongs to', () => {
    const store = open();
    writeNote(store, NOTES);
    // Killed: the last commit stands in the log alone; then the file was moved away, and the log was not.
    const other = temporaryFolder();
    for (const name of readdirSync(folder)) {
      const to = name === 'outbox.db' ? `${name}.broken-2026-11-23T05-00-00-000Z` : name;
      if (!name.startsWith('host.')) copyFileSync(join(folder, name), join(other.folder, to));
    }
    store.close();
    const next = open({ folder: other.folder });
    expect(unsent(next)).toBe(NOTES + 1);
    next.close();
    other.remove();
  });
});

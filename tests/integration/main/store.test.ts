import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cipherOf } from '../../../src/main/db/cache-cipher.ts';
import { connect } from '../../../src/main/db/connection.ts';
import { CACHE_MIGRATIONS, migrate } from '../../../src/main/db/migrate.ts';
import { type DeskStore, openStore, type StoreOptions } from '../../../src/main/db/open.ts';
import { newId } from '../../../src/shared/ids.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { appendOperation } from '../../../src/sync/outbox.ts';
import { temporaryFolder } from '../../fakes/desk.ts';
import { SAMPLE, sampleRows } from '../../fakes/sample-set.ts';

const KEY = 'ab'.repeat(32);
const OTHER_KEY = 'cd'.repeat(32);
let folder: string;
let remove: () => void;
let opened: DeskStore[];

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  opened = [];
});
afterEach(() => {
  for (const store of opened) store.close();
  remove();
});

function open(more: Partial<StoreOptions> = {}): DeskStore {
  const options = { folder, dataKey: KEY, mayUseKeyFile: false, now: Date.now, log: () => {} };
  const store = openStore({ ...options, ...more });
  opened.push(store);
  return store;
}
function close(store: DeskStore): void {
  store.close();
  opened = opened.filter((one) => one !== store);
}
function refusal(more: Partial<StoreOptions> = {}): string {
  try {
    open(more);
    return 'opened';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const author = { authorId: SAMPLE.agent.id, authorName: '박상담', claimedAt: '2026-11-23T05:00:00.000Z' };
/** Note texts that are long enough to stand on many pages. */
function writeNotes(store: DeskStore, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const payload = {
      kind: 'note.save',
      noteId: newId(),
      interactionId: null,
      customerId: SAMPLE.gold.id,
      text: `메모 ${n} ${'가'.repeat(300)}`,
    } as const;
    return store.outbox.transaction(() => appendOperation(store.outbox, { ...author, payload })).immediate().opId;
  });
}
function operationIds(store: DeskStore): string[] {
  const rows = store.outbox.prepare('SELECT op_id AS id FROM operation ORDER BY rowid').all() as { id: string }[];
  return rows.map((row) => row.id);
}
/** Turns the bytes of a page into something else, as a failing disk does. */
function breakPage(file: string, page: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(64, 0x5a), 0, 64, page * 4096 + 100);
  closeSync(handle);
}

describe('a healthy store', () => {
  test('D13 holds nothing readable on disk', () => {
    const store = open();
    store.cache.transaction(() => applyRows(store.cache, sampleRows(Date.now()))).immediate();
    writeNotes(store, 1);
    expect(store.status).toEqual({ cache: 'encrypted', outbox: 'encrypted', keyStore: 'os', lostOperations: 0 });
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      expect(bytes.includes(Buffer.from('김민수')), name).toBe(false);
      expect(bytes.includes(Buffer.from('SQLite format')), name).toBe(false);
      expect(bytes.includes(Buffer.from(KEY)), name).toBe(false);
    }
  });
  test('D1 is set up so that an acknowledged commit is on the disk', () => {
    const { cache, outbox } = open();
    for (const db of [cache, outbox]) {
      expect(db.pragma('journal_mode')).toBe('wal');
      expect(db.pragma('synchronous')).toBe(2);
      expect(db.pragma('foreign_keys')).toBe(1);
      expect(db.pragma('mmap_size')).toBe(0);
      expect(db.pragma('temp_store')).toBe(2);
      expect(db.pragma('secure_delete')).toBe(1);
    }
  });
  test('D14 leaves no byte of an erased person once the log is truncated', () => {
    const store = open();
    close(store);
    // Looked at without encryption, where the bytes can be searched for.
    const plain = join(folder, 'plain.db');
    const db = connect({ file: plain, key: null });
    db.exec(`CREATE TABLE t (a TEXT); CREATE VIRTUAL TABLE f USING fts5 (a);
             INSERT INTO f (f, rank) VALUES ('secure-delete', 1)`);
    db.exec(`INSERT INTO t VALUES ('Nobodyknown'); INSERT INTO f VALUES ('Nobodyknown')`);
    db.exec(`DELETE FROM t; DELETE FROM f; PRAGMA wal_checkpoint(TRUNCATE)`);
    const bytes = [plain, `${plain}-wal`].map((file) => readFileSync(file).toString('latin1').toLowerCase()).join();
    db.close();
    expect(bytes).not.toContain('nobodyknown');
  });
  test('D10 is one host’s at a time, and free again when that host is gone', () => {
    const first = open();
    expect(refusal()).toBe('HOST_BUSY');
    close(first);
    expect(refusal()).toBe('opened');
  });
});

describe('the cipher of cache.db', () => {
  test('is the fast one for a new file; a file of an earlier build keeps its own and is not taken for broken', () => {
    const first = open();
    expect(cipherOf(folder, 'cache.db')).toBe('aegis');
    expect(cipherOf(folder, 'outbox.db')).toBe('chacha20');
    close(first);
    // As an earlier build made it.
    for (const name of ['cache.db', 'cache-cipher']) unlinkSync(join(folder, name));
    const old = connect({ file: join(folder, 'cache.db'), key: KEY });
    migrate(old, CACHE_MIGRATIONS, 'cache.db');
    old.transaction(() => applyRows(old, sampleRows(Date.now()))).immediate();
    old.close();
    const store = open();
    expect(store.status.cache).toBe('encrypted');
    expect(store.cache.prepare('SELECT name FROM customer WHERE id = ?').get(SAMPLE.gold.id)).toEqual({
      name: '김민수',
    });
  });
});

describe('the key', () => {
  test('D8 a wrong one opens nothing, deletes nothing, and the right one still does', () => {
    const store = open();
    const ids = writeNotes(store, 3);
    close(store);
    expect(refusal({ dataKey: OTHER_KEY })).toBe('KEY_MISSING');
    expect(operationIds(open())).toEqual(ids);
  });
  test('D8 a missing one is told, also where a key file would be allowed or memory would do', () => {
    close(open());
    const before = readFileSync(join(folder, 'outbox.db'));
    expect(refusal({ dataKey: null })).toBe('KEY_MISSING');
    expect(refusal({ dataKey: null, mayUseKeyFile: true })).toBe('KEY_MISSING');
    expect(readFileSync(join(folder, 'outbox.db')).equals(before)).toBe(true);
  });
  test('D12 without a key store: a private file where that is allowed, else memory, and it says so', () => {
    const store = open({ dataKey: null, mayUseKeyFile: true });
    expect(store.status.keyStore).toBe('file');
    expect(statSync(join(folder, 'data-key')).mode & 0o777).toBe(0o600);
    const ids = writeNotes(store, 1);
    close(store);
    expect(operationIds(open({ dataKey: null, mayUseKeyFile: true }))).toEqual(ids);
    const memory = temporaryFolder();
    const inMemory = open({ folder: memory.folder, dataKey: null });
    expect(inMemory.status).toEqual({ cache: 'memory', outbox: 'memory', keyStore: 'none', lostOperations: 0 });
    expect(existsSync(join(memory.folder, 'outbox.db'))).toBe(false);
    close(inMemory);
    memory.remove();
  });
  test('D8 a key store that appears later does not shut the data of a key file out', () => {
    const store = open({ dataKey: null, mayUseKeyFile: true });
    const ids = writeNotes(store, 1);
    close(store);
    expect(operationIds(open({ dataKey: OTHER_KEY, mayUseKeyFile: true }))).toEqual(ids);
  });
});

describe('damage', () => {
  test('D9 a database of a newer version is refused and left as it is', () => {
    for (const name of ['outbox.db', 'cache.db'] as const) {
      const temporary = temporaryFolder();
      const store = open({ folder: temporary.folder });
      const ids = writeNotes(store, 1);
      close(store);
      const db = connect({ file: join(temporary.folder, name), key: KEY, cipher: cipherOf(temporary.folder, name) });
      const version = db.pragma('user_version');
      db.exec('PRAGMA user_version = 99990');
      db.close();
      expect(refusal({ folder: temporary.folder }), name).toBe('NEWER_DATABASE');
      const again = connect({ file: join(temporary.folder, name), key: KEY, cipher: cipherOf(temporary.folder, name) });
      again.exec(`PRAGMA user_version = ${version}`);
      again.close();
      const reopened = open({ folder: temporary.folder });
      expect(operationIds(reopened)).toEqual(ids);
      close(reopened);
      temporary.remove();
    }
  });
  test.each([0, 3, 7])('D3 a cache whose page %i is broken is set aside and made anew; the outbox is whole', (page) => {
    const store = open();
    const ids = writeNotes(store, 3);
    close(store);
    breakPage(join(folder, 'cache.db'), page);
    const next = open({ now: () => Date.now() + 86_400_000 });
    expect(next.status).toMatchObject({ cache: 'rebuilt', outbox: 'encrypted' });
    expect(next.cache.prepare('SELECT count(*) AS n FROM customer').get()).toEqual({ n: 0 });
    expect(operationIds(next)).toEqual(ids);
    expect(readdirSync(folder).some((name) => name.startsWith('cache.db.broken-'))).toBe(true);
  });
  test('D3 a broken page that is met while working is told once; the next start sets the cache aside', () => {
    let told = 0;
    const onDamage = () => {
      told += 1;
    };
    const first = open();
    first.cache.transaction(() => applyRows(first.cache, sampleRows(Date.now()))).immediate();
    const root = first.cache.prepare(`SELECT rootpage AS page FROM sqlite_schema WHERE name = 'customer'`).get();
    close(first);
    breakPage(join(folder, 'cache.db'), (root as { page: number }).page - 1);
    const store = open({ onDamage });
    expect(store.status.cache).toBe('encrypted');
    for (let read = 0; read < 2; read += 1) {
      expect(() => store.cache.prepare('SELECT data FROM customer WHERE id = ?').get(SAMPLE.gold.id)).toThrow();
    }
    expect(told).toBe(1);
    close(store);
    expect(open().status.cache).toBe('rebuilt');
  });
  test('D2 of a broken outbox everything but the broken page is saved, and what is lost is counted', () => {
    const store = open();
    const ids = writeNotes(store, 60);
    store.outbox.prepare('INSERT INTO keep (name, value) VALUES (?, ?)').run('session', '{}');
    const pages = Number(store.outbox.pragma('page_count'));
    close(store);
    // One page near the end: rows of operations are there, whichever they are.
    breakPage(join(folder, 'outbox.db'), pages - 2);
    const next = open();
    expect(next.status.outbox).toBe('salvaged');
    const saved = operationIds(next);
    expect(saved.length + (next.status.lostOperations ?? 0)).toBe(ids.length);
    expect(saved.length).toBeGreaterThan(ids.length - 6);
    expect(next.outbox.prepare('SELECT value FROM keep WHERE name = ?').get('session')).toEqual({ value: '{}' });
    expect(readdirSync(folder).some((name) => name.startsWith('outbox.db.broken-'))).toBe(true);
    // The next operation takes a number that none of them had.
    const [fresh] = writeNotes(next, 1);
    const row = next.outbox.prepare('SELECT device_seq AS seq FROM operation WHERE op_id = ?').get(fresh);
    expect(row).toEqual({ seq: 61 });
    close(next);
    expect(open().status).toMatchObject({ outbox: 'salvaged', lostOperations: next.status.lostOperations });
  });
  test('D2 every single page of the outbox may break: it opens again, and nothing is claimed that is not there', () => {
    const store = open();
    const ids = writeNotes(store, 12);
    const pages = Number(store.outbox.pragma('page_count'));
    close(store);
    const whole = readFileSync(join(folder, 'outbox.db'));
    for (let page = 0; page < pages; page += 1) {
      const temporary = temporaryFolder();
      writeFileSync(join(temporary.folder, 'outbox.db'), whole);
      writeFileSync(join(temporary.folder, 'key-check'), readFileSync(join(folder, 'key-check')));
      breakPage(join(temporary.folder, 'outbox.db'), page);
      const next = open({ folder: temporary.folder });
      expect(next.status.outbox, `page ${page}`).toBe('salvaged');
      const saved = operationIds(next);
      expect(saved.every((id) => ids.includes(id))).toBe(true);
      // Without the first page nothing is known of the file: no number is claimed.
      const all = page === 0 ? null : ids.length - saved.length;
      expect(next.status.lostOperations, `page ${page}`).toBe(all);
      close(next);
      temporary.remove();
    }
  });
  test('D2 where rows and the index that counts them are both gone, no number is claimed', () => {
    const store = open();
    writeNotes(store, 60);
    const rootOf = (name: string) => {
      const row = store.outbox.prepare('SELECT rootpage AS page FROM sqlite_schema WHERE name = ?').get(name);
      return (row as { page: number }).page - 1;
    };
    const pages = [rootOf('operation'), rootOf('operation_seq')];
    close(store);
    for (const page of pages) breakPage(join(folder, 'outbox.db'), page);
    expect(open().status).toMatchObject({ outbox: 'salvaged', lostOperations: null });
  });
  test('D4 a write-ahead log that was cut in the middle loses its tail and nothing else', () => {
    const store = open();
    const ids = writeNotes(store, 10);
    const wal = readFileSync(join(folder, 'outbox.db-wal'));
    const base = readFileSync(join(folder, 'outbox.db'));
    close(store);
    const temporary = temporaryFolder();
    writeFileSync(join(temporary.folder, 'outbox.db'), base);
    writeFileSync(join(temporary.folder, 'outbox.db-wal'), wal);
    truncateSync(join(temporary.folder, 'outbox.db-wal'), wal.length - 5000);
    const next = open({ folder: temporary.folder });
    const saved = operationIds(next);
    expect(ids.slice(0, saved.length)).toEqual(saved);
    expect(saved.length).toBeGreaterThan(5);
    close(next);
    temporary.remove();
  });
});

describe('a full disk', () => {
  test('D5 refuses the next commit as DISK_FULL and keeps every one before it', () => {
    // Room for the empty tables and some notes.
    const store = open({ maxPages: 100 });
    const ids: string[] = [];
    let code = '';
    while (code === '' && ids.length < 1000) {
      try {
        ids.push(...writeNotes(store, 1));
      } catch (error) {
        code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      }
    }
    expect(code).toBe('SQLITE_FULL');
    expect(operationIds(store)).toEqual(ids);
    close(store);
    expect(operationIds(open())).toEqual(ids);
  });
});

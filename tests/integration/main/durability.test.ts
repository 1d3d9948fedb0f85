import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cipherOf } from '../../../src/main/db/cache-cipher.ts';
import { connect } from '../../../src/main/db/connection.ts';
import { asStoreError } from '../../../src/main/db/db-errors.ts';
import { type DeskStore, openStore } from '../../../src/main/db/open.ts';
import { createHost } from '../../../src/main/host.ts';
import { DangolError } from '../../../src/shared/errors.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { HostStart } from '../../../src/shared/key-hand-over.ts';
import { appendOperation } from '../../../src/sync/outbox.ts';
import { hostStart, temporaryFolder } from '../../fakes/desk.ts';

const KEY = 'ab'.repeat(32);
const CUSTOMER = '0193d000-0000-7000-8000-000000000001';
const NOWHERE = 'http://127.0.0.1:9';
const writer = fileURLToPath(new URL('../../chaos/note-writer.ts', import.meta.url));
let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
});
afterEach(() => remove());

const open = (at = folder) =>
  openStore({ folder: at, dataKey: KEY, mayUseKeyFile: false, now: Date.now, log: () => {} });
const author = { authorId: CUSTOMER, authorName: '박상담', claimedAt: '2026-11-23T05:00:00.000Z' };
function writeNote({ outbox }: DeskStore, n: number): string {
  const note = { kind: 'note.save', noteId: newId(), interactionId: null, customerId: CUSTOMER } as const;
  const payload = { ...note, text: `메모 ${n} ${'가'.repeat(300)}` };
  return outbox.transaction(() => appendOperation(outbox, { ...author, payload })).immediate().opId;
}
const operations = ({ outbox }: DeskStore) =>
  (outbox.prepare('SELECT op_id AS id FROM operation ORDER BY rowid').all() as { id: string }[]).map(({ id }) => id);

/** What the host says when it cannot open: the code and the step that helps. */
async function refusal(more: Partial<HostStart>): Promise<object> {
  try {
    const host = await createHost(hostStart(folder, NOWHERE, more));
    await host.close();
    return { code: 'opened' };
  } catch (error) {
    return error instanceof DangolError ? { code: error.code, next: error.next, detail: error.message } : { error };
  }
}

test('D4 a write-ahead log that is cut at any frame, or in it, loses its tail and nothing else', {
  timeout: 120_000,
}, () => {
  const store = open();
  const ids = Array.from({ length: 6 }, (_, n) => writeNote(store, n));
  const copies = temporaryFolder();
  const kept = join(copies.folder, 'kept');
  cpSync(folder, kept, { recursive: true, filter: (from) => !from.includes('host.') });
  store.close();
  const wal = readFileSync(join(kept, 'outbox.db-wal'));
  const frame = 24 + wal.readUInt32BE(8);
  const frames = (wal.length - 32) / frame;
  expect(frames).toBeGreaterThan(10);
  const lengths: number[] = [];
  for (let n = 0; n <= frames; n += 1) {
    for (const cut of n === frames ? [0] : [0, frame / 2]) {
      const copy = join(copies.folder, `cut-${n}-${cut}`);
      cpSync(kept, copy, { recursive: true });
      truncateSync(join(copy, 'outbox.db-wal'), 32 + n * frame + cut);
      const cutStore = open(copy);
      const saved = operations(cutStore);
      expect(cutStore.status.outbox, `cut at ${n} + ${cut}`).toBe('encrypted');
      expect(ids.slice(0, saved.length)).toEqual(saved);
      lengths.push(saved.length);
      cutStore.close();
    }
  }
  copies.remove();
  expect(lengths.at(-1)).toBe(ids.length);
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
});

test('D6 a disk that fails in the middle of a write is told with its step, and costs nothing that was answered for', {
  timeout: 60_000,
}, async () => {
  // The system itself refuses to let a file grow: what SQLite meets is an error of the write.
  const script = `trap '' XFSZ; ulimit -f 800; exec "${process.execPath}" "${writer}" "${folder}" ${KEY} ${CUSTOMER}`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complained += chunk.toString();
  });
  await once(child, 'close');
  expect(complained).toMatch(/SQLITE_(IOERR|FULL)/);
  const saved = [...said.matchAll(/^saved (\S+)$/gm)].map((match) => match[1]);
  expect(saved.length).toBeGreaterThan(0);
  const store = open();
  const there = store.outbox.prepare(`SELECT row_id AS id FROM operation WHERE kind = 'note.save' ORDER BY rowid`);
  const ids = (there.all() as { id: string }[]).map(({ id }) => id);
  expect(store.status.outbox).toBe('encrypted');
  expect(saved.filter((id) => !ids.includes(id ?? ''))).toEqual([]);
  store.close();
  const failed = Object.assign(new Error('write'), { code: 'SQLITE_IOERR_WRITE' });
  expect(asStoreError(failed)).toMatchObject({ code: 'DISK_ERROR', next: 'call-administrator' });
});

test('D7 a folder that takes no writes is told with its step, and left as it is', {
  timeout: 60_000,
}, async (context) => {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync('unshare', ['--mount', 'true']).status !== 0) {
    return context.skip('root may write everywhere, and no file system can be mounted here');
  }
  const first = open();
  writeNote(first, 1);
  first.close();
  const before = readFileSync(join(folder, 'outbox.db'));
  const told = await (isRoot ? readOnlyMount : readOnlyMode)(folder);
  expect(told).toMatch(/DISK_ERROR/);
  expect(readFileSync(join(folder, 'outbox.db')).equals(before)).toBe(true);
});

const TRY_TO_OPEN = (at: string) =>
  `import { createHost } from ${JSON.stringify(fileURLToPath(new URL('../../../src/main/host.ts', import.meta.url)))};
   const start = ${JSON.stringify(hostStart(at, NOWHERE))};
   createHost(start).then(() => console.log('opened'), (error) => console.log(error.code, error.next));`;

/** Nothing holds root back but a file system that is mounted read-only. */
async function readOnlyMount(at: string): Promise<string> {
  const mount = `mount --bind "${at}" "${at}" && mount -o remount,ro,bind "${at}" && exec "$0" --input-type=module -e "$1"`;
  return output('unshare', ['--mount', 'sh', '-c', mount, process.execPath, TRY_TO_OPEN(at)]);
}

async function readOnlyMode(at: string): Promise<string> {
  chmodSync(at, 0o500);
  try {
    return await output(process.execPath, ['--input-type=module', '-e', TRY_TO_OPEN(at)]);
  } finally {
    chmodSync(at, 0o700);
  }
}

async function output(command: string, args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    // An opened host goes on for ever.
    if (said.includes('\n')) child.kill();
  });
  await once(child, 'close');
  return said;
}

test('D8 without the key, or with another one, the host says so and changes nothing', async () => {
  const store = open();
  writeNote(store, 1);
  store.close();
  const before = readFileSync(join(folder, 'outbox.db'));
  for (const dataKey of [null, 'cd'.repeat(32)]) {
    for (const practice of [true, false]) {
      expect(await refusal({ dataKey, practice })).toMatchObject({ code: 'KEY_MISSING', next: 'call-administrator' });
    }
  }
  expect(readFileSync(join(folder, 'outbox.db')).equals(before)).toBe(true);
  writeFileSync(join(folder, 'data-key'), 'not a key');
  expect(await refusal({ dataKey: null })).toMatchObject({ code: 'KEY_MISSING', next: 'call-administrator' });
});

test.each(['outbox.db', 'cache.db'] as const)('D9 a newer %s is refused with its step', async (name) => {
  open().close();
  const db = connect({ file: join(folder, name), key: KEY, cipher: cipherOf(folder, name) });
  db.exec('PRAGMA user_version = 99990');
  db.close();
  expect(await refusal({})).toMatchObject({ code: 'NEWER_DATABASE', next: 'update-dangol' });
});

test('D10 a second host on a folder is refused, and told which process has it', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, [writer, folder, KEY, CUSTOMER], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  expect(await refusal({})).toMatchObject({ code: 'HOST_BUSY', detail: `held by process ${child.pid}` });
  child.kill('SIGKILL');
  await once(child, 'exit');
  // However its holder died, the folder is free at once.
  expect(await refusal({})).toEqual({ code: 'opened' });
});

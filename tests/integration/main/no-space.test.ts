import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';
import { hostStart, openPortDesk, until } from '../../fakes/desk.ts';
import { PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';
import { refusalOf } from '../contract/contract-suite.ts';

// ENOSPC from the file system itself: a small disk of our own, filled by another program. Mounting one needs root.

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A disk of eight megabytes; null where this user may not mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0700', 'dangol-test', folder]);
  if (status === 0) cleanups.push(() => execFileSync('umount', [folder]));
  cleanups.unshift(() => rmSync(folder, { recursive: true, force: true }));
  return status === 0 ? folder : null;
}

test('D5 a disk that another program has filled refuses the note with its next step, keeps all that was saved, and takes it again', async ({
  skip,
}) => {
  const disk = smallDisk();
  if (!disk) return skip('a small disk can be mounted by root only');
  const centre = await startHttpCentre(Date.now);
  cleanups.push(() => centre.close());
  const desk = await openPortDesk(hostStart(join(disk, 'desk'), centre.url));
  cleanups.push(() => desk.close());
  await desk.api.session.signIn({ login: 'agent1', password: PASSWORD });
  await until(async () => (await desk.api.sync.status({})).phase === 'idle', 'the first bootstrap');
  centre.mode = 'down';

  const filler = join(disk, 'another-program');
  const free = () => statfsSync(disk).bavail * statfsSync(disk).bsize;
  writeFileSync(filler, Buffer.alloc(Math.max(0, free() - 200_000)));
  const saved: string[] = [];
  const save = (noteId: string) =>
    desk.api.note.save({ noteId, callId: null, customerId: SAMPLE.gold.id, text: '가'.repeat(500) });
  const refused = newId();
  for (let noteId = newId(); saved.length < 500; noteId = newId()) {
    try {
      await save(noteId);
      saved.push(noteId);
    } catch {
      break;
    }
  }
  expect(free()).toBeLessThan(50_000);
  expect(saved.length).toBeGreaterThan(0);
  expect(await refusalOf(save(refused))).toMatchObject({ code: 'DISK_FULL', data: { next: 'free-disk-space' } });

  rmSync(filler);
  await save(refused);
  centre.mode = 'up';
  await until(async () => (await desk.api.sync.status({})).pending === 0, 'everything at the centre');
  const rows = centre.oracle.liveRows().filter(({ table }) => table === 'note');
  for (const id of [...saved, refused]) expect(rows.filter((row) => row.id === id)).toHaveLength(1);
});

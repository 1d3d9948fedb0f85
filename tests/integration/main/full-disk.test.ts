import { afterEach, expect, test } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';
import { hostStart, openPortDesk, type TestDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';
import { refusalOf } from '../contract/contract-suite.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('D5 a full disk is told with its next step; what was saved before is there, and the rest goes on once there is room', async () => {
  const centre = await startHttpCentre(Date.now);
  cleanups.push(() => centre.close());
  const { folder, remove } = temporaryFolder();
  cleanups.push(remove);
  const open = async (maxPages?: number): Promise<TestDesk> => {
    const desk = await openPortDesk(hostStart(folder, centre.url), maxPages === undefined ? {} : { maxPages });
    cleanups.push(() => desk.close());
    return desk;
  };
  const first = await open();
  await first.api.session.signIn({ login: 'agent1', password: PASSWORD });
  await until(async () => (await first.api.sync.status({})).phase === 'idle', 'the first bootstrap');
  await first.close();
  centre.mode = 'down';

  const full = await open(70);
  const saved: string[] = [];
  const save = (desk: TestDesk, noteId: string) =>
    desk.api.note.save({ noteId, callId: null, customerId: SAMPLE.gold.id, text: '가'.repeat(500) });
  let refused = false;
  while (!refused && saved.length < 500) {
    const noteId = newId();
    try {
      await save(full, noteId);
      saved.push(noteId);
    } catch {
      refused = true;
      expect(await refusalOf(save(full, noteId))).toMatchObject({
        code: 'DISK_FULL',
        data: { next: 'free-disk-space' },
      });
    }
  }
  expect(refused).toBe(true);
  expect(saved.length).toBeGreaterThan(0);
  await full.close();

  centre.mode = 'up';
  const later = await open();
  await until(async () => (await later.api.sync.status({})).pending === 0, 'everything at the centre');
  const rows = centre.oracle.liveRows();
  for (const id of saved) expect(rows.some((row) => row.table === 'note' && row.id === id)).toBe(true);
});

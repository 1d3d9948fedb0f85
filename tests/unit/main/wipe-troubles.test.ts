import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CentralClient } from '../../../src/main/central-client.ts';
import { writeKeep } from '../../../src/main/keep.ts';
import { saveNote } from '../../../src/main/notes.ts';
import { createRemoteWipe, type RemoteWipeParts } from '../../../src/main/remote-wipe.ts';
import { Session } from '../../../src/main/session.ts';
import { wipeFolder } from '../../../src/main/wiped-folder.ts';
import { newId } from '../../../src/shared/ids.ts';
import { temporaryFolder } from '../../fakes/desk.ts';
import { NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const MINUTE = 60_000;

/** A desk under the order to wipe itself; what it does fails as often as `parts` say. */
function ordered(desk: TestContext, handIn: boolean, parts: Partial<RemoteWipeParts>) {
  const seen = { wiped: false, told: null as unknown, shut: 0 };
  const order = { wipe: { orderedAt: new Date(NOON).toISOString(), handIn } };
  const central: CentralClient = {
    ask: async ({ path, body, answer }) => {
      if (path === '/v1/desk/wiped') seen.told = body;
      return answer.parse(path === '/v1/desk/order' ? order : {});
    },
  };
  const wipe = createRemoteWipe({
    context: desk,
    central,
    deviceToken: () => 'token',
    shut: () => {
      seen.shut += 1;
    },
    wipe: async () => {},
    onWiped: () => {
      seen.wiped = true;
    },
    ...parts,
  });
  return { seen, wipe };
}
const failing = (times: number, code: string) => {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw Object.assign(new Error(code), { code });
  };
};
async function pass(desk: TestContext, minutes: number): Promise<void> {
  for (let at = 0; at < minutes * 6; at += 1) await desk.clock.advance(MINUTE / 6);
}

test('a lock that cannot be written does not stop an order that hands nothing in', async () => {
  const desk = openTestContext();
  const { seen, wipe } = ordered(desk, false, { shut: failing(Number.POSITIVE_INFINITY, 'SQLITE_FULL') });
  await pass(desk, 1);
  expect(seen).toMatchObject({ wiped: true, told: { lost: 0 } });
  wipe.close();
});

test('a wipe that fails is tried again until it is done', async () => {
  const desk = openTestContext();
  const fail = failing(3, 'ENOSPC');
  const { seen, wipe } = ordered(desk, false, { wipe: async () => fail() });
  await pass(desk, 1);
  expect(seen.wiped).toBe(false);
  await pass(desk, 10);
  expect(seen).toMatchObject({ wiped: true, told: { lost: 0 } });
  wipe.close();
});

test('where typed text cannot be handed in, the order is carried out when its time is over, and the loss is told', async () => {
  const desk = openTestContext();
  const draft = desk.outbox.prepare('INSERT INTO draft VALUES (?, ?, NULL, ?, ?, 1, ?)');
  draft.run(newId(), SAMPLE.agent.id, SAMPLE.gold.id, '저장하지 않은 글', new Date(NOON).toISOString());
  desk.outbox.exec(`CREATE TRIGGER full BEFORE INSERT ON operation BEGIN SELECT raise(ABORT, 'full'); END`);
  const { seen, wipe } = ordered(desk, true, {});
  await pass(desk, 5);
  expect(seen).toMatchObject({ wiped: false, shut: 1 });
  await pass(desk, 7);
  expect(seen).toMatchObject({ wiped: true, told: { lost: 1 } });
  wipe.close();
});

test('what the centre refused is lost, too: its words are nowhere else', async () => {
  const desk = openTestContext();
  saveNote(desk, { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text: '거절된 메모' });
  desk.outbox.exec(`UPDATE operation SET status = 'rejected'`);
  const { seen, wipe } = ordered(desk, true, {});
  await pass(desk, 1);
  expect(seen).toMatchObject({ wiped: true, told: { lost: 1 } });
  wipe.close();
});

test('the screen locks also when the disk refuses to note it', () => {
  const desk = openTestContext();
  const kept = {
    ...{ agent: SAMPLE.agent, deviceId: newId(), accessToken: 'token', accessUntil: NOON + MINUTE },
    ...{ refreshToken: 'refresh', leaseUntil: NOON + 60 * MINUTE, seenUntil: NOON, revoked: false },
    leaseUntilCentre: new Date(NOON + 60 * MINUTE).toISOString(),
  };
  writeKeep(desk.outbox, 'session', kept);
  const states: string[] = [];
  const session = new Session({
    outbox: desk.outbox,
    central: { ask: () => new Promise(() => {}) },
    clock: desk.clock,
    centralUrl: 'http://127.0.0.1',
    practice: false,
    log: () => {},
    onChange: (state) => states.push(state.status),
  });
  expect(session.state().status).toBe('signed_in');
  desk.outbox.exec(`CREATE TRIGGER full BEFORE INSERT ON keep BEGIN SELECT raise(ABORT, 'full'); END`);
  expect(() => session.shut()).toThrow('full');
  expect(session.state().status).toBe('locked');
  expect(states).toEqual(['locked']);
  session.close();
});

test('a mark that the disk has no room for is written once the cache is gone', async () => {
  const { folder, remove } = temporaryFolder();
  for (const name of ['cache.db', 'cache.db-wal', 'outbox.db', 'data-key', 'dangol.json']) {
    writeFileSync(join(folder, name), 'x');
  }
  // Stands for the full disk: the mark cannot be written before the host has let go of its files.
  const inTheWay = join(folder, `wiped.json.${process.pid}.new`);
  mkdirSync(inTheWay);
  await wipeFolder(folder, NOON, async () => {
    expect(existsSync(join(folder, 'outbox.db'))).toBe(true);
    rmdirSync(inTheWay);
  });
  expect(readdirSync(folder).sort()).toEqual(['dangol.json', 'wiped.json']);
  remove();
});

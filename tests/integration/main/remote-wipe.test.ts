import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHost } from '../../../src/main/host.ts';
import { markWiped } from '../../../src/main/wiped-folder.ts';
import { newId } from '../../../src/shared/ids.ts';
import { hostStart, openPortDesk, type TestDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { type HttpCentre, PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';
import { createSimClock, type SimClock } from '../../fakes/sim-clock.ts';

const MINUTE = 60_000;
let clock: SimClock;
let centre: HttpCentre;
let desk: TestDesk;
let folder: string;
let remove: () => void;
let wiped: boolean;

beforeEach(async () => {
  clock = createSimClock();
  centre = await startHttpCentre(() => clock.now());
  ({ folder, remove } = temporaryFolder());
  wiped = false;
  const onWiped = () => {
    wiped = true;
  };
  desk = await openPortDesk(hostStart(folder, centre.url), { clock, random: () => 0.5, onWiped });
  await desk.api.session.signIn({ login: 'agent1', password: PASSWORD });
  await pass(async () => (await desk.api.sync.status({})).phase === 'idle', 'the first load');
});
afterEach(async () => {
  await desk.close();
  await centre.close();
  remove();
});

const pass = (ask: () => boolean | Promise<boolean>, what: string, stepMs = 500) =>
  until(async () => {
    await clock.advance(stepMs);
    return ask();
  }, what);
const data = () => readdirSync(folder).filter((name) => /\.db|data-key|key-check/.test(name) && !/^host\./.test(name));
const notes = () =>
  centre.oracle.liveRows().flatMap((row) => (row.table === 'note' && row.data ? [row.data.text] : []));
const save = (text: string) => desk.api.note.save({ noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text });

describe('a desk that is to be wiped', () => {
  test('locks at its next contact, hands in what was not sent, also what was only typed, and has nothing left', async () => {
    centre.mode = 'down';
    await save('보내지 못한 메모');
    const draft = { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text: '저장하지 않은 글', revision: 1 };
    await desk.api.note.draft(draft);
    expect(data().length).toBeGreaterThan(0);
    centre.wipe = { handIn: true };
    centre.mode = 'up';
    await pass(() => wiped, 'the wipe', 5000);
    expect(notes()).toEqual(expect.arrayContaining(['보내지 못한 메모', '저장하지 않은 글']));
    expect(data()).toEqual([]);
    expect(centre.wiped).toEqual({ lost: 0 });
    await expect(createHost(hostStart(folder, centre.url))).rejects.toMatchObject({ code: 'DESK_WIPED' });
  });

  test('where nothing may be handed in, nothing is sent any more; the centre hears how much was lost', async () => {
    centre.mode = 'down';
    await save('보내지 못한 메모');
    centre.wipe = { handIn: false };
    // The real centre refuses the push of such a desk.
    centre.oracle.push = () => {
      throw new Error('refused');
    };
    centre.mode = 'up';
    await pass(() => wiped, 'the wipe', 5000);
    expect(notes()).not.toContain('보내지 못한 메모');
    expect(centre.wiped).toMatchObject({ lost: 1 });
    expect(data()).toEqual([]);
  });

  test('does not wait for ever for what cannot be handed in', async () => {
    centre.oracle.push = () => {
      throw new Error('broken');
    };
    await save('아무도 받지 않는 메모');
    centre.wipe = { handIn: true };
    await pass(async () => (await desk.api.session.state({})).status === 'locked', 'the lock', 5000);
    expect(data().length).toBeGreaterThan(0);
    await pass(() => wiped, 'the wipe', MINUTE);
    expect(centre.wiped).toMatchObject({ lost: 1 });
  });

  test('cut in the middle, the next start goes on with it and opens nothing', async () => {
    await desk.close();
    markWiped(folder, clock.now());
    writeFileSync(join(folder, 'outbox.db-wal'), 'left over');
    await expect(createHost(hostStart(folder, centre.url))).rejects.toMatchObject({
      code: 'DESK_WIPED',
      next: 'call-administrator',
    });
    expect(data()).toEqual([]);
    expect(existsSync(join(folder, 'wiped.json'))).toBe(true);
  });
});

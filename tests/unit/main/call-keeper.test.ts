import { beforeEach, describe, expect, test } from 'vitest';
import { COME_BACK_WITHIN_MS, createCallKeeper, SETTLE_WITHIN_MS } from '../../../src/main/call-keeper.ts';
import { newId } from '../../../src/shared/ids.ts';
import { keptCall } from '../../fakes/kept-call.ts';
import { createSimClock, type SimClock } from '../../fakes/sim-clock.ts';

// Calls whose page is gone: taken up within seconds, or ended at the PBX.

const KIM = newId();
const LEE = newId();
const [PAGE, NEXT, THIRD] = [newId(), newId(), newId()];

let clock: SimClock;
let said: string[];
let inReach: boolean;
let keeper: ReturnType<typeof createCallKeeper>;

beforeEach(() => {
  clock = createSimClock();
  said = [];
  inReach = true;
  keeper = createCallKeeper({
    clock,
    farewells: {
      reaches: async () => inReach,
      say: async (server, messages) => {
        said.push(...messages.map((message) => `${server} ${message}`));
        return true;
      },
    },
  });
});

const BYE = 'wss://pbx.test/ws BYE one';
const one = keptCall({ server: 'wss://pbx.test/ws', bye: 'BYE one', replaces: 'one' });

describe('a page is gone', () => {
  test('nobody comes back: the host ends its calls, not before and only once', async () => {
    await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
    keeper.gone(PAGE);
    await clock.advance(COME_BACK_WITHIN_MS - 1);
    expect(said).toEqual([]);
    await clock.advance(1);
    expect(said).toEqual([BYE]);
    expect(keeper.takeUp(KIM, NEXT)).toEqual([]);
    await keeper.close();
    expect(said).toEqual([BYE]);
  });

  test('the next page takes them up and says so: they go on', async () => {
    await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
    keeper.gone(PAGE);
    expect(keeper.takeUp(KIM, NEXT)).toEqual([one]);
    await keeper.keep(KIM, { windowId: NEXT, calls: [{ ...one, replaces: 'two' }] });
    await clock.advance(60_000);
    expect(said).toEqual([]);
  });

  test('the next page promises and is not heard of again: ended all the same', async () => {
    await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
    keeper.gone(PAGE);
    keeper.takeUp(KIM, NEXT);
    await keeper.keep(KIM, { windowId: NEXT, calls: [one] });
    await clock.advance(SETTLE_WITHIN_MS);
    expect(said).toEqual([BYE]);
  });

  test('the next page goes, too: the third has them', async () => {
    await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
    keeper.gone(PAGE);
    keeper.takeUp(KIM, NEXT);
    keeper.gone(NEXT);
    expect(keeper.takeUp(KIM, THIRD)).toEqual([one]);
  });

  test('it says goodbye itself, before its connection ends: they can be taken up at once', async () => {
    await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
    await keeper.keep(KIM, { windowId: PAGE, calls: [one], leaving: true });
    expect(keeper.takeUp(KIM, NEXT)).toEqual([one]);
    keeper.gone(PAGE);
    await keeper.keep(KIM, { windowId: NEXT, calls: [{ ...one, replaces: 'two' }] });
    await clock.advance(60_000);
    expect(said).toEqual([]);
  });

  test('it only lost its connection for a moment: its calls are not touched', async () => {
    await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
    keeper.gone(PAGE);
    await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
    await clock.advance(60_000);
    expect(said).toEqual([]);
    expect(keeper.takeUp(KIM, NEXT)).toEqual([]);
  });

  test('the host ends: they are ended with it', async () => {
    await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
    keeper.gone(PAGE);
    await keeper.close();
    expect(said).toEqual([BYE]);
  });
});

test('calls of a page that lives are nobody else’s, and go on when the host ends', async () => {
  await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
  expect(keeper.takeUp(KIM, NEXT)).toEqual([]);
  await keeper.close();
  expect(said).toEqual([]);
});

test('another agent gets nobody’s calls', async () => {
  await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
  keeper.gone(PAGE);
  expect(keeper.takeUp(LEE, NEXT)).toEqual([]);
});

test('a PBX that the host does not reach: the page is told, and says goodbye itself', async () => {
  inReach = false;
  expect(await keeper.keep(KIM, { windowId: PAGE, calls: [one] })).toEqual({ endable: false });
});

test('an ended call is no call to end', async () => {
  await keeper.keep(KIM, { windowId: PAGE, calls: [one] });
  await keeper.keep(KIM, { windowId: PAGE, calls: [] });
  keeper.gone(PAGE);
  await clock.advance(60_000);
  expect(said).toEqual([]);
});

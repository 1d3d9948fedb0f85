import { afterEach, describe, expect, test } from 'vitest';
import { endConsult, handOver, swap, toggleConference } from '../../../src/renderer/screens/call/handover.ts';
import type { DeskUi } from '../../../src/renderer/screens/desk/desk-target.ts';
import { readyWorld, type World } from './world.ts';

// Customer and colleague are joined: the story goes to the centre first, which may take a second and a half.

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});
const ui = { transfer: false, setTransfer: () => undefined } as unknown as DeskUi;

/** A colleague talks, and the centre takes its time with the story. */
async function sealing() {
  const world = await readyWorld();
  worlds.push(world);
  const customer = world.line.ring();
  world.line.talk(customer);
  const consult = world.desk.line.phone()?.consult(customer, '102') ?? '';
  world.line.talk(consult);
  const kept = Promise.withResolvers<void>();
  world.host.state.held.set('transfer.seal', kept.promise);
  handOver(world.desk, ui);
  await world.until(() => world.host.state.heard.includes('transfer.seal'));
  const joined = () => world.line.asked.filter((act) => act.startsWith('completeTransfer'));
  const working = () => world.desk.completion.store.getState().consultCallId;
  /** The centre answers, and everything that follows from it has happened. */
  const sealed = async () => {
    kept.resolve();
    await world.desk.api.transfer.seal({ id: customer, callId: customer, customerId: null, note: '' });
    await world.desk.api.session.state({});
  };
  return { world, customer, consult, joined, working, sealed };
}

describe('while the story is on its way', () => {
  test('it is shown, and a second press does nothing', async () => {
    const it = await sealing();
    expect(it.working()).toBe(it.consult);
    handOver(it.world.desk, ui);
    handOver(it.world.desk, ui);
    await it.sealed();
    expect(it.joined()).toEqual([`completeTransfer ${it.customer} ${it.consult}`]);
    expect(it.world.host.state.heard.filter((path) => path === 'transfer.seal')).toHaveLength(2);
    expect(it.working()).toBeNull();
  });

  test('Escape takes it back: nobody is joined, and it can be asked for again', async () => {
    const it = await sealing();
    expect(it.world.desk.completion.cancel()).toBe(true);
    expect(it.working()).toBeNull();
    expect(it.world.desk.completion.cancel()).toBe(false);
    await it.sealed();
    expect(it.joined()).toEqual([]);
    it.world.host.state.held.clear();
    handOver(it.world.desk, ui);
    await it.world.until(() => it.joined().length === 1);
  });

  test.each<[string, (it: Awaited<ReturnType<typeof sealing>>) => void]>([
    ['talks to the customer instead', ({ world }) => swap(world.desk)],
    ['joins all three', ({ world }) => toggleConference(world.desk)],
    ['lets the colleague go', ({ world, consult }) => endConsult(world.desk, consult)],
  ])('the agent %s: that is what counts', async (_, act) => {
    const it = await sealing();
    act(it);
    await it.sealed();
    expect(it.joined()).toEqual([]);
    expect(it.working()).toBeNull();
  });

  test.each(['customer', 'consult'] as const)(
    'the %s hangs up meanwhile: nobody is joined with nobody',
    async (who) => {
      const it = await sealing();
      it.world.line.end(it[who]);
      expect(it.working()).toBeNull();
      await it.sealed();
      expect(it.joined()).toEqual([]);
    },
  );
});

test('once the PBX was asked it is no longer to be taken back, and another press asks for nothing', async () => {
  const it = await sealing();
  await it.sealed();
  expect(it.joined()).toHaveLength(1);
  expect(it.world.desk.completion.cancel()).toBe(false);
  const before = it.world.host.state.heard.filter((path) => path === 'transfer.seal').length;
  handOver(it.world.desk, ui);
  await it.world.desk.api.session.state({});
  expect(it.world.host.state.heard.filter((path) => path === 'transfer.seal')).toHaveLength(before);
});

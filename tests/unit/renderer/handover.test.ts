import { afterEach, describe, expect, test } from 'vitest';
import { callFor } from '../../../src/renderer/screens/call/call-keys.ts';
import {
  endConsult,
  handOver,
  handoverOf,
  swap,
  toggleConference,
  transferProblem,
} from '../../../src/renderer/screens/call/handover.ts';
import type { DeskUi } from '../../../src/renderer/screens/desk/desk-target.ts';
import { callKey } from '../../../src/renderer/work-keys.ts';
import { newId } from '../../../src/shared/ids.ts';
import { fixedId, goldView } from '../../fakes/desk-fixtures.ts';
import { readyWorld, type World } from './world.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});
const state = (world: World) => world.desk.calls.store.getState();
const live = (world: World, callId: string) => state(world).calls.find((call) => call.callId === callId)?.live;

/** A customer on the line whose note has begun, and a colleague who is asked about them. */
async function asking(colleagueTalks = true) {
  const world = await readyWorld();
  worlds.push(world);
  const customer = world.line.ring();
  world.line.talk(customer);
  world.desk.notes.type(callKey(customer), '환불 문의');
  await world.until(() => world.host.state.calls.some((snapshot) => snapshot.phase === 'talking'));
  const consult = world.desk.line.phone()?.consult(customer, '102') ?? '';
  if (colleagueTalks) world.line.talk(consult);
  return { world, customer, consult };
}

/** The strip's switch, as the screen holds it. */
function strip() {
  const opened: boolean[] = [];
  const ui = { transfer: false, setTransfer: (open: boolean) => opened.push(open) } as unknown as DeskUi;
  return { ui, opened };
}

describe('a colleague is asked about the customer', () => {
  test('the screen, the note and the history stay the customer’s', async () => {
    const { world, customer, consult } = await asking();
    expect(state(world).focus).toEqual({ kind: 'call', callId: customer });
    expect(world.desk.notes.store.getState().slots[callKey(customer)]?.text).toBe('환불 문의');
    expect(world.desk.notes.store.getState().slots[callKey(consult)]).toBeUndefined();
    expect(world.host.state.calls.map((snapshot) => snapshot.callId)).not.toContain(consult);
    expect(handoverOf(state(world).calls)).toMatchObject({
      customer: { callId: customer },
      consult: { callId: consult },
    });
  });

  test('the colleague hangs up: no wrap-up for them, the customer waits on hold', async () => {
    const { world, customer, consult } = await asking();
    world.line.end(consult);
    expect(state(world).calls.map((call) => call.callId)).toEqual([customer]);
    expect(live(world, customer)).toMatchObject({ phase: 'talking', hold: 'held' });
  });

  test('the key to hang up means the colleague; letting them go takes the customer back', async () => {
    const { world, customer, consult } = await asking();
    expect(callFor('hang_up', world.desk)?.callId).toBe(consult);
    endConsult(world.desk, consult);
    expect(state(world).calls.map((call) => call.callId)).toEqual([customer]);
    expect(live(world, customer)).toMatchObject({ hold: 'none' });
  });

  test('the colleague is busy: it is said, until somebody else is asked', async () => {
    const { world, customer, consult } = await asking(false);
    world.line.end(consult, { result: 'busy', by: 'there', sipStatus: 486 });
    expect(state(world).notReached).toMatchObject({ callId: consult, consultFor: customer, end: { result: 'busy' } });
    const again = world.desk.line.phone()?.consult(customer, '103') ?? '';
    expect(state(world).notReached).toBe(null);
    endConsult(world.desk, again);
    expect(state(world).notReached).toBe(null);
  });

  test('a call that was taken and never came about is in the missed ones', async () => {
    const world = await readyWorld();
    worlds.push(world);
    const callId = world.line.ring();
    world.line.end(callId, { result: 'failed', by: 'here', sipStatus: null });
    expect(state(world).missed).toMatchObject({ callId });
  });

  test('let go while the hold was still on its way: the customer is taken back when it is agreed', async () => {
    const { world, customer, consult } = await asking(false);
    const hold = (state: 'holding' | 'held') =>
      world.line.change(customer, (call) => (call.phase === 'talking' ? { ...call, hold: state } : call));
    hold('holding');
    endConsult(world.desk, consult);
    expect(live(world, customer)).toMatchObject({ hold: 'holding' });
    hold('held');
    expect(live(world, customer)).toMatchObject({ hold: 'none' });
  });

  test('while the colleague’s phone only rings, the key to hang up takes that call back, not the customer', async () => {
    const { world, consult } = await asking(false);
    expect(callFor('hang_up', world.desk)?.callId).toBe(consult);
  });

  test('the transfer key connects the two, once the colleague talks', async () => {
    const { world, customer, consult } = await asking(false);
    const { ui, opened } = strip();
    handOver(world.desk, ui);
    expect(opened).toEqual([]);
    world.line.talk(consult);
    handOver(world.desk, ui);
    await world.until(() => world.line.asked.at(-1) === `completeTransfer ${customer} ${consult}`);
  });

  test('swap talks to the other of the two', async () => {
    const { world, customer } = await asking();
    swap(world.desk);
    expect(live(world, customer)).toMatchObject({ hold: 'none' });
  });

  test('three together, and apart again', async () => {
    const { world, customer, consult } = await asking();
    toggleConference(world.desk);
    expect(world.line.asked.at(-1)).toBe(`conference ${customer} ${consult}`);
    toggleConference(world.desk);
    expect(world.line.asked.at(-1)).toBe('splitConference');
  });

  test('the customer hangs up meanwhile: their wrap-up is there, the colleague is still on the line', async () => {
    const { world, customer, consult } = await asking();
    world.line.end(customer);
    expect(state(world).focus).toEqual({ kind: 'call', callId: customer });
    expect(state(world).calls).toMatchObject([
      { callId: customer, stage: 'wrap_up' },
      { callId: consult, stage: 'live' },
    ]);
    endConsult(world.desk, consult);
    expect(state(world).calls).toMatchObject([{ callId: customer, stage: 'wrap_up' }]);
  });
});

describe('a customer is handed over', () => {
  test('the strip opens with a customer on the line or ringing, and with nobody it does not', async () => {
    const world = await readyWorld();
    worlds.push(world);
    const { ui, opened } = strip();
    handOver(world.desk, ui);
    expect(opened).toEqual([]);
    const customer = world.line.ring();
    handOver(world.desk, ui);
    world.line.talk(customer);
    handOver(world.desk, ui);
    expect(opened).toEqual([true, true]);
  });

  test('after it the wrap-up knows to whom', async () => {
    const { world, customer, consult } = await asking();
    world.line.end(consult);
    world.line.end(customer, { transferredTo: '102' });
    expect(state(world).calls).toMatchObject([{ callId: customer, stage: 'wrap_up', end: { transferredTo: '102' } }]);
  });

  test.each([
    [486, 'busy'],
    [408, 'no_answer'],
    [404, 'not_found'],
    [503, 'refused'],
    [null, 'timeout'],
  ])('status %s is said as "%s"', (status, words) => expect(transferProblem(status)).toBe(words));
});

describe('the story travels with the customer', () => {
  test('sealed with the note as it stands when the customer goes, and named in the headers', async () => {
    const { world, customer, consult } = await asking();
    await world.until(() => world.desk.calls.store.getState().calls[0]?.customerId !== null);
    const { ui } = strip();
    handOver(world.desk, ui);
    await world.until(() => world.line.asked.some((act) => act.startsWith('completeTransfer')));
    const customerId = world.desk.calls.store.getState().calls[0]?.customerId;
    expect(world.host.state.capsules).toMatchObject([{ callId: customer, customerId, note: '환불 문의' }]);
    expect(world.line.asked.at(-1)).toBe(`completeTransfer ${customer} ${consult}`);
    const id = world.host.state.capsules[0]?.id ?? '';
    expect(world.line.headers.at(-1)).toEqual({ 'X-Dangol-Capsule': id, 'X-Customer-Ref': customerId });
  });

  test('the centre is down: the customer goes all the same, with the reference alone', async () => {
    const { world } = await asking();
    await world.until(() => world.desk.calls.store.getState().calls[0]?.customerId !== null);
    world.host.state.failing.set('transfer.seal', { code: 'CENTRE_UNREACHABLE', next: 'check-network' });
    const { ui } = strip();
    handOver(world.desk, ui);
    await world.until(() => world.line.asked.some((act) => act.startsWith('completeTransfer')));
    expect(Object.keys(world.line.headers.at(-1) ?? {})).toEqual(['X-Customer-Ref']);
  });

  test('a call that brings one shows the customer and the story, though the number is a colleague’s', async () => {
    const world = await readyWorld();
    worlds.push(world);
    const id = newId();
    world.host.state.open = { match: 'none', asOf: null };
    world.host.state.capsules = [{ id, callId: newId(), customerId: fixedId(10), note: '환불 확인 중' }];
    const callId = world.line.ring({ capsule: id });
    await world.until(() => world.desk.capsules.store.getState().received[callId] !== undefined);
    await world.until(() => world.desk.customers.store.getState().panes[callKey(callId)]?.state === 'open');
    expect(world.desk.capsules.store.getState().received[callId]).toMatchObject({
      note: '환불 확인 중',
      fromName: '김하늘',
    });
    expect(state(world).calls[0]?.customerId).toBe(fixedId(10));
  });

  test('after a transfer the network names the customer: their screen follows', async () => {
    const world = await readyWorld();
    worlds.push(world);
    world.host.state.open = { match: 'none', asOf: null };
    const callId = world.line.ring();
    world.line.talk(callId);
    await world.until(() => world.desk.customers.store.getState().panes[callKey(callId)]?.state === 'none');
    world.host.state.open = { match: 'one', view: goldView(Date.now()), remembered: false, others: [] };
    const caller = { number: '01000005678', e164: '+821000005678', displayName: null, withheld: false } as const;
    world.line.change(callId, (call) => ({ ...call, caller: { ...caller, source: 'p-asserted-identity' } }));
    await world.until(() => world.desk.customers.store.getState().panes[callKey(callId)]?.state === 'open');
    expect(state(world).calls[0]?.caller.e164).toBe('+821000005678');
  });
});

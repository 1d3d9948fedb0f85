import { afterEach, describe, expect, test } from 'vitest';
import { switchCustomer } from '../../../src/renderer/handed-over.ts';
import { callKey } from '../../../src/renderer/work-keys.ts';
import { newId } from '../../../src/shared/ids.ts';
import { fixedId, goldView } from '../../fakes/desk-fixtures.ts';
import { readyWorld, type World } from './world.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const BY_NUMBER = fixedId(10);
const HANDED = fixedId(20);
const PICKED = fixedId(21);

/** The number is one customer's, the story that a colleague hands over another's. */
async function handedOver(customerId: string | null = HANDED) {
  const world = await readyWorld();
  worlds.push(world);
  const { state } = world.host;
  const base = goldView(Date.now());
  const person = (id: string, name: string) =>
    state.views.set(id, { ...base, customer: { ...base.customer, id, name, kind: 'person' } });
  person(HANDED, '이*영');
  person(PICKED, '박*수');
  const id = newId();
  state.capsules = [{ id, callId: newId(), customerId, note: '어머니 명의 해지 문의' }];
  let release = () => {};
  state.held.set('transfer.open', new Promise((resolve) => (release = () => resolve())));
  const callId = world.line.ring({ capsule: id });
  const key = callKey(callId);
  const desk = world.desk;
  const shown = () => {
    const pane = desk.customers.store.getState().panes[key];
    return pane?.state === 'open' ? pane.view.customer.id : (pane?.state ?? null);
  };
  const story = () => desk.capsules.store.getState().received[callId];
  const call = () => desk.calls.store.getState().calls.find((one) => one.callId === callId);
  return { world, desk, callId, key, release, shown, story, call };
}

/** As the screen does it. */
function pick({ desk, key, callId }: Awaited<ReturnType<typeof handedOver>>, customerId: string) {
  const tie = { callId, number: '01000005678', customerRef: null, direction: 'in' } as const;
  return desk.customers.pick(key, tie, customerId, false);
}

describe('a story that names another customer than the number', () => {
  test('its customer is on the screen, in the call and in the note; the other one is named', async () => {
    const it = await handedOver();
    await it.world.until(() => it.shown() === BY_NUMBER);
    it.desk.notes.type(it.key, '해지 서류 안내');
    it.release();
    await it.world.until(() => it.shown() === HANDED);
    expect(it.call()?.customerId).toBe(HANDED);
    await it.world.until(() => it.story()?.about !== undefined);
    expect(it.story()?.about).toMatchObject({ handed: { id: HANDED, name: '이*영' }, other: { id: BY_NUMBER } });
    it.world.line.talk(it.callId);
    await it.desk.saveWork();
    expect([...it.world.host.state.notes.values()]).toMatchObject([{ customerId: HANDED, text: '해지 서류 안내' }]);
    await it.world.until(() => it.world.host.state.calls.at(-1)?.customerId === HANDED);
  });

  test('it wins also where it is there before the number has its answer', async () => {
    const it = await handedOver();
    const { held } = it.world.host.state;
    let answer = () => {};
    await it.world.until(() => it.shown() === BY_NUMBER);
    held.set('customer.open', new Promise((resolve) => (answer = () => resolve())));
    void it.desk.customers.pop(it.key, {
      callId: it.callId,
      number: '01000005678',
      customerRef: null,
      direction: 'in',
    });
    it.release();
    await it.world.until(() => it.story() !== undefined);
    answer();
    await it.world.until(() => it.shown() === HANDED);
    expect(it.story()?.about?.other?.id).toBe(BY_NUMBER);
  });

  test('one key shows the other one, and the same key brings the first back; note and call go along', async () => {
    const it = await handedOver();
    it.desk.calls.focus({ kind: 'call', callId: it.callId });
    it.release();
    await it.world.until(() => it.story()?.about?.other?.id === BY_NUMBER);
    await switchCustomer(it.desk);
    expect(it.shown()).toBe(BY_NUMBER);
    expect(it.call()?.customerId).toBe(BY_NUMBER);
    expect(it.desk.notes.store.getState().slots[it.key]?.customerId).toBe(BY_NUMBER);
    await switchCustomer(it.desk);
    expect(it.shown()).toBe(HANDED);
    expect(it.desk.notes.store.getState().slots[it.key]?.customerId).toBe(HANDED);
  });

  test('an agent who chose somebody keeps them, and is told whose the story is', async () => {
    const it = await handedOver();
    await it.world.until(() => it.shown() === BY_NUMBER);
    await pick(it, PICKED);
    it.desk.calls.focus({ kind: 'call', callId: it.callId });
    it.release();
    await it.world.until(() => it.story()?.about !== undefined);
    expect(it.shown()).toBe(PICKED);
    expect(it.story()?.about).toMatchObject({ handed: { id: HANDED, name: '이*영' }, other: { id: PICKED } });
    await switchCustomer(it.desk);
    expect(it.shown()).toBe(HANDED);
  });

  test('chosen while the story’s customer was being read: the choice stands', async () => {
    const it = await handedOver();
    await it.world.until(() => it.shown() === BY_NUMBER);
    let read = () => {};
    it.world.host.state.held.set('customer.view', new Promise((resolve) => (read = () => resolve())));
    it.release();
    await it.world.until(() => it.world.host.state.heard.includes('customer.view'));
    await pick(it, PICKED);
    read();
    await it.world.until(() => it.story()?.about !== undefined);
    expect(it.shown()).toBe(PICKED);
  });

  test('a customer who is not on this desk: whoever the number found stays, and it is said', async () => {
    const it = await handedOver(fixedId(99));
    await it.world.until(() => it.shown() === BY_NUMBER);
    it.release();
    await it.world.until(() => it.story()?.about !== undefined);
    expect(it.shown()).toBe(BY_NUMBER);
    expect(it.story()?.about).toMatchObject({ handed: null, other: { id: BY_NUMBER } });
  });

  test('the same customer: nothing to choose between', async () => {
    const it = await handedOver(BY_NUMBER);
    it.release();
    await it.world.until(() => it.story()?.about !== undefined);
    expect(it.story()?.about).toMatchObject({ handed: { id: BY_NUMBER }, other: null });
  });

  test('a number that the network names later takes neither the story’s customer nor the agent’s choice away', async () => {
    const it = await handedOver();
    it.release();
    await it.world.until(() => it.shown() === HANDED);
    const news = () =>
      it.world.line.change(it.callId, (call) => ({ ...call, caller: { ...call.caller, displayName: newId() } }));
    const asked = () => it.world.host.state.heard.filter((path) => path === 'customer.open').length;
    const before = asked();
    news();
    await pick(it, PICKED);
    news();
    expect(asked()).toBe(before);
    expect(it.shown()).toBe(PICKED);
  });

  test('a story that nobody is named in hides nobody who is identified later', async () => {
    const it = await handedOver(null);
    it.world.host.state.open = { match: 'none', asOf: null };
    it.release();
    await it.world.until(() => it.story() !== undefined);
    const before = it.world.host.state.heard.filter((path) => path === 'customer.open').length;
    it.world.line.change(it.callId, (call) => ({ ...call, caller: { ...call.caller, displayName: '고객' } }));
    await it.world.until(() => it.world.host.state.heard.filter((path) => path === 'customer.open').length > before);
  });

  test('asked for by the agent before: not shown to the one who sits here now', async () => {
    const it = await handedOver();
    await it.world.until(() => it.world.host.state.heard.includes('transfer.open'));
    it.desk.capsules.clear();
    it.release();
    await it.desk.api.session.state({});
    await it.desk.api.session.state({});
    expect(it.story()).toBeUndefined();
  });
});

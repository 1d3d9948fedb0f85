import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { switchCustomer } from '../../../src/renderer/handed-over.ts';
import { callKey } from '../../../src/renderer/work-keys.ts';
import type { Customer360 } from '../../../src/shared/customer-360.ts';
import { englishView, goldView } from '../../fakes/desk-fixtures.ts';
import { readyWorld, type World } from './world.ts';

// What arrives while the agent writes in a field of the customer's place is offered beside it, and waits for their key.

const GOLD = goldView(Date.now());
const ENGLISH = englishView(Date.now());
let world: World;
let writing: string | null;
let callId: string;
let key: string;

beforeEach(async () => {
  writing = null;
  world = await readyWorld({ inUse: (place) => place === writing });
  for (const view of [GOLD, ENGLISH]) world.host.state.views.set(view.customer.id, view);
  world.host.state.open = { match: 'none', asOf: null };
  callId = world.line.ring();
  key = callKey(callId);
  world.line.talk(callId);
  await world.until(() => pane()?.state === 'none');
});
afterEach(() => world.close());

const customers = () => world.desk.customers.store.getState();
const pane = () => customers().panes[key];
const offer = () => customers().offers[key];
const tie = () => ({ callId, number: '01000005678', customerRef: null, direction: 'in' as const });
const found = (view: Customer360) => ({ match: 'one' as const, view, remembered: false, others: [] });
const called = (view: Customer360) => ({ state: 'open', view: { customer: { id: view.customer.id } } });
const customerOfCall = () => world.desk.calls.store.getState().calls[0]?.customerId;

describe('while the agent writes where the customer stands', () => {
  test('the centre knows the caller: the form stays, they are offered, and the key shows them', async () => {
    writing = key;
    world.host.state.asked = found(GOLD);
    await world.desk.customers.askCentre(key, tie());
    expect(pane()).toMatchObject({ state: 'none', asking: 'no' });
    expect(offer()).toMatchObject(called(GOLD));
    // Nobody said yet that it is them.
    expect(customerOfCall()).toBeNull();
    await switchCustomer(world.desk);
    expect(pane()).toMatchObject(called(GOLD));
    expect(offer()).toBeUndefined();
    expect(customerOfCall()).toBe(GOLD.customer.id);
  });

  test('the first load brings them: the same', async () => {
    writing = key;
    world.host.state.open = found(GOLD);
    world.host.emit({ type: 'customers_changed', customerIds: [], all: true });
    await world.until(() => offer() !== undefined);
    expect(pane()?.state).toBe('none');
  });

  test('the network names another number: the same', async () => {
    writing = key;
    world.host.state.open = found(ENGLISH);
    world.desk.customers.identified(key, tie());
    await world.until(() => offer() !== undefined);
    expect(pane()?.state).toBe('none');
    expect(offer()).toMatchObject(called(ENGLISH));
  });

  test('the story of a transfer names somebody: the form stays, and the strip of the story offers them', async () => {
    writing = key;
    expect(await world.desk.customers.handed(key, GOLD.customer.id)).toMatchObject({
      handed: { id: GOLD.customer.id },
    });
    expect(pane()?.state).toBe('none');
  });

  test('whom the agent then creates or finds is who it is: nothing more is offered', async () => {
    writing = key;
    world.host.state.asked = found(GOLD);
    await world.desk.customers.askCentre(key, tie());
    await world.desk.customers.pick(key, tie(), ENGLISH.customer.id, false);
    expect(pane()).toMatchObject(called(ENGLISH));
    expect(offer()).toBeUndefined();
  });
});

test('nobody writes there: whoever is found stands there at once', async () => {
  world.host.state.asked = found(GOLD);
  await world.desk.customers.askCentre(key, tie());
  expect(pane()).toMatchObject(called(GOLD));
  expect(offer()).toBeUndefined();
});

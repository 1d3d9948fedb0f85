import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lookAgain } from '../../../src/renderer/screens/customer/look-again.ts';
import { PEEK_MS } from '../../../src/renderer/stores/peeks.ts';
import { callKey, customerKey } from '../../../src/renderer/work-keys.ts';
import type { Customer360 } from '../../../src/shared/customer-360.ts';
import { englishView, goldView } from '../../fakes/desk-fixtures.ts';
import { readyWorld, type World } from './world.ts';

const GOLD = goldView(Date.now());
const ENGLISH = englishView(Date.now());
let world: World;
let callId: string;
let key: string;

beforeEach(async () => {
  world = await readyWorld();
  for (const view of [GOLD, ENGLISH]) world.host.state.views.set(view.customer.id, view);
});
afterEach(() => {
  vi.useRealTimers();
  world.close();
});

const pane = () => world.desk.customers.store.getState().panes[key];
const tie = () => ({ callId, number: '01000005678', customerRef: null, direction: 'in' as const });
const found = (view: Customer360) => ({ match: 'one' as const, view, remembered: false, others: [] });
const shownId = () => {
  const shown = pane();
  return shown?.state === 'open' ? shown.view.customer.id : null;
};

/** Holds the answer of one procedure; call what it gives to let it go. */
function hold(name: string): () => void {
  let release = () => {};
  world.host.state.held.set(name, new Promise((resolve) => (release = resolve)));
  return release;
}

async function stranger(): Promise<void> {
  world.host.state.open = { match: 'none', asOf: null };
  callId = world.line.ring();
  key = callKey(callId);
  world.line.talk(callId);
  await world.until(() => pane()?.state === 'none');
}

async function known(): Promise<void> {
  world.host.state.open = found(GOLD);
  callId = world.line.ring();
  key = callKey(callId);
  world.line.talk(callId);
  await world.until(() => pane()?.state === 'open');
}

describe('an answer that comes late changes nothing that the agent chose meanwhile', () => {
  test('the centre names somebody after the agent found another: the call and its note stay with whom they chose', async () => {
    await stranger();
    world.desk.notes.type(key, '메모');
    world.host.state.asked = found(GOLD);
    const answer = hold('customer.askCentre');
    const asking = world.desk.customers.askCentre(key, tie());
    await world.desk.customers.pick(key, tie(), ENGLISH.customer.id, false);
    answer();
    await asking;
    expect(shownId()).toBe(ENGLISH.customer.id);
    expect(world.desk.notes.store.getState().slots[key]?.customerId).toBe(ENGLISH.customer.id);
    expect(world.desk.calls.store.getState().calls[0]?.customerId).toBe(ENGLISH.customer.id);
  });

  test('the centre fails after the agent found somebody: they stay on screen', async () => {
    await stranger();
    const answer = hold('customer.askCentre');
    const asking = world.desk.customers.askCentre(key, tie());
    await world.desk.customers.pick(key, tie(), ENGLISH.customer.id, false);
    world.host.state.failing.set('customer.askCentre', { code: 'CENTRE_UNREACHABLE', next: 'retry' });
    answer();
    world.host.kill();
    await asking;
    expect(shownId()).toBe(ENGLISH.customer.id);
  });

  test('a peek that answers after another customer was opened unmasks nobody', async () => {
    await known();
    const answer = hold('customer.peek');
    const peeking = world.desk.customers.peek(key, '본인 확인');
    await world.desk.customers.pick(key, tie(), ENGLISH.customer.id, false);
    answer();
    await peeking;
    expect(pane()).toMatchObject({
      state: 'open',
      unmaskedUntil: null,
      view: { customer: { id: ENGLISH.customer.id } },
    });
  });

  test('of two picks in a row the last one stands, whichever answers first', async () => {
    await known();
    const answer = hold('customer.pick');
    const first = world.desk.customers.pick(key, tie(), GOLD.customer.id, false);
    await world.until(() => world.host.state.heard.includes('customer.pick'));
    world.host.state.held.clear();
    await world.desk.customers.pick(key, tie(), ENGLISH.customer.id, false);
    answer();
    await first;
    expect(shownId()).toBe(ENGLISH.customer.id);
  });

  test('nothing comes back onto a screen that was left, nor one that belongs to somebody else now', async () => {
    await stranger();
    world.host.state.asked = found(GOLD);
    const answer = hold('customer.askCentre');
    const asking = world.desk.customers.askCentre(key, tie());
    world.desk.customers.forget(key);
    answer();
    await asking;
    expect(pane()).toBeUndefined();
    world.host.state.open = found(GOLD);
    await world.desk.customers.pop(key, tie());
    const unmask = hold('customer.peek');
    const peeking = world.desk.customers.peek(key, '본인 확인');
    world.desk.customers.clear();
    await world.desk.customers.pop(key, tie());
    unmask();
    await peeking;
    expect(pane()).toMatchObject({ state: 'open', unmaskedUntil: null, view: { unmasked: false } });
    const create = hold('customer.create');
    const made = { customerId: crypto.randomUUID(), name: '장보고', kind: 'person', language: 'ko' } as const;
    const creating = world.desk.customers.create(key, tie(), made);
    await world.until(() => world.host.state.created.length === 1);
    world.desk.customers.clear();
    create();
    await creating;
    expect(pane()).toBeUndefined();
  });
});

describe('a peek', () => {
  test('masks at once when it ends, also when the host is gone and nothing can be read again', async () => {
    await known();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await world.desk.customers.peek(key, '본인 확인');
    expect(pane()).toMatchObject({ view: { unmasked: true } });
    world.host.kill();
    vi.advanceTimersByTime(PEEK_MS);
    expect(pane()).toMatchObject({
      unmaskedUntil: null,
      view: { unmasked: false, customer: { name: GOLD.customer.name } },
    });
  });

  test('names the call it is made in, so that this call is no reason for itself', async () => {
    await known();
    await world.desk.customers.peek(key, '본인 확인');
    expect(world.host.state.peekedIn).toEqual([callId]);
  });

  test('a second peek while one is open still ends masked', async () => {
    await known();
    await world.desk.customers.peek(key, '본인 확인');
    await world.desk.customers.peek(key, '주소 확인');
    world.host.state.silent.add('customer.view');
    void world.desk.customers.mask(key);
    expect(pane()).toMatchObject({ unmaskedUntil: null, view: { unmasked: false } });
  });
});

describe('a customer who is erased, or who leaves this desk, while they are on screen', () => {
  const gone = () => {
    world.host.state.views.delete(GOLD.customer.id);
    world.host.emit({ type: 'customers_changed', customerIds: [GOLD.customer.id], all: false });
  };

  test('leaves it, also unmasked, and the page keeps nothing of them', async () => {
    await known();
    await world.desk.customers.peek(key, '본인 확인');
    gone();
    await world.until(() => pane()?.state === 'error');
    expect(pane()).toMatchObject({ state: 'error', problem: { code: 'NOT_FOUND' } });
    await world.desk.customers.mask(key);
    expect(JSON.stringify(pane())).not.toContain(GOLD.customer.id);
  });

  test('comes back with the news that brings them back', async () => {
    await known();
    gone();
    await world.until(() => pane()?.state === 'error');
    world.host.state.views.set(GOLD.customer.id, GOLD);
    world.host.emit({ type: 'customers_changed', customerIds: [], all: true });
    await world.until(() => shownId() === GOLD.customer.id);
  });

  test('stays while the desk is loaded anew: their row may be on its way', async () => {
    await known();
    const status = { ...world.host.state.sync, phase: 'bootstrapping' as const };
    world.host.emit({ type: 'sync', status });
    await world.until(() => world.desk.sync.store.getState().status?.phase === 'bootstrapping');
    const before = world.host.state.heard.filter((name) => name === 'customer.view').length;
    gone();
    await world.until(() => world.host.state.heard.filter((name) => name === 'customer.view').length > before);
    await new Promise((resolve) => setImmediate(resolve));
    expect(shownId()).toBe(GOLD.customer.id);
  });

  test('any other failure changes nothing of what is shown', async () => {
    await known();
    world.host.state.failing.set('customer.view', { code: 'DISK_ERROR', next: 'call-administrator' });
    world.host.emit({ type: 'customers_changed', customerIds: [GOLD.customer.id], all: false });
    await world.until(() => world.host.state.heard.includes('customer.view'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(shownId()).toBe(GOLD.customer.id);
  });
});

test('"try again" shows who was looked up, also without a call', async () => {
  key = customerKey(GOLD.customer.id);
  world.host.state.failing.set('customer.view', { code: 'DISK_FULL', next: 'free-disk-space' });
  await world.desk.customers.view(key, GOLD.customer.id, null);
  expect(pane()?.state).toBe('error');
  world.host.state.failing.clear();
  lookAgain(world.desk.customers, key, null);
  await world.until(() => shownId() === GOLD.customer.id);
});

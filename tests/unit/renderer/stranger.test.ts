import { afterEach, expect, test } from 'vitest';
import { callKey } from '../../../src/renderer/work-keys.ts';
import { readyWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

test('a caller who rang before the customers were loaded is no stranger once they are', async () => {
  world = await readyWorld();
  const known = world.host.state.open;
  world.host.state.open = { match: 'none', asOf: null };
  const callId = world.line.ring();
  const pane = () => world.desk.customers.store.getState().panes[callKey(callId)];
  await world.until(() => pane()?.state === 'none');
  world.host.state.open = known;
  world.host.emit({ type: 'customers_changed', customerIds: [], all: true });
  await world.until(() => pane()?.state === 'open');
  expect(pane()).toMatchObject({ state: 'open', remembered: false });
});

test('where desks hold less than everybody, the centre is asked while it rings; where they hold all, it is not', async () => {
  world = await readyWorld();
  const known = world.host.state.open;
  world.host.state.open = { match: 'none', asOf: null };
  world.host.state.asked = known;
  const first = world.line.ring();
  const paneOf = (callId: string) => world.desk.customers.store.getState().panes[callKey(callId)];
  await world.until(() => paneOf(first)?.state === 'none');
  expect(world.host.state.heard).not.toContain('customer.askCentre');

  const { session } = world.host.state;
  if (session.status !== 'signed_in' || !session.config) throw new Error('not signed in');
  world.host.state.session = { ...session, config: { ...session.config, deskHolds: 'assigned' } };
  world.host.emit({ type: 'session', session: world.host.state.session });
  await world.until(() => {
    const now = world.desk.session.store.getState().session;
    return now?.status === 'signed_in' && now.config?.deskHolds === 'assigned';
  });
  const second = world.line.ring();
  await world.until(() => paneOf(second)?.state === 'open');
});

test('during the first load, too: the caller may be among those who are still to come', async () => {
  world = await readyWorld();
  world.host.state.asked = world.host.state.open;
  world.host.state.open = { match: 'none', asOf: null };
  const status = { ...world.host.state.sync, phase: 'bootstrapping' as const };
  world.host.emit({ type: 'sync', status });
  await world.until(() => world.desk.sync.store.getState().status?.phase === 'bootstrapping');
  const callId = world.line.ring();
  await world.until(() => world.desk.customers.store.getState().panes[callKey(callId)]?.state === 'open');
});

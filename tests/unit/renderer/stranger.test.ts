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

import { afterEach, beforeEach, expect, test } from 'vitest';
import { callKey } from '../../../src/renderer/work-keys.ts';
import { goldView } from '../../fakes/desk-fixtures.ts';
import { createWorld, readyWorld, type World } from './world.ts';

let world: World;
let key: string;
beforeEach(async () => {
  world = await readyWorld();
  const view = goldView(Date.now());
  world.host.state.views.set(view.customer.id, view);
  world.host.state.open = { match: 'one', view, remembered: false, others: [] };
  const callId = world.line.ring();
  key = callKey(callId);
  world.line.talk(callId);
  await world.until(() => pane()?.state === 'open');
});
afterEach(() => world.close());

const pane = () => world.desk.customers.store.getState().panes[key];
const shared = () => world.desk.screen.store.getState().shared;

test('a peek ends in the moment in which the screen is shared, before the host knows of it', async () => {
  await world.desk.customers.peek(key, '본인 확인');
  expect(pane()).toMatchObject({ view: { unmasked: true } });
  world.desk.screen.toggle();
  expect(pane()).toMatchObject({ unmaskedUntil: null, view: { unmasked: false } });
  await world.until(() => world.host.state.screenShared);
});

test('a peek that was asked before, and is answered after, unmasks nobody', async () => {
  let answer = () => {};
  world.host.state.held.set('customer.peek', new Promise((resolve) => (answer = resolve)));
  const peeking = world.desk.customers.peek(key, '본인 확인');
  world.desk.screen.toggle();
  answer();
  await peeking;
  expect(pane()).toMatchObject({ unmaskedUntil: null, view: { unmasked: false } });
});

test('said while the host is gone it holds, and the next host is told', async () => {
  world.host.kill();
  world.desk.screen.toggle();
  expect(shared()).toBe(true);
  world.host.restart();
  await world.until(() => world.host.state.screenShared);
  expect(shared()).toBe(true);
  world.desk.screen.toggle();
  await world.until(() => !world.host.state.screenShared);
  expect(shared()).toBe(false);
});

test('another window said it: hidden here, too', async () => {
  await world.desk.customers.peek(key, '본인 확인');
  world.host.emit({ type: 'screen', shared: true });
  await world.until(shared);
  expect(pane()).toMatchObject({ view: { unmasked: false } });
});

test('a page that is loaded anew knows it before it shows anybody', async () => {
  world.host.state.screenShared = true;
  let first: boolean | null = null;
  const again = createWorld({ host: world.host });
  again.desk.session.store.subscribe(({ session }) => {
    if (session) first ??= again.desk.screen.store.getState().shared;
  });
  await again.until(() => first !== null);
  expect(first).toBe(true);
  again.close();
});

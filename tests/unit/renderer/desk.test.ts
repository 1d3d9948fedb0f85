import { afterEach, describe, expect, test, vi } from 'vitest';
import { lateInThisTask } from '../../../src/renderer/phone-news.ts';
import { agentStateOf } from '../../../src/renderer/screens/desk/agent-state.ts';
import { callKey } from '../../../src/renderer/work-keys.ts';
import { candidates, fixedId, signedIn } from '../../fakes/desk-fixtures.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';
import { createWorld, readyWorld, type World } from './world.ts';

const worlds: World[] = [];
async function ready(options: Parameters<typeof readyWorld>[0] = {}): Promise<World> {
  const world = await readyWorld(options);
  worlds.push(world);
  return world;
}
function begin(options: Parameters<typeof createWorld>[0] = {}): World {
  const world = createWorld(options);
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const state = (world: World) => world.desk.calls.store.getState();
const pane = (world: World, callId: string) => world.desk.customers.store.getState().panes[callKey(callId)];
const agentState = (world: World) => agentStateOf(state(world), world.desk.line.store.getState()).state.state;

describe('the pop', () => {
  test('a ring waits for no answer, and the customer follows from one request', async () => {
    const world = await ready();
    world.host.state.silent.add('customer.open');
    const before = world.host.state.heard.length;
    const callId = world.line.ring();
    expect(state(world).focus).toEqual({ kind: 'call', callId });
    expect(world.sounds.at(-1)).toBe('ring');
    await world.until(() => world.host.state.heard.includes('customer.open'));
    const asked = world.host.state.heard.slice(before).filter((name) => name.startsWith('customer.'));
    expect(asked).toEqual(['customer.open']);
  });

  test('the host is reading while the ring is drawn: asked before, once, and shown by one look at the customer', async () => {
    const next: (() => void)[] = [];
    const world = await ready({ soon: (work) => next.push(work) });
    const before = world.host.state.heard.length;
    const callId = world.line.ring();
    expect(state(world).calls).toEqual([]);
    await world.until(() => world.host.state.heard.includes('customer.open'));
    expect(world.sounds).not.toContain('ring');
    for (const work of next.splice(0)) work();
    expect(state(world).focus).toEqual({ kind: 'call', callId });
    expect(world.sounds.at(-1)).toBe('ring');
    await world.until(() => pane(world, callId)?.state === 'open');
    const asked = world.host.state.heard.slice(before).filter((name) => name.startsWith('customer.'));
    expect(asked).toEqual(['customer.open']);
  });

  test('the question is on the wire before the ring is drawn, and no other task of the page comes between', async () => {
    const posted = vi.spyOn(MessagePort.prototype, 'postMessage');
    const asked = () => posted.mock.calls.filter(([message]) => String(message).includes('customer/open')).length;
    const world = await ready({ soon: lateInThisTask });
    const { promise: drawn, resolve } = Promise.withResolvers<number>();
    world.desk.calls.store.subscribe(({ calls }) => calls.length > 0 && resolve(asked()));
    const other = new Promise((later) => setImmediate(() => later('another task')));
    world.line.ring();
    expect(asked()).toBe(0);
    expect(await Promise.race([drawn, other])).toBe(1);
    posted.mockRestore();
  });

  test('whatever the phone says next finds the ring drawn: also where the caller gives up at once', async () => {
    const next: (() => void)[] = [];
    const world = await ready({ soon: (work) => next.push(work) });
    const callId = world.line.ring();
    world.line.end(callId);
    expect(state(world).missed?.callId).toBe(callId);
    for (const work of next.splice(0)) work();
    expect(state(world).calls).toEqual([]);
    expect(world.sounds.at(-1)).not.toBe('ring');
  });

  test('while something is being typed a ring does not take the screen', async () => {
    const world = await ready({ busy: () => true });
    world.line.ring();
    expect(state(world).focus).toEqual({ kind: 'idle' });
    expect(state(world).calls).toHaveLength(1);
  });

  test('a second call while talking: one knock, no ring, and the first call stays on screen with its note', async () => {
    const world = await ready();
    const first = world.line.ring();
    world.line.talk(first);
    world.desk.notes.type(callKey(first), '첫 통화');
    world.sounds.length = 0;
    world.line.ring();
    expect(world.sounds.filter((sound) => sound !== 'stop')).toEqual(['knock']);
    expect(state(world).focus).toEqual({ kind: 'call', callId: first });
    expect(world.desk.notes.store.getState().slots[callKey(first)]?.text).toBe('첫 통화');
  });

  test('several have the number: the answer ties customer, note and journaled call together', async () => {
    const world = await ready();
    world.host.state.open = { match: 'several', candidates: candidates(Date.now()), asOf: null };
    const callId = world.line.ring();
    await world.until(() => pane(world, callId)?.state === 'several');
    const tie = { callId, number: '01000005678', customerRef: null, direction: 'in' as const };
    await world.desk.customers.pick(callKey(callId), tie, fixedId(10), true);
    expect(pane(world, callId)?.state).toBe('open');
    expect(state(world).calls[0]?.customerId).toBe(fixedId(10));
    await world.until(() => world.host.state.calls.some((snapshot) => snapshot.customerId === fixedId(10)));
  });

  test('host killed while the pop is on its way: it is asked again when the host is back', async () => {
    const world = await ready();
    world.host.state.silent.add('customer.open');
    const callId = world.line.ring();
    world.host.kill();
    await world.until(() => pane(world, callId)?.state === 'error');
    world.host.state.silent.clear();
    world.host.restart();
    await world.until(() => pane(world, callId)?.state === 'open');
  });
});

describe('the life of a call', () => {
  test('every transition is journaled', async () => {
    const world = await ready();
    const callId = world.line.ring();
    world.line.talk(callId);
    world.line.end(callId);
    await world.until(() => world.host.state.calls.some((snapshot) => snapshot.phase === 'wrap_up'));
    expect(new Set(world.host.state.calls.map((snapshot) => snapshot.callId))).toEqual(new Set([callId]));
    expect(world.host.state.calls.at(-1)).toMatchObject({ result: 'answered', endedAt: expect.any(String) });
  });

  test('a call that nobody took leaves no wrap-up, but is not forgotten', async () => {
    const world = await ready();
    const callId = world.line.ring();
    world.line.end(callId);
    expect(state(world)).toMatchObject({ calls: [], focus: { kind: 'idle' }, missed: { callId } });
  });

  test('answered elsewhere is not shown as missed', async () => {
    const world = await ready();
    world.line.end(world.line.ring(), { result: 'answered_elsewhere' });
    expect(state(world).missed).toBeNull();
  });

  test('wrap-up asks for the outcome, saves the note with it and frees the desk', async () => {
    const world = await ready();
    const callId = world.line.ring();
    world.line.talk(callId);
    world.desk.notes.type(callKey(callId), '해결');
    world.line.end(callId);
    expect(agentState(world)).toBe('wrap_up');
    expect(await world.desk.saveWork()).toBe('needs_disposition');
    world.desk.calls.setDisposition(callId, 'resolved');
    expect(await world.desk.saveWork()).toBe('finished');
    expect([...world.host.state.notes.values()].map((note) => note.text)).toEqual(['해결']);
    expect(world.host.state.wrapUps).toMatchObject([{ callId, dispositionCode: 'resolved' }]);
    expect(agentState(world)).toBe('available');
  });

  test('after a reload the wrap-up, its customer and its draft are back', async () => {
    const before = await ready();
    const callId = before.line.ring();
    before.line.talk(callId);
    before.desk.notes.type(callKey(callId), '쓰다 만 글');
    await before.until(
      () => before.host.state.drafts.size === 1 && before.host.state.calls.some((c) => c.customerId !== null),
    );
    const host = createFakeHost();
    host.state.restoreCalls = before.host.state.calls.slice(-1);
    host.state.drafts = before.host.state.drafts;
    const after = begin({ host });
    await after.until(() => pane(after, callId)?.state === 'open');
    expect(state(after)).toMatchObject({ focus: { kind: 'call', callId }, calls: [{ callId, stage: 'wrap_up' }] });
    expect(after.desk.notes.store.getState().slots[callKey(callId)]?.text).toBe('쓰다 만 글');
  });

  test('the page goes away: every live call is ended at once', async () => {
    const world = await ready();
    world.line.talk(world.line.ring());
    world.desk.leave();
    expect(world.line.asked).toContain('abandon');
  });
});

describe('when calls may reach this desk', () => {
  test('not before the ring can be heard', async () => {
    const world = begin({ sound: 'off' });
    await world.until(() => world.desk.session.store.getState().session?.status === 'signed_in');
    expect(agentState(world)).toBe('offline');
    world.setSound('ready');
    await world.until(() => agentState(world) === 'available');
  });

  test('not while another window holds the phone, until it is taken over openly', async () => {
    const host = createFakeHost();
    host.state.phoneHolder = fixedId(77);
    const world = begin({ host });
    await world.until(() => world.desk.line.store.getState().claim === 'elsewhere');
    expect(world.line.running()).toBe(false);
    await world.desk.line.takeOver();
    await world.until(() => agentState(world) === 'available');
  });

  test('another window takes over: this one stops, openly; news of other windows changes nothing', async () => {
    const world = await ready();
    world.host.emit({ type: 'phone_taken_over', windowId: fixedId(78) });
    world.host.emit({ type: 'phone_taken_over', windowId: world.desk.windowId });
    await world.until(() => world.desk.line.store.getState().claim === 'elsewhere');
    expect(world.line.running()).toBe(false);
  });

  test('a break begins after the call, not in it', async () => {
    const world = await ready();
    const callId = world.line.ring();
    world.line.talk(callId);
    world.desk.line.setWish({ state: 'break', reason: 'meal' });
    expect(world.line.running()).toBe(true);
    world.line.end(callId);
    await world.until(() => !world.line.running());
    world.desk.calls.setDisposition(callId, 'resolved');
    await world.desk.saveWork();
    expect(agentState(world)).toBe('break');
  });

  test('sign-out leaves nothing of the agent on screen', async () => {
    const world = await ready();
    world.desk.notes.type('loose', 'x');
    await world.desk.session.signOut(false);
    await world.until(() => !world.line.running());
    expect(state(world).calls).toEqual([]);
    expect(world.desk.notes.store.getState().slots).toEqual({});
  });

  test('a wrong password is said; the right one opens the desk', async () => {
    const host = createFakeHost();
    host.state.session = { status: 'signed_out', centralUrl: 'http://127.0.0.1:4701', practice: false };
    const world = begin({ host });
    await world.until(() => world.desk.session.store.getState().session?.status === 'signed_out');
    await world.desk.session.signIn('seoyeon', 'wrong');
    expect(world.desk.session.store.getState().problem?.code).toBe('WRONG_PASSWORD');
    await world.desk.session.signIn('seoyeon', 'right-password');
    expect(world.desk.session.store.getState()).toMatchObject({ problem: null, session: { agent: signedIn(0).agent } });
  });
});

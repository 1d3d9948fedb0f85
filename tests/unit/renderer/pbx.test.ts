import { afterEach, describe, expect, test } from 'vitest';
import type { DeskApi } from '../../../src/renderer/host-client.ts';
import { agentStateOf } from '../../../src/renderer/screens/desk/agent-state.ts';
import { createPbxStore } from '../../../src/renderer/stores/pbx-store.ts';
import type { LineState } from '../../../src/renderer/stores/phone-store.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { PbxAgent, QueueState } from '../../../src/shared/pbx.ts';
import { signedIn } from '../../fakes/desk-fixtures.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';
import { readyWorld, type World } from './world.ts';

const RUN = newId();
let seq = 0;

function atPbx(part: Partial<PbxAgent> = {}): PbxAgent {
  // Room for what the fake PBX says in between.
  seq += 10;
  const at = new Date(1_800_000_000_000 + seq * 1000).toISOString();
  const paused = part.state !== undefined && part.state.state !== 'available';
  return {
    agentId: newId(),
    run: RUN,
    seq,
    link: 'up',
    linkSince: at,
    state: { state: 'available' },
    since: at,
    changedBy: 'agent',
    seats: [{ queue: 'support', paused, waiting: 0, longestSince: null }],
    reachable: true,
    asOf: at,
    ...part,
  };
}

let world: World;
afterEach(() => world.close());

/** A desk in a business whose centre hears the PBX. */
async function linkedWorld(agent: PbxAgent | null = atPbx()): Promise<World> {
  const host = createFakeHost();
  host.state.pbx = agent;
  world = await readyWorld({ host });
  await world.until(() => agent === null || world.desk.pbx.store.getState().agent !== null);
  return world;
}
const tell = (part: Partial<PbxAgent>) => {
  const agent = atPbx(part);
  world.host.state.pbx = agent;
  world.host.emit({ type: 'pbx', agent });
};
const registration = () => world.desk.line.store.getState().registration.state;
const wish = () => world.desk.line.store.getState().wish;
const shown = () =>
  agentStateOf(world.desk.calls.store.getState(), world.desk.line.store.getState(), world.desk.pbx.store.getState());
const BREAK: QueueState = { state: 'break', reason: 'lunch' };

describe('a break', () => {
  test('with the link: the PBX keeps the queues away and the line stays registered', async () => {
    await linkedWorld();
    await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
    expect(world.host.state.stateWishes).toEqual([BREAK]);
    expect([wish(), registration()]).toEqual([BREAK, 'registered']);
    await world.desk.pbx.ask({ state: 'ready' });
    expect([wish().state, registration()]).toEqual(['ready', 'registered']);
  });

  test('without the link: the line is not registered, as it always was', async () => {
    await linkedWorld(null);
    await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
    expect(world.host.state.stateWishes).toEqual([]);
    expect(registration()).toBe('stopped');
    expect(world.desk.pbx.store.getState().unsent).toBe(false);
  });

  test('that the PBX did not confirm: the line is not registered, and the wish is sent when the link is back', async () => {
    await linkedWorld();
    world.host.state.failing.set('pbx.setState', { code: 'PBX_UNREACHABLE', next: 'wait' });
    await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
    expect([registration(), world.desk.pbx.store.getState().unsent]).toEqual(['stopped', true]);
    tell({ link: 'down' });
    world.host.state.failing.clear();
    tell({});
    await world.until(() => registration() === 'registered');
    expect(wish()).toEqual(BREAK);
    expect(world.host.state.pbx?.state).toEqual(BREAK);
  });

  test('in no queue at all: nothing at the PBX keeps calls away, so the line is not registered', async () => {
    await linkedWorld(atPbx({ seats: [] }));
    await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
    expect(registration()).toBe('stopped');
  });

  test('while the link goes: the line is given back; with the link it is registered again, still on the break', async () => {
    await linkedWorld(atPbx({ state: BREAK }));
    await world.until(() => wish().state === 'break');
    tell({ link: 'down', state: BREAK });
    await world.until(() => registration() === 'stopped');
    world.host.emit({ type: 'pbx', agent: null });
    tell({ state: BREAK });
    await world.until(() => registration() === 'registered');
    expect(wish()).toEqual(BREAK);
  });
});

describe('the PBX is right', () => {
  test('a page that opens finds the break that the PBX has', async () => {
    await linkedWorld(atPbx({ state: BREAK }));
    await world.until(() => wish().state === 'break');
    expect(shown().state).toEqual(BREAK);
  });

  test('what a supervisor did is shown and said, until it is dismissed', async () => {
    await linkedWorld();
    tell({ state: { state: 'break', reason: 'meeting' }, changedBy: 'pbx' });
    await world.until(() => wish().state === 'break');
    expect(world.desk.pbx.store.getState().changed).toEqual({ state: 'break', reason: 'meeting' });
    world.desk.pbx.dismiss();
    const { since } = world.desk.pbx.store.getState().agent ?? {};
    tell({ state: { state: 'break', reason: 'meeting' }, changedBy: 'pbx', ...(since ? { since } : {}) });
    await world.until(() => world.desk.pbx.store.getState().agent?.seq === seq);
    expect(world.desk.pbx.store.getState().changed).toBeNull();
    await world.desk.pbx.ask({ state: 'ready' });
    expect(shown().state.state).toBe('available');
  });

  test('an older word of the same centre never replaces a later one', async () => {
    await linkedWorld();
    const late = atPbx();
    await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
    tell({ state: BREAK });
    await world.until(() => (world.desk.pbx.store.getState().agent?.seq ?? 0) > late.seq);
    world.host.emit({ type: 'pbx', agent: late });
    world.host.emit({ type: 'catalogue_changed' });
    expect(wish()).toEqual(BREAK);
  });

  test('another agent sees nothing of the state of the one before', async () => {
    await linkedWorld(atPbx({ state: BREAK }));
    await world.until(() => wish().state === 'break');
    const other = signedIn(Date.now());
    if (other.status !== 'signed_in') throw new Error('not signed in');
    world.host.emit({ type: 'session', session: { ...other, agent: { ...other.agent, id: newId() } } });
    await world.until(() => world.desk.pbx.store.getState().agent === null);
  });
});

describe('wrap-up', () => {
  test('begins with the end of the call, ends with its work, and the queues wait meanwhile', async () => {
    await linkedWorld();
    const callId = world.line.ring();
    world.line.talk(callId);
    world.line.end(callId);
    await world.until(() => world.host.state.pbx?.state.state === 'wrap_up');
    await world.until(() => shown().wrapUpUntil !== null);
    expect(shown().state.state).toBe('wrap_up');
    world.desk.calls.finish(callId);
    await world.until(() => world.host.state.pbx?.state.state === 'available');
  });

  test('whose time is over: the desk says that calls may come, although the note is still open', async () => {
    await linkedWorld();
    const callId = world.line.ring();
    world.line.talk(callId);
    world.line.end(callId);
    await world.until(() => shown().wrapUpUntil !== null);
    tell({});
    await world.until(() => shown().state.state === 'available');
    expect(world.desk.calls.store.getState().calls).toHaveLength(1);
  });

  test('after a call in which a break was asked for: the break stays a break', async () => {
    await linkedWorld();
    const callId = world.line.ring();
    world.line.talk(callId);
    await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
    world.line.end(callId);
    world.desk.calls.finish(callId);
    expect(world.host.state.stateWishes).toEqual([BREAK]);
    expect(shown().state).toEqual(BREAK);
  });
});

test('a break that fails after ready was pressed is not tried again: the last press counts', async () => {
  const agent = atPbx();
  const wishes: LineState['wish'][] = [];
  const replies: PromiseWithResolvers<PbxAgent>[] = [];
  const setState = () => {
    const reply = Promise.withResolvers<PbxAgent>();
    replies.push(reply);
    return reply.promise;
  };
  const store = createPbxStore({
    api: { pbx: { setState } } as unknown as DeskApi,
    line: {
      setWish: (wish) => wishes.push(wish),
      setStayOnBreak: () => undefined,
      wish: () => wishes.at(-1) ?? { state: 'ready' },
    },
    log: () => undefined,
  });
  store.hear(agent);
  const pause = store.ask({ state: 'break', reason: 'lunch' });
  const ready = store.ask({ state: 'ready' });
  replies[0]?.reject(new Error('hiccup'));
  await pause;
  replies[1]?.resolve(atPbx());
  await ready;
  expect(replies).toHaveLength(2);
  expect(wishes.at(-1) ?? { state: 'ready' }).toEqual({ state: 'ready' });
  expect(store.store.getState().unsent).toBe(false);
  world = await readyWorld();
});

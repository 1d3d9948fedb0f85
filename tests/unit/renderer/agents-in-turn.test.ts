import { afterEach, describe, expect, test } from 'vitest';
import { callKey, customerKey } from '../../../src/renderer/work-keys.ts';
import type { SessionState } from '../../../src/shared/host-types.ts';
import { fixedId, signedIn } from '../../fakes/desk-fixtures.ts';
import { readyWorld, type World } from './world.ts';

const worlds: World[] = [];
async function ready(): Promise<World> {
  const world = await readyWorld();
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const first = signedIn(Date.now());
const second: typeof first = { ...first, agent: { ...first.agent, id: fixedId(61), login: 'jimin', name: '박지민' } };
const locked: SessionState = { status: 'locked', agent: first.agent, centralUrl: first.centralUrl, practice: true };

/** What the host does to its session, as every window hears it. */
async function become(world: World, session: SessionState): Promise<void> {
  world.host.state.session = session;
  world.host.emit({ type: 'session', session });
  await world.until(() => JSON.stringify(world.desk.session.store.getState().session) === JSON.stringify(session));
}
/** A call that was talked, with its customer and the beginning of a note; the agent's own drafts are on the desk's disk. */
async function workOfFirst(world: World): Promise<string> {
  const callId = world.line.ring();
  world.line.talk(callId);
  await world.until(() => Object.keys(world.desk.customers.store.getState().panes).length === 1);
  world.desk.notes.type(callKey(callId), '첫 상담원의 메모');
  await world.until(() => world.host.state.drafts.size === 1);
  return callId;
}
const calls = (world: World) => world.desk.calls.store.getState().calls;
const panes = (world: World) => world.desk.customers.store.getState().panes;
const slots = (world: World) => world.desk.notes.store.getState().slots;

describe('several agents at one desk', () => {
  test('locked by the first, opened by the second without a sign-out: nothing of the first is there', async () => {
    const world = await ready();
    world.line.end(await workOfFirst(world));
    await become(world, locked);
    // What the host kept of the first is not given to the second.
    world.host.state.drafts.clear();
    world.desk.notes.type(callKey(calls(world)[0]?.callId ?? ''), '첫 상담원의 메모, 잠긴 뒤');
    const before = world.host.state.heard.length;
    await become(world, second);
    await world.until(() => world.host.state.heard.slice(before).includes('call.restore'));
    expect(calls(world)).toEqual([]);
    expect(panes(world)).toEqual({});
    expect(slots(world)).toEqual({});
    expect([...world.host.state.drafts.values()], 'the first one’s words under the second one’s name').toEqual([]);
  });

  test('from one to the next without a moment between', async () => {
    const world = await ready();
    world.line.end(await workOfFirst(world));
    world.host.state.drafts.clear();
    await become(world, second);
    expect([calls(world), panes(world), slots(world)]).toEqual([[], {}, {}]);
  });

  test('locked and opened by the same agent: everything is where it was', async () => {
    const world = await ready();
    const callId = await workOfFirst(world);
    world.line.end(callId);
    await become(world, locked);
    await become(world, first);
    expect(calls(world)).toMatchObject([{ callId, stage: 'wrap_up' }]);
    expect(Object.keys(panes(world))).toEqual([callKey(callId)]);
    expect(slots(world)[callKey(callId)]?.text).toBe('첫 상담원의 메모');
  });

  test('a call that is still talked when another comes keeps its controls and loses its customer', async () => {
    const world = await ready();
    const callId = await workOfFirst(world);
    const session = { status: 'signed_out', centralUrl: first.centralUrl, practice: true } as const;
    await become(world, session);
    expect(calls(world)).toMatchObject([{ callId, stage: 'live', customerId: null }]);
    expect(panes(world)).toEqual({});
    expect(slots(world)[callKey(callId)]?.text ?? '').toBe('');
    expect(world.line.running()).toBe(true);
    world.line.end(callId);
    await world.until(() => !world.line.running());
    expect(calls(world)).toEqual([]);
  });

  test('what was typed the moment before signing out is with the host before the session ends', async () => {
    const world = await ready();
    const callId = await workOfFirst(world);
    world.line.end(callId);
    world.desk.notes.type(callKey(callId), '마지막 글자까지');
    await world.desk.session.signOut(true);
    expect([...world.host.state.drafts.values()].map((draft) => draft.text)).toEqual(['마지막 글자까지']);
    const { heard } = world.host.state;
    expect(heard.lastIndexOf('note.draft')).toBeLessThan(heard.indexOf('session.signOut'));
  });

  test('a note that the disk does not take: signing out is refused, and only an agent who lets it go goes on', async () => {
    const world = await ready();
    world.desk.notes.open(customerKey(fixedId(10)), { callId: null, customerId: fixedId(10) });
    world.host.state.failing.set('note.draft', { code: 'DISK_FULL', next: 'free-disk-space' });
    world.desk.notes.type(customerKey(fixedId(10)), '아직 어디에도 없는 글');
    // Also who has said that unsent work may stay on this desk: this is not on it.
    for (const keepUnsent of [false, true]) {
      await expect(world.desk.session.signOut(keepUnsent)).rejects.toMatchObject({ code: 'DISK_FULL' });
      expect(slots(world)[customerKey(fixedId(10))]?.text).toBe('아직 어디에도 없는 글');
    }
    expect(world.host.state.heard).not.toContain('session.signOut');
    await world.desk.session.signOut(true, 'let go');
    expect(world.desk.session.store.getState().session?.status).toBe('signed_out');
  });

  test('there is room again: the note is kept, and signing out goes as ever', async () => {
    const world = await ready();
    world.desk.notes.open(customerKey(fixedId(10)), { callId: null, customerId: fixedId(10) });
    world.host.state.failing.set('note.draft', { code: 'DISK_FULL', next: 'free-disk-space' });
    world.desk.notes.type(customerKey(fixedId(10)), '글');
    await expect(world.desk.session.signOut(true)).rejects.toMatchObject({ code: 'DISK_FULL' });
    world.host.state.failing.clear();
    await world.desk.session.signOut(true);
    expect([...world.host.state.drafts.values()].map(({ text }) => text)).toEqual(['글']);
  });
});

test('the next agent begins ready, not in the break of the one before', async () => {
  const world = await ready();
  await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
  await world.until(() => !world.line.running());
  await become(world, { status: 'signed_out', centralUrl: first.centralUrl, practice: true });
  await become(world, second);
  expect(world.desk.line.store.getState().wish).toEqual({ state: 'ready' });
  await world.until(() => world.line.running());
});

test('the same agent, locked and opened again, is still in their break', async () => {
  const world = await ready();
  await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
  await become(world, locked);
  await become(world, first);
  expect(world.desk.line.store.getState().wish).toEqual({ state: 'break', reason: 'lunch' });
});

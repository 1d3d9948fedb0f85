import { afterEach, describe, expect, test } from 'vitest';
import { callKey } from '../../../src/renderer/work-keys.ts';
import type { CallSnapshot } from '../../../src/shared/call.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createFakeHost, type FakeHost } from '../../fakes/fake-host.ts';
import { keptCall } from '../../fakes/kept-call.ts';
import { createWorld, readyWorld, type World } from './world.ts';

// A call outlives its page: what the desk tells the host while it talks, and what it makes of a call that it finds.

const worlds: World[] = [];
function keep(world: World): World {
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const calls = (world: World) => world.desk.calls.store.getState().calls;

/** A host in which the page before this one left a call that is being talked. */
function hostWithCall(change = {}): { host: FakeHost; callId: string; customerId: string } {
  const host = createFakeHost();
  const [customerId = ''] = host.state.views.keys();
  const call = keptCall({ customerId, ...change });
  const { callId, direction, caller, queue, customerRef } = call;
  const instant = (at: number) => new Date(at).toISOString();
  const snapshot: CallSnapshot = {
    callId,
    direction,
    caller,
    queue,
    customerRef,
    customerId,
    phase: 'talking',
    startedAt: instant(call.startedAt),
    answeredAt: instant(call.answeredAt),
    endedAt: null,
    result: null,
  };
  host.state.orphans = [call];
  host.state.restoreCalls = [snapshot];
  host.state.drafts.set('draft', {
    noteId: newId(),
    callId,
    customerId,
    text: '쓰다 만 메모',
    revision: 3,
  });
  return { host, callId, customerId };
}

describe('a page that finds a call', () => {
  test('it is live, with its customer, its draft and its time; nothing is wrapped up, and nobody pops anew', async () => {
    const { host, callId, customerId } = hostWithCall();
    const world = keep(createWorld({ host }));
    await world.until(() => world.desk.notes.store.getState().slots[callKey(callId)]?.text === '쓰다 만 메모');
    expect(calls(world)).toMatchObject([{ callId, stage: 'live', customerId, answeredAt: 2_000 }]);
    expect(world.desk.calls.store.getState().focus).toEqual({ kind: 'call', callId });
    await world.until(() => world.desk.customers.store.getState().panes[callKey(callId)]?.state === 'open');
    expect(host.state.heard).not.toContain('customer.open');
    // What is journaled of it still knows whose it is.
    await world.until(() => host.state.calls.length > 0);
    expect(host.state.calls.every((call) => call.customerId === customerId && call.endedAt === null)).toBe(true);
  });

  test('no key was pressed yet, so that no ring would be heard: the phone runs for the call all the same', async () => {
    const { host, callId } = hostWithCall();
    const world = keep(createWorld({ host, sound: 'off' }));
    await world.until(() => calls(world)[0]?.live?.phase === 'talking');
    expect(world.line.asked).toContain(`takeUp ${callId}`);
    world.line.end(callId);
    await world.until(() => !world.line.running());
  });

  test('the call ends: it is wrapped up as any other', async () => {
    const { host, callId } = hostWithCall();
    const world = keep(createWorld({ host }));
    await world.until(() => calls(world)[0]?.live?.phase === 'talking');
    world.line.end(callId);
    await world.until(() => calls(world)[0]?.stage === 'wrap_up');
  });
});

describe('a page that goes', () => {
  test('the host has what the next one needs: the call is not ended', async () => {
    const world = keep(await readyWorld());
    const callId = world.line.ring();
    world.line.talk(callId);
    await world.until(() => world.host.state.keptCalls.length === 1);
    // The answer of the host, not only the question.
    await new Promise((resolve) => setImmediate(resolve));
    await world.until(() => world.host.state.keptCalls[0]?.customerId !== undefined);
    await world.until(() => {
      world.desk.leave();
      return world.line.leftAlone()?.includes(callId) ?? false;
    });
  });

  test('the host cannot reach the PBX: the page says goodbye itself', async () => {
    const world = keep(await readyWorld());
    world.host.state.endable = false;
    const callId = world.line.ring();
    world.line.talk(callId);
    await world.until(() => world.host.state.keptCalls.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    world.desk.leave();
    expect(world.line.leftAlone()).toEqual([]);
  });

  test('there is no host: the page says goodbye itself', async () => {
    const world = keep(await readyWorld());
    const callId = world.line.ring();
    world.line.talk(callId);
    await world.until(() => world.host.state.keptCalls.length === 1);
    world.host.kill();
    await world.until(() => world.desk.connection.getState().status !== 'up');
    world.desk.leave();
    expect(world.line.leftAlone()).toEqual([]);
  });

  test('a new host is told again', async () => {
    const world = keep(await readyWorld());
    const callId = world.line.ring();
    world.line.talk(callId);
    await world.until(() => world.host.state.keptCalls.length === 1);
    world.host.kill();
    world.host.state.keptCalls = [];
    world.host.restart();
    await world.until(() => world.host.state.keptCalls.some((call) => call.callId === callId));
  });
});

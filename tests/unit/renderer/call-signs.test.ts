import { afterEach, expect, test, vi } from 'vitest';
import { SIGN_EVERY_MS } from '../../../src/renderer/desk-connect.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';
import { callSnapshot } from '../../fakes/kept-call.ts';
import { createWorld, readyWorld, type World } from './world.ts';

// Whoever opens the desk after a power cut must know when the call ended: while it goes on, its journal says so.

let world: World;
afterEach(() => {
  vi.useRealTimers();
  world.close();
});

test('a call that goes on is journaled again and again, and no longer once it is over', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  world = await readyWorld();
  const callId = world.line.ring();
  world.line.talk(callId);
  const talking = () => world.host.state.calls.filter((call) => call.phase === 'talking').length;
  await world.until(() => talking() > 0);
  const before = talking();
  vi.advanceTimersByTime(SIGN_EVERY_MS);
  await world.until(() => talking() > before);
  vi.advanceTimersByTime(SIGN_EVERY_MS);
  await world.until(() => talking() > before + 1);
  world.line.end(callId);
  await world.until(() => world.host.state.calls.at(-1)?.phase === 'wrap_up');
  expect(vi.getTimerCount()).toBe(0);
});

test('a call that was cut off is wrapped up with the end that the host knows', async () => {
  const host = createFakeHost();
  const endedAt = new Date(Date.now() - 15 * 3_600_000).toISOString();
  host.state.restoreCalls = [callSnapshot({ endedAt })];
  world = createWorld({ host });
  await world.until(() => host.state.calls.length > 0);
  expect(host.state.calls).toMatchObject([{ phase: 'wrap_up', endedAt, result: 'answered' }]);
});

import { afterEach, describe, expect, test } from 'vitest';
import { readyWorld, type World } from './world.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});
async function ready(autoAnswer?: 'off' | 'asked' | 'always'): Promise<World> {
  const world = await readyWorld();
  worlds.push(world);
  if (autoAnswer) await world.desk.settings.save({ autoAnswer });
  world.sounds.length = 0;
  return world;
}
const phase = (world: World, callId: string) =>
  world.desk.calls.store.getState().calls.find((call) => call.callId === callId)?.live?.phase;

describe('a call is answered by itself', () => {
  test('where the PBX asks for it, after one soft tone', async () => {
    const world = await ready();
    const callId = world.line.ring({ autoAnswer: true });
    expect(phase(world, callId)).toBe('talking');
    expect(world.sounds.filter((sound) => sound === 'knock')).toHaveLength(1);
  });

  test('not where nobody asks, nor where the agent said never', async () => {
    const asked = await ready();
    expect(phase(asked, asked.line.ring())).toBe('ringing');
    const off = await ready('off');
    expect(phase(off, off.line.ring({ autoAnswer: true }))).toBe('ringing');
  });

  test('always, where that is set', async () => {
    const world = await ready('always');
    expect(phase(world, world.line.ring())).toBe('talking');
  });

  test('never while the agent talks to somebody, also not when that call is over', async () => {
    const world = await ready('always');
    const first = world.line.ring();
    const second = world.line.ring({ autoAnswer: true });
    expect(phase(world, second)).toBe('ringing');
    world.line.end(first);
    expect(phase(world, second)).toBe('ringing');
  });
});

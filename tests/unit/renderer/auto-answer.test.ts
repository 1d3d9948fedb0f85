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

  test('not into an empty room: a break, a wrap-up, a microphone that is refused', async () => {
    const onBreak = await ready('always');
    onBreak.desk.line.setStayOnBreak(true);
    onBreak.desk.line.setWish({ state: 'break', reason: 'lunch' });
    expect(phase(onBreak, onBreak.line.ring({ autoAnswer: true }))).toBe('ringing');

    const wrapping = await ready('always');
    wrapping.line.end(wrapping.line.ring());
    expect(phase(wrapping, wrapping.line.ring())).toBe('ringing');

    const deaf = await ready('always');
    const { store } = deaf.desk.audio;
    store.setState({ microphone: { ...store.getState().microphone, status: 'denied' } });
    expect(phase(deaf, deaf.line.ring())).toBe('ringing');
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { createGateTalk } from '../../../src/renderer/stores/gate-talk.ts';
import { createWorld, readyWorld, type World } from './world.ts';

// An emergency call goes out wherever a line is known; afterwards everything is as it was.

const worlds: World[] = [];
const keep = (world: World): World => {
  worlds.push(world);
  return world;
};
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const lineOf = (world: World) => world.desk.line.store.getState();
const called = (world: World) => world.line.asked.filter((act) => act.startsWith('call '));

async function dial(world: World, number: string) {
  const talk = createGateTalk(world.desk);
  await talk.place(
    { number, contactPointId: null, customerId: null, purpose: 'service', overrideReason: null },
    (passed) => passed.call(),
  );
  return talk.store.getState();
}

/** The call that was placed last is answered, and over. */
async function talkedAndOver(world: World) {
  const { callId } = world.desk.calls.store.getState().calls.at(-1) ?? { callId: '' };
  world.line.talk(callId);
  expect(world.desk.calls.store.getState().calls.at(-1)?.live?.phase).toBe('talking');
  world.line.end(callId);
  await world.until(() => !world.line.running());
}

const onBreak = async () => {
  const world = keep(await readyWorld());
  await world.desk.pbx.ask({ state: 'break', reason: 'lunch' });
  await world.until(() => !world.line.running());
  return world;
};

describe('on a break, where the line was given back', () => {
  test('119 goes out at once, no call can come in meanwhile, and the break is as it was', async () => {
    const world = await onBreak();
    await dial(world, '119');
    expect(called(world)).toEqual(['call 119']);
    expect([world.line.running(), world.line.retired()]).toEqual([true, true]);
    expect(lineOf(world)).toMatchObject({ wish: { state: 'break' }, registration: { state: 'stopped' } });
    // Whatever else happens on the desk meanwhile.
    world.setSound('off');
    world.setSound('ready');
    await world.desk.line.settle();
    expect(world.line.retired()).toBe(true);
    await talkedAndOver(world);
    expect(lineOf(world)).toMatchObject({ wish: { state: 'break' }, registration: { state: 'stopped' } });
  });

  test('and the host is away: it goes out all the same, and the host hears of it', async () => {
    const world = await onBreak();
    world.host.kill();
    await dial(world, '112');
    expect(called(world)).toEqual(['call 112']);
    world.host.restart();
    await world.until(() => world.host.state.calls.some(({ caller }) => caller.number === '112'));
    expect(world.line.retired()).toBe(true);
    await talkedAndOver(world);
  });

  test('ready is pressed while it is on: the line is there for everybody, and stays', async () => {
    const world = await onBreak();
    await dial(world, '119');
    await world.desk.pbx.ask({ state: 'ready' });
    await world.until(() => !world.line.retired());
    expect(lineOf(world).registration.state).toBe('registered');
    const { callId } = world.desk.calls.store.getState().calls.at(-1) ?? { callId: '' };
    world.line.end(callId);
    await world.desk.line.settle();
    expect([world.line.running(), lineOf(world).registration.state]).toEqual([true, 'registered']);
  });

  test('no other number: nothing is started for it', async () => {
    const world = await onBreak();
    await dial(world, '010-0000-1234');
    expect(called(world)).toEqual([]);
    expect(world.line.running()).toBe(false);
  });
});

test('nobody has touched the page yet, so that no ring could be heard: 119 goes out', async () => {
  const world = keep(createWorld({ sound: 'off' }));
  await world.until(() => world.desk.line.isKnown());
  expect(world.line.running()).toBe(false);
  await dial(world, '119');
  expect(called(world)).toEqual(['call 119']);
  await talkedAndOver(world);
});

test('another window has the phone: it keeps it, and 119 goes out from this one', async () => {
  const first = keep(await readyWorld());
  const other = keep(createWorld({ host: first.host }));
  await other.until(() => lineOf(other).claim === 'elsewhere');
  await dial(other, '119');
  expect(called(other)).toEqual(['call 119']);
  expect(first.host.state.phoneHolder).toBe(first.desk.windowId);
  await talkedAndOver(other);
  expect(lineOf(other).claim).toBe('elsewhere');
  expect(first.line.running()).toBe(true);
});

test('no line is known on this desk: it is said, not swallowed', async () => {
  const world = keep(createWorld());
  world.host.state.session = { status: 'signed_out', centralUrl: 'http://127.0.0.1:4701', practice: true };
  await world.until(() => world.desk.session.store.getState().session?.status === 'signed_out');
  expect(await dial(world, '119')).toMatchObject({ state: 'error', problem: { code: 'SIGNED_OUT' } });
});

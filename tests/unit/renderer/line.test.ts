import { afterEach, describe, expect, test } from 'vitest';
import { agentStateOf } from '../../../src/renderer/screens/desk/agent-state.ts';
import type { SessionState } from '../../../src/shared/host-types.ts';
import { fixedId, signedIn } from '../../fakes/desk-fixtures.ts';
import { createFakeLine } from '../../fakes/fake-phone.ts';
import { createWorld, readyWorld, type World } from './world.ts';

const worlds: World[] = [];
function keep(world: World): World {
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const claim = (world: World) => world.desk.line.store.getState().claim;
const live = (world: World) => world.desk.calls.store.getState().calls.filter((call) => call.stage === 'live');
const agentState = (world: World) => agentStateOf(world.desk.calls.store.getState(), world.desk.line.store.getState());
const isUp = (world: World) => world.desk.connection.getState().status === 'up';

/** Clocks of windows that were told to wait: they go off when the test says so. */
function alarms() {
  const waiting: (() => void)[] = [];
  return {
    later: (work: () => void) => {
      waiting.push(work);
      return () => waiting.splice(waiting.indexOf(work), 1);
    },
    waiting,
    goOff: () => {
      for (const work of waiting.splice(0)) work();
    },
  };
}

describe('one phone, several windows, and a host that is restarted', () => {
  test('the window that talks keeps the phone, also where the other one is back first', async () => {
    const talking = keep(await readyWorld());
    const clock = alarms();
    const other = keep(createWorld({ host: talking.host, later: clock.later }));
    await other.until(() => claim(other) === 'elsewhere');
    const callId = talking.line.ring();
    talking.line.talk(callId);

    talking.host.kill();
    talking.host.restart(1);
    await other.until(() => isUp(other) && (clock.waiting.length > 0 || other.line.running()));
    talking.host.restart(0);
    await talking.until(() => isUp(talking) && talking.host.state.phoneHolder === talking.desk.windowId);
    clock.goOff();
    await other.until(() => claim(other) === 'elsewhere');
    expect(other.line.running()).toBe(false);
    expect(talking.line.running()).toBe(true);
    expect(live(talking)).toMatchObject([{ callId, live: { phase: 'talking' } }]);
  });

  test('a window that opened meanwhile and has the phone gives it back to the one that talks', async () => {
    const talking = keep(await readyWorld());
    const callId = talking.line.ring();
    talking.line.talk(callId);
    talking.host.kill();
    talking.host.state.phoneHolder = fixedId(70);
    talking.host.restart();
    await talking.until(() => talking.host.state.phoneHolder === talking.desk.windowId);
    expect(live(talking)).toMatchObject([{ callId, live: { phase: 'talking' } }]);
    expect(claim(talking)).toBe('held');
  });

  test('where the window that had the phone is gone for good, the other one takes calls after its wait', async () => {
    const first = keep(await readyWorld());
    const clock = alarms();
    const other = keep(createWorld({ host: first.host, later: clock.later }));
    await other.until(() => claim(other) === 'elsewhere');
    first.host.kill();
    first.host.restart(1);
    await other.until(() => clock.waiting.length === 1);
    clock.goOff();
    await other.until(() => claim(other) === 'held' && other.line.running());
  });

  test('taken over in the middle of a call: the call goes on, and the phone goes with its end', async () => {
    const world = keep(await readyWorld());
    const callId = world.line.ring();
    world.line.talk(callId);
    world.host.state.phoneHolder = fixedId(71);
    world.host.emit({ type: 'phone_taken_over', windowId: world.desk.windowId });
    await world.until(() => claim(world) === 'elsewhere');
    expect(live(world)).toMatchObject([{ callId }]);
    // The other window registers now: this one no longer does, and rings for nobody.
    expect(world.line.retired()).toBe(true);
    world.line.end(callId);
    await world.until(() => !world.line.running());
    expect(claim(world)).toBe('elsewhere');
  });
});

describe('the line’s account', () => {
  test('another account in a call: the old line ends with the call, and the new one is registered', async () => {
    const line = createFakeLine();
    const accounts: string[] = [];
    const world = keep(
      await readyWorld({
        createPhone: (options) => {
          accounts.push(options.account.username);
          return line.createPhone(options);
        },
      }),
    );
    const callId = line.ring();
    line.talk(callId);
    const before = signedIn(Date.now());
    if (!before.config?.sip) throw new Error('no line');
    const sip = { ...before.config.sip, username: '2002' };
    const session: SessionState = { ...before, config: { ...before.config, sip } };
    world.host.emit({ type: 'session', session });
    await world.until(() => JSON.stringify(world.desk.session.store.getState().session).includes('2002'));
    expect(live(world)).toMatchObject([{ callId }]);
    line.end(callId);
    await world.until(() => accounts.length === 2 && line.running());
    expect(accounts).toEqual(['1001', '2002']);
  });

  test('locked and opened again in a call: the phone stays this window’s, and no other rings', async () => {
    const world = keep(await readyWorld());
    const callId = world.line.ring();
    world.line.talk(callId);
    const { agent, centralUrl, practice } = signedIn(0);
    world.host.emit({ type: 'session', session: { status: 'locked', agent, centralUrl, practice } });
    await world.until(() => world.desk.session.store.getState().session?.status === 'locked');
    expect(world.host.state.heard).not.toContain('host.releasePhone');
    world.host.emit({ type: 'session', session: signedIn(Date.now()) });
    await world.until(() => world.desk.session.store.getState().session?.status === 'signed_in');
    expect([claim(world), world.line.running(), live(world).length]).toEqual(['held', true, 1]);
  });
});

describe('sound that is lost later', () => {
  test('at rest calls no longer reach this desk, and do again when the ring can be heard', async () => {
    const world = keep(await readyWorld());
    world.setSound('off');
    await world.until(() => !world.line.running());
    expect(agentState(world).state.state).toBe('offline');
    world.setSound('ready');
    await world.until(() => agentState(world).state.state === 'available');
  });

  test('in a call nothing is cut; the line rests after it', async () => {
    const world = keep(await readyWorld());
    const callId = world.line.ring();
    world.line.talk(callId);
    world.setSound('off');
    expect(live(world)).toMatchObject([{ callId }]);
    world.line.end(callId);
    await world.until(() => !world.line.running());
  });
});

test('who is free is asked while somebody looks, and no longer', async () => {
  const world = keep(await readyWorld());
  const watches = () => world.line.asked.filter((act) => act.startsWith('watch'));
  world.desk.line.watch('places', ['701']);
  world.desk.line.watch('colleagues', ['101', '102']);
  world.desk.line.watch('colleagues', []);
  world.desk.line.watch('places', []);
  world.desk.line.watch('colleagues', []);
  expect(watches()).toEqual(['watch 701', 'watch 701 101 102', 'watch 701', 'watch ']);
});

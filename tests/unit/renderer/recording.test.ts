import { afterEach, describe, expect, test } from 'vitest';
import { toggleCardPause, toggleRecording } from '../../../src/renderer/desk-pbx.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { PbxAgent, RecordingState } from '../../../src/shared/pbx.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';
import { readyWorld, type World } from './world.ts';

const AT = '2026-11-23T09:00:00.000Z';
const up: PbxAgent = {
  agentId: newId(),
  run: newId(),
  seq: 1,
  link: 'up',
  linkSince: AT,
  state: { state: 'available' },
  since: AT,
  changedBy: 'agent',
  seats: [{ queue: 'support', paused: false, waiting: 0, longestSince: null }],
  reachable: true,
  asOf: AT,
};

let world: World;
let callId: string;
let timeOut: (() => void)[];
afterEach(() => world.close());

/** A desk in a call whose recording is as told. */
async function inCall(state: RecordingState): Promise<void> {
  const host = createFakeHost();
  host.state.pbx = up;
  timeOut = [];
  world = await readyWorld({
    host,
    later: (work) => {
      timeOut.push(work);
      return () => undefined;
    },
  });
  await world.until(() => world.desk.pbx.store.getState().agent !== null);
  callId = world.line.ring();
  host.state.recordings.set(`${callId}@wire`, state);
  world.line.talk(callId);
  await world.until(() => call()?.state === state);
}
const call = () => world.desk.recordings.store.getState().calls[callId];
const news = (state: RecordingState) =>
  world.host.emit({
    type: 'recording',
    recording: { sipCallId: `${callId}@wire`, state, resumesAt: null, asOf: AT },
  });

describe('the recording', () => {
  test('the lamp is what the PBX says, also when nobody asked here', async () => {
    await inCall('on');
    news('paused');
    await world.until(() => call()?.state === 'paused');
    news('off');
    await world.until(() => call()?.state === 'off');
  });

  test('is paused for a card number when the PBX says so, and goes on', async () => {
    await inCall('on');
    toggleCardPause(world.desk, callId);
    expect(call()).toMatchObject({ state: 'on', asking: 'pause' });
    await world.until(() => call()?.state === 'paused');
    expect(call()?.resumesAt).toBeGreaterThan(Date.now());
    toggleCardPause(world.desk, callId);
    await world.until(() => call()?.state === 'on');
  });

  test('refused: it says that card numbers must not be taken, and never that it is paused', async () => {
    await inCall('on');
    world.host.state.failing.set('pbx.recording', { code: 'PBX_UNREACHABLE', next: 'wait' });
    toggleCardPause(world.desk, callId);
    await world.until(() => call()?.notPaused === true);
    expect(call()?.state).toBe('on');
  });

  test('no answer in two seconds: the same; a late yes of the PBX takes it back', async () => {
    await inCall('on');
    world.host.state.silent.add('pbx.recording');
    toggleCardPause(world.desk, callId);
    expect(call()?.notPaused).toBe(false);
    for (const work of timeOut) work();
    expect(call()).toMatchObject({ state: 'on', notPaused: true });
    news('paused');
    await world.until(() => call()?.state === 'paused');
    expect(call()?.notPaused).toBe(false);
  });

  test('paused, and then the link is gone: not known any more, and known again with the link', async () => {
    await inCall('on');
    toggleCardPause(world.desk, callId);
    await world.until(() => call()?.state === 'paused');
    world.host.emit({ type: 'pbx', agent: { ...up, seq: 2, link: 'down' } });
    await world.until(() => call()?.state === 'unknown');
    world.host.emit({ type: 'pbx', agent: { ...up, seq: 3 } });
    await world.until(() => call()?.state === 'paused');
  });

  test('starts and stops by key', async () => {
    await inCall('off');
    toggleRecording(world.desk, callId);
    await world.until(() => call()?.state === 'on');
    toggleRecording(world.desk, callId);
    await world.until(() => call()?.state === 'off');
  });

  test('in a conference both legs are paused: the customer is heard on both', async () => {
    await inCall('on');
    const other = world.line.ring();
    world.host.state.recordings.set(`${other}@wire`, 'on');
    world.line.talk(other);
    for (const id of [callId, other]) {
      world.line.change(id, (one) => (one.phase === 'talking' ? { ...one, conference: true } : one));
    }
    toggleCardPause(world.desk, callId);
    await world.until(() => [...world.host.state.recordings.values()].every((state) => state === 'paused'));
  });

  test('its times go into the record of the call, and nothing but times', async () => {
    await inCall('on');
    toggleCardPause(world.desk, callId);
    await world.until(() => call()?.state === 'paused');
    world.line.end(callId);
    await world.until(() => world.host.state.calls.some((snapshot) => snapshot.endedAt !== null));
    const times = world.host.state.calls.findLast((snapshot) => snapshot.callId === callId)?.recording ?? [];
    expect(times.map(({ state }) => state)).toEqual(['on', 'paused']);
    for (const time of times) expect(Object.keys(time).sort()).toEqual(['at', 'state']);
  });
});

describe('a call that is put through', () => {
  test('another party: "off" is not believed until the PBX has been asked again', async () => {
    await inCall('off');
    world.host.state.recordings.set(`${callId}@wire`, 'on');
    const seen: string[] = [];
    world.desk.recordings.store.subscribe(({ calls }) => seen.push(calls[callId]?.state ?? ''));
    const caller = { number: '01000004321', e164: '+821000004321', displayName: null, withheld: false } as const;
    world.line.change(callId, (one) => ({ ...one, caller: { ...one.caller, ...caller } }));
    await world.until(() => call()?.state === 'on');
    expect(seen).toContain('unknown');
  });

  test('an older word does not undo a newer one', async () => {
    await inCall('on');
    const say = (state: RecordingState, asOf: number) => {
      const recording = { sipCallId: `${callId}@wire`, state, resumesAt: null, asOf: new Date(asOf).toISOString() };
      world.desk.recordings.hear(recording);
    };
    const last = call()?.asOf ?? 0;
    say('paused', last + 100);
    say('off', last + 50);
    expect(call()?.state).toBe('paused');
    say('on', last + 100);
    expect(call()?.state).toBe('on');
  });
});

test('a recording that does not go on is said, until it does', async () => {
  await inCall('paused');
  world.host.state.failing.set('pbx.recording', { code: 'PBX_UNREACHABLE', next: 'wait' });
  await world.desk.recordings.act(callId, 'resume');
  expect(call()).toMatchObject({ state: 'paused', asking: null, failedAct: 'resume' });
  news('on');
  await world.until(() => call()?.state === 'on');
  expect(call()?.failedAct).toBe(null);
});

import { expect, test } from 'vitest';
import { createCheckRun } from '../../../src/renderer/screens/shift-check/check-run.ts';
import { loudness } from '../../../src/renderer/sound/levels.ts';
import { LOOK_EVERY_MS, mutedTalk } from '../../../src/renderer/sound/muted-talk.ts';
import { knockSamples, type Ringer, ringSamples } from '../../../src/renderer/sound/ringer.ts';
import { createFakeAudio } from '../../fakes/fake-audio.ts';
import { readyWorld } from './world.ts';

test('the meter: silence is 0, full scale 1, speech in between', () => {
  expect(loudness(new Float32Array(100))).toBe(0);
  expect(loudness(new Float32Array(100).fill(1))).toBe(1);
  expect(loudness(new Float32Array(100).fill(0.0316))).toBeCloseTo(0.5, 2);
});

test('a second call is told by one soft tone: shorter than a second, far below the ring', () => {
  const loudest = (samples: Float32Array) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const knock = knockSamples(48_000);
  expect(knock.length).toBeLessThan(48_000);
  expect(loudest(knock)).toBeLessThan(loudest(ringSamples(48_000)) / 4);
});

test('talking while muted is noticed, a cough is not, and the hint goes after a while', () => {
  const notice = mutedTalk();
  let now = 0;
  const hear = (...levels: number[]) =>
    levels.map((level) => {
      now += LOOK_EVERY_MS;
      return notice(level, now);
    });
  expect(hear(0.1, 0.7, 0.7, 0.1, 0.1, 0.1, 0.1).some(Boolean)).toBe(false);
  expect(hear(0.6, 0.5, 0.6, 0.7).at(-1)).toBe(true);
  expect(hear(...Array<number>(20).fill(0)).at(-1)).toBe(true);
  expect(hear(...Array<number>(40).fill(0)).at(-1)).toBe(false);
});

test('how a call was heard goes to the host with its end, and not before', async () => {
  const world = await readyWorld();
  const callId = world.line.ring();
  world.line.talk(callId);
  const way = { loss: 0, jitterMs: 3, mos: 4.2 };
  world.desk.quality.take(callId, {
    ...{ at: 0, in: way, out: way, roundTripMs: 20, mos: 4.2 },
    ...{ grade: 'good', silence: 'none', culprit: null },
  });
  world.line.end(callId);
  await world.until(() => world.host.state.calls.some((call) => call.endedAt !== null));
  const qualities = world.host.state.calls.map((call) => [call.endedAt !== null, call.quality?.mosMean]);
  expect(qualities.filter(([ended]) => !ended).every(([, mos]) => mos === undefined)).toBe(true);
  expect(qualities.filter(([ended]) => ended)).toEqual(qualities.filter(([ended]) => ended).map(() => [true, 4.2]));
  world.close();
});

test('the microphone is opened when calls can come, and let go on a break', async () => {
  const audio = createFakeAudio();
  const world = await readyWorld({ audio });
  expect(audio.asked).toContain('warm');
  world.desk.line.setWish({ state: 'break', reason: 'meal' });
  await world.until(() => audio.asked.includes('rest'));
  world.close();
});

function checkOf(level: number, registered = true) {
  const audio = createFakeAudio();
  const rings: string[] = [];
  audio.levels.here = level;
  const ringer = { ring: () => rings.push('ring'), stop: () => rings.push('stop') } as unknown as Ringer;
  const run = createCheckRun({ audio, ringer, registered: () => registered, wait: () => Promise.resolve() });
  const verdicts = () => Object.values(run.store.getState().steps).join(' ');
  const asked = (step: 'self' | 'ring') =>
    new Promise<void>((resolve) => {
      const look = () => run.store.getState().steps[step] === 'asked' && resolve();
      run.store.subscribe(look);
      look();
    });
  return { run, rings, audio, verdicts, asked };
}

test('the check: all four well; the agent says what was heard', async () => {
  const { run, rings, verdicts, asked } = checkOf(0.6);
  const done = run.start();
  await asked('self');
  expect(verdicts()).toBe('ok asked waiting waiting');
  run.answer('self', true);
  await asked('ring');
  expect(rings).toEqual(['ring', 'stop']);
  run.answer('ring', true);
  await done;
  expect(verdicts()).toBe('ok ok ok ok');
});

test('the check takes ten seconds at most, besides the two answers of the agent', async () => {
  let clock = 0;
  const pass = async (milliseconds: number) => {
    clock += milliseconds;
  };
  let recorded = 0;
  const audio = {
    ...createFakeAudio(),
    record: async (milliseconds: number) => {
      recorded = milliseconds;
      return {} as AudioBuffer;
    },
    // What was said is heard for as long as it was said.
    playBack: () => pass(recorded),
  };
  const ringer = { ring: () => undefined, stop: () => undefined } as unknown as Ringer;
  const run = createCheckRun({ audio, ringer, registered: () => true, wait: pass });
  run.store.subscribe(({ steps }) => {
    for (const step of ['self', 'ring'] as const)
      if (steps[step] === 'asked') queueMicrotask(() => run.answer(step, true));
  });
  await run.start();
  expect(run.store.getState().status).toBe('done');
  expect(clock).toBeGreaterThan(recorded);
  expect(clock).toBeLessThanOrEqual(10_000);
});

test('the check: nothing heard, nothing registered; each is marked by itself', async () => {
  const { run, verdicts, asked } = checkOf(0.1, false);
  const done = run.start();
  await asked('self');
  run.answer('self', false);
  await asked('ring');
  run.answer('ring', false);
  await done;
  expect(verdicts()).toBe('bad bad bad bad');
});

test('the check: a microphone that cannot be opened; a sheet that is closed rings on no more', async () => {
  const { run, rings, audio, verdicts, asked } = checkOf(0.6);
  audio.record = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  const done = run.start();
  await asked('ring');
  expect(verdicts()).toBe('bad bad asked waiting');
  run.stop();
  run.answer('ring', true);
  await done;
  expect(run.store.getState().status).toBe('running');
  expect(rings).toEqual(['ring', 'stop']);
});

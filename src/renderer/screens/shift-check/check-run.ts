import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeskAudio } from '../../sound/desk-audio.ts';
import type { Ringer } from '../../sound/ringer.ts';

export type CheckStep = 'microphone' | 'self' | 'ring' | 'line';
export type Verdict = 'waiting' | 'running' | 'asked' | 'ok' | 'bad';

export interface CheckState {
  status: 'new' | 'running' | 'done';
  steps: Readonly<Record<CheckStep, Verdict>>;
}

export const CHECK_STEPS: readonly CheckStep[] = ['microphone', 'self', 'ring', 'line'];
export const SAY_SECONDS = 3;
const RING_MS = 2_000;
/** On the meter's scale: a spoken word reaches 0.5, a room 0.2. */
const HEARD_LEVEL = 0.3;
const LOOK_EVERY_MS = 50;

export interface CheckOptions {
  audio: DeskAudio;
  ringer: Ringer;
  registered: () => boolean;
  wait: (milliseconds: number) => Promise<void>;
}

export interface CheckRun {
  store: StoreApi<CheckState>;
  start: () => Promise<void>;
  /** What the agent says to "did you hear it?". */
  answer: (step: 'self' | 'ring', heard: boolean) => void;
  /** The sheet was closed: nothing rings on. */
  stop: () => void;
}

const FRESH: CheckState['steps'] = { microphone: 'waiting', self: 'waiting', ring: 'waiting', line: 'waiting' };

/**
 * The check at the start of a shift, one step after another: what you say is recorded, then played where calls are heard,
 * then it rings where it rings, and the line is looked at. Only the agent can say what was heard.
 */
export function createCheckRun({ audio, ringer, registered, wait }: CheckOptions): CheckRun {
  const store = createStore<CheckState>(() => ({ status: 'new', steps: FRESH }));
  let running = 0;
  let answered: (heard: boolean) => void = () => undefined;
  const set = (step: CheckStep, verdict: Verdict) =>
    store.setState(({ steps }) => ({ steps: { ...steps, [step]: verdict } }));
  const ask = async (step: 'self' | 'ring') => {
    set(step, 'asked');
    set(step, (await new Promise<boolean>((resolve) => (answered = resolve))) ? 'ok' : 'bad');
  };
  const listen = async (): Promise<AudioBuffer | null> => {
    set('microphone', 'running');
    const watch = audio.watch('here');
    let loudest = 0;
    try {
      const recording = audio.record(SAY_SECONDS * 1000);
      recording.catch(() => undefined);
      for (let passed = 0; passed < SAY_SECONDS * 1000; passed += LOOK_EVERY_MS) {
        await wait(LOOK_EVERY_MS);
        loudest = Math.max(loudest, watch.read());
      }
      const heard = await recording;
      set('microphone', loudest >= HEARD_LEVEL ? 'ok' : 'bad');
      return heard;
    } catch {
      set('microphone', 'bad');
      return null;
    } finally {
      watch.stop();
    }
  };
  const playBack = async (recording: AudioBuffer | null) => {
    if (!recording) return set('self', 'bad');
    set('self', 'running');
    await audio.playBack(recording).catch(() => undefined);
    await ask('self');
  };
  const ring = async () => {
    set('ring', 'running');
    ringer.ring();
    await wait(RING_MS);
    ringer.stop();
    await ask('ring');
  };
  return {
    store,
    start: async () => {
      running += 1;
      const mine = running;
      store.setState({ status: 'running', steps: FRESH });
      for (const step of [async () => playBack(await listen()), ring]) {
        await step();
        if (mine !== running) return;
      }
      set('line', registered() ? 'ok' : 'bad');
      store.setState({ status: 'done' });
    },
    answer: (_step, heard) => answered(heard),
    stop: () => {
      running += 1;
      if (store.getState().steps.ring === 'running') ringer.stop();
    },
  };
}

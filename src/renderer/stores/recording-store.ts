import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallSnapshot } from '../../shared/call.ts';
import type { CallRecording, RecordingState, RecordingTimes, RecordingWish } from '../../shared/pbx.ts';
import type { DeskApi } from '../host-client.ts';

export interface RecordedCall {
  sipCallId: string;
  /** What the PBX says; 'unknown' until it says something, and whenever nobody tells. */
  state: RecordingState;
  /** Epoch ms of the end that a pause has by itself. */
  resumesAt: number | null;
  asking: RecordingWish['act'] | null;
  /** A pause was asked for and is not confirmed: no card number may be taken. */
  notPaused: boolean;
  /** This was asked for and did not come about. */
  failedAct: 'start' | 'stop' | 'resume' | null;
  times: RecordingTimes;
  /** When the centre said so, epoch ms by its clock; 0: it has said nothing yet. */
  asOf: number;
}

export interface RecordingStore {
  store: StoreApi<{ calls: Readonly<Record<string, RecordedCall>> }>;
  /** A call that is talked: what about its recording? Asked again when the link is back. */
  look: (callId: string) => Promise<void>;
  /** Another party is on the line: what was "off" is not known until the PBX has been asked. */
  doubt: (callId: string) => void;
  act: (callId: string, act: 'start' | 'stop' | 'pause' | 'resume') => Promise<void>;
  hear: (recording: CallRecording) => void;
  /** The link to the PBX is gone, or is back: what was known is not known any more. */
  linkChanged: (up: boolean) => void;
  withTimes: (snapshot: CallSnapshot) => CallSnapshot;
  forget: (callId: string) => void;
}

export interface RecordingStoreOptions {
  api: DeskApi;
  /** The call's Call-ID on the wire, from the phone. */
  sipCallId: (callId: string) => string | null;
  now: () => number;
  /** Times were added: the call is to be journaled again. */
  onTimes: (callId: string) => void;
  later: (work: () => void, ms: number) => () => void;
}

/** The agent waits no longer for a confirmation before the desk says that there is none. */
export const CONFIRM_WITHIN_MS = 2000;
/** No answer of the centre is older than this when it comes. */
const ANSWERS_WITHIN_MS = 15_000;
const MOST_TIMES = 100;
/** How the recording is when an act has come about. */
const REACHED = { start: 'on', resume: 'on', stop: 'off' } as const;

/** What the PBX says about the recording of this desk's calls. Nothing here is set by asking: only by what comes back. */
export function createRecordingStore(options: RecordingStoreOptions): RecordingStore {
  const { api, now, later } = options;
  const store = createStore<{ calls: Readonly<Record<string, RecordedCall>> }>(() => ({ calls: {} }));
  const get = (callId: string) => store.getState().calls[callId];
  const change = (callId: string, part: Partial<RecordedCall>) => {
    const call = get(callId);
    if (call) store.setState(({ calls }) => ({ calls: { ...calls, [callId]: { ...call, ...part } } }));
  };
  const become = (callId: string, state: RecordingState, resumesAt: number | null, at: string) => {
    const call = get(callId);
    if (!call) return;
    const news = call.state !== state;
    const times = news && call.times.length < MOST_TIMES ? [...call.times, { at, state }] : call.times;
    const notPaused = call.notPaused && state !== 'paused';
    const failedAct = call.failedAct !== null && state === REACHED[call.failedAct] ? null : call.failedAct;
    change(callId, { state, resumesAt, times, notPaused, failedAct });
    if (news) options.onTimes(callId);
  };
  const hear = (recording: CallRecording) => {
    const found = Object.entries(store.getState().calls).find(([, call]) => call.sipCallId === recording.sipCallId);
    if (!found) return;
    const [callId, call] = found;
    const asOf = Date.parse(recording.asOf);
    // Answers and news come by two ways: an older word does not undo a newer one. Much older is a clock that was set.
    if (call.asOf - asOf > 0 && call.asOf - asOf < ANSWERS_WITHIN_MS) return;
    change(callId, { asOf });
    const resumesAt = recording.resumesAt === null ? null : Date.parse(recording.resumesAt);
    become(callId, recording.state, resumesAt, recording.asOf);
  };
  const open = (callId: string): RecordedCall | null => {
    const known = get(callId);
    if (known) return known;
    const sipCallId = options.sipCallId(callId);
    if (sipCallId === null) return null;
    const call = {
      sipCallId,
      state: 'unknown',
      resumesAt: null,
      asking: null,
      notPaused: false,
      failedAct: null,
      times: [],
      asOf: 0,
    } as const;
    store.setState(({ calls }) => ({ calls: { ...calls, [callId]: { ...call, times: [] } } }));
    return get(callId) ?? null;
  };
  const ask = async (callId: string, act: RecordingWish['act']) => {
    const call = open(callId);
    if (!call) return;
    hear(await api.pbx.recording({ sipCallId: call.sipCallId, act }));
  };
  return {
    store,
    look: async (callId) => {
      await ask(callId, 'look').catch(() => become(callId, 'unknown', null, new Date(now()).toISOString()));
    },
    doubt: (callId) => {
      if (get(callId)?.state === 'off') become(callId, 'unknown', null, new Date(now()).toISOString());
    },
    act: async (callId, act) => {
      if (open(callId) === null) return;
      change(callId, { asking: act, notPaused: false, failedAct: null });
      const failed = () => {
        if (get(callId)?.asking !== act) return;
        const notPaused = act === 'pause' && get(callId)?.state !== 'paused';
        const failedAct = act !== 'pause' && get(callId)?.state !== REACHED[act] ? act : null;
        change(callId, { asking: null, notPaused, failedAct });
      };
      const cancel = later(failed, CONFIRM_WITHIN_MS);
      // A refusal and an answer that is no "paused" are the same to the agent: the card number is still recorded.
      await ask(callId, act).catch(() => undefined);
      cancel();
      failed();
    },
    hear,
    linkChanged: (up) => {
      for (const callId of Object.keys(store.getState().calls)) {
        if (up) void ask(callId, 'look').catch(() => undefined);
        else become(callId, 'unknown', null, new Date(now()).toISOString());
      }
    },
    withTimes: (snapshot) => {
      const times = get(snapshot.callId)?.times ?? [];
      return times.length > 0 ? { ...snapshot, recording: times } : snapshot;
    },
    forget: (callId) =>
      store.setState(({ calls }) => {
        const { [callId]: _, ...left } = calls;
        return { calls: left };
      }),
  };
}

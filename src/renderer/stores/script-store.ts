import { createStore, type StoreApi } from 'zustand/vanilla';
import type { KeptRun, RunVersion } from '../../shared/contract-script.ts';
import type { DangolError } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { mayAdopt, nextRun, type RunEvent, type RunProblem } from '../../shared/script-run.ts';
import type { Language } from '../../shared/text.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';
import type { ReplayQueue } from '../replay-queue.ts';
import { callKey, customerKey, LOOSE_KEY } from '../work-keys.ts';

/** A run that is going on: of a call, of a customer who is looked up, or of nobody. */
export interface ScriptSlot {
  run: KeptRun;
  /** Why the last key changed nothing. */
  problem: RunProblem | null;
  /** What the host could not keep; it is tried again with the next step. */
  trouble: DangolError | null;
  /** A newer version was taken over at this step. */
  adopted: boolean;
}

/** What became of the run that ended last at a place. */
export interface ScriptOver {
  title: string;
  completed: boolean;
  disposition: string | null;
  written: readonly string[];
  left: readonly string[];
}

interface ScriptState {
  slots: Readonly<Record<string, ScriptSlot>>;
  over: Readonly<Record<string, ScriptOver>>;
}

export interface OfCall {
  callId: string | null;
  customerId: string | null;
  queue: string | null;
  direction: 'in' | 'out' | null;
}

export interface ScriptStore {
  store: StoreApi<ScriptState>;
  /** Begins a run at a place (work-keys.ts). Null: it is on screen. */
  begin: (key: string, of: OfCall & { scriptId: string }, language: Language) => Promise<DangolError | null>;
  act: (key: string, event: RunEvent) => void;
  speak: (key: string, language: Language) => void;
  /** The runs that the page before this one left. Those of calls that are not in hand any more are given up, with their answers. */
  restore: () => Promise<void>;
  /** Calls that left the desk leave their runs given up. */
  callsChanged: () => void;
  /** The note on what ended is read. */
  dismiss: (key: string) => void;
  clear: () => void;
}

interface ScriptStoreOptions {
  api: DeskApi;
  queue: ReplayQueue;
  /** The window that this is. */
  windowId: string;
  /** undefined: the call is not in hand. */
  callOf: (callId: string) => { customerId: string | null } | undefined;
  /** The end of a run proposes how the call is wrapped up. */
  propose: (callId: string, dispositionCode: string) => void;
}

const keyOf = ({ callId, customerId }: Pick<KeptRun, 'callId' | 'customerId'>) =>
  callId !== null ? callKey(callId) : customerId !== null ? customerKey(customerId) : LOOSE_KEY;

/** Scripts that are gone through: every step is on screen at once and with the host before the next but one. */
export function createScriptStore({ api, queue, windowId, callOf, propose }: ScriptStoreOptions): ScriptStore {
  const store = createStore<ScriptState>(() => ({ slots: {}, over: {} }));
  const slotOf = (key: string) => store.getState().slots[key];
  const change = (key: string, part: Partial<ScriptSlot>) =>
    store.setState(({ slots }) => {
      const slot = slots[key];
      return slot ? { slots: { ...slots, [key]: { ...slot, ...part } } } : {};
    });
  const drop = (key: string) => store.setState(({ slots: { [key]: _, ...slots } }) => ({ slots }));
  const placeOf = ({ runId, callId, customerId, state, revision, version, language }: KeptRun) => {
    const now = callId === null ? customerId : (callOf(callId)?.customerId ?? customerId);
    return { runId, customerId: now, state, revision, hash: version.hash, language };
  };

  /** Another version came: the run goes on with it where all that was said stands in it. */
  function offer(key: string, runId: string, newer: RunVersion): void {
    const slot = slotOf(key);
    if (!slot || slot.run.runId !== runId || slot.run.version.hash === newer.hash) return;
    const { version, state } = slot.run;
    if (mayAdopt(version.content, newer.content, state)) {
      change(key, { run: { ...slot.run, version: newer }, adopted: true });
    }
  }

  async function keep(key: string, run: KeptRun): Promise<void> {
    try {
      const { newer } = await queue.send(run.runId, 'keep', () => api.script.keep(placeOf(run)));
      if (slotOf(key)?.run.runId === run.runId) change(key, { trouble: null });
      if (newer) offer(key, run.runId, newer);
    } catch (error) {
      const trouble = toDangolError(error);
      if (slotOf(key)?.run.runId === run.runId) change(key, { trouble });
    }
  }

  async function end(key: string, run: KeptRun): Promise<void> {
    const { content } = run.version;
    const { language } = run;
    try {
      const done = await queue.send(run.runId, 'end', () => api.script.end(placeOf(run)));
      const completed = run.state.status === 'finished';
      const title = content.title[language] || content.title.ko || content.title.en;
      if (slotOf(key)?.run.runId === run.runId) drop(key);
      store.setState(({ over }) => ({ over: { ...over, [key]: { title, completed, ...done } } }));
      if (run.callId !== null && done.disposition !== null) propose(run.callId, done.disposition);
    } catch (error) {
      const trouble = toDangolError(error);
      // Ended by another window, or given up while this page was away: nothing is left to do.
      if (trouble.code === 'NOT_FOUND') drop(key);
      else change(key, { trouble, run: { ...run, state: { ...run.state, status: 'running' } } });
    }
  }

  const act: ScriptStore['act'] = (key, event) => {
    const slot = slotOf(key);
    if (!slot) return;
    const { run } = slot;
    const { state, problem } = nextRun({ script: run.version.content, facts: run.facts }, run.state, event);
    if (problem) {
      change(key, { problem });
      return;
    }
    const moved = { ...run, state, revision: run.revision + 1 };
    change(key, { run: moved, problem: null, adopted: event.type === 'answer' ? slot.adopted : false });
    if (state.status === 'running') void keep(key, moved);
    else void end(key, moved);
  };

  const put = (run: KeptRun) =>
    store.setState(({ slots, over }) => {
      const key = keyOf(run);
      const { [key]: _, ...others } = over;
      return {
        slots: { ...slots, [key]: { run, problem: null, trouble: null, adopted: false } },
        over: others,
      };
    });

  const giveUpLost = () => {
    for (const [key, { run }] of Object.entries(store.getState().slots)) {
      const isLost = run.callId !== null && callOf(run.callId) === undefined;
      if (isLost && run.state.status === 'running') act(key, { type: 'give_up' });
    }
  };

  return {
    store,
    begin: async (key, of, language) => {
      if (slotOf(key)) return null;
      const runId = newId();
      try {
        const run = await queue.send(runId, 'begin', () => api.script.begin({ ...of, runId, language }));
        if (!slotOf(key)) put(run);
        return null;
      } catch (error) {
        return toDangolError(error);
      }
    },
    act,
    speak: (key, language) => {
      const slot = slotOf(key);
      if (!slot) return;
      const run = { ...slot.run, language, revision: slot.run.revision + 1 };
      change(key, { run });
      void keep(key, run);
    },
    restore: async () => {
      const { runs } = await api.script.open({ windowId });
      for (const run of runs) if (!slotOf(keyOf(run))) put(run);
      giveUpLost();
    },
    callsChanged: giveUpLost,
    dismiss: (key) => store.setState(({ over: { [key]: _, ...over } }) => ({ over })),
    clear: () => store.setState({ slots: {}, over: {} }),
  };
}

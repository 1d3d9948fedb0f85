import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DangolError } from '../../shared/errors.ts';
import type { GateRefusal } from '../../shared/host-types.ts';
import type { Desk } from '../desk.ts';
import { toDangolError } from '../host-client.ts';
import { askGate, type DialQuestion, type GateAnswer, type PassedNumber } from '../outgoing.ts';

export type Verdict =
  | { state: 'none' }
  | { state: 'asking' }
  | { state: 'refused'; refusals: readonly GateRefusal[]; needsRight?: boolean | undefined }
  /** May be called; the number wants no advertising, and whoever calls shall know first. */
  | { state: 'listed'; number: PassedNumber }
  | { state: 'error'; problem: DangolError };

/** What one strip asks the gate and hears from it. */
export interface GateTalk {
  store: StoreApi<Verdict>;
  /**
   * Asks, and goes on with the number where it passes. A listed number goes on when it is asked for again. What takes longer
   * looks at `stillAsked` before it calls anybody.
   */
  place: (
    question: DialQuestion,
    go: (number: PassedNumber, stillAsked: () => boolean) => void | Promise<void>,
  ) => Promise<void>;
  /** Another number, another purpose, or the strip is closed: what was asked before no longer counts. */
  reset: () => void;
}

const NOTHING: Verdict = { state: 'none' };

function refused({ refusals, needsRight }: Extract<GateAnswer, { allowed: false }>): Verdict {
  return { state: 'refused', refusals, ...(needsRight === undefined ? {} : { needsRight }) };
}

export function createGateTalk(desk: Pick<Desk, 'api' | 'line'>): GateTalk {
  const store = createStore<Verdict>(() => NOTHING);
  let asked = '';
  let turn = 0;
  const set = (verdict: Verdict) => store.setState(verdict, true);
  return {
    store,
    place: async (question, go) => {
      const before = store.getState();
      // The reason of an override is no other question: it has done its work by then.
      const key = JSON.stringify({ ...question, overrideReason: null });
      const listed = before.state === 'listed' && asked === key ? before.number : null;
      asked = key;
      turn += 1;
      const mine = turn;
      const stillAsked = () => mine === turn;
      set({ state: 'asking' });
      try {
        if (listed) return await go(listed, stillAsked);
        const answer = await askGate(desk, question);
        if (!stillAsked()) return;
        if (!answer.allowed) set(refused(answer));
        else if (answer.doNotCall) set({ state: 'listed', number: answer.number });
        else await go(answer.number, stillAsked);
      } catch (error) {
        if (stillAsked()) set({ state: 'error', problem: toDangolError(error) });
      }
    },
    reset: () => {
      turn += 1;
      set(NOTHING);
    },
  };
}

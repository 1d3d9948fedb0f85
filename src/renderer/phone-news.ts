import type { PhoneCall, PhoneState } from '../telephony/phone-types.ts';

interface PhoneNewsOptions {
  /** A call in that nobody here has seen yet: whoever rings can be looked up before anything is drawn. */
  isNew: (call: PhoneCall) => boolean;
  lookUp: (call: PhoneCall) => void;
  show: (state: PhoneState) => void;
  /** Runs it when what was asked is on the wire; undefined: at once. */
  soon: ((work: () => void) => void) | undefined;
}

export interface PhoneNews {
  take: (state: PhoneState) => void;
  /** Shows what waits, now. */
  flush: () => void;
}

/**
 * The states of the phone, in their order. Drawing a ring takes longer than asking the host who rings, and what is asked reaches
 * the wire some turns of the microtask queue later: a new ring is drawn after these, while the host is reading.
 */
export function createPhoneNews({ isNew, lookUp, show, soon }: PhoneNewsOptions): PhoneNews {
  let waiting: PhoneState | null = null;
  const flush = () => {
    const state = waiting;
    waiting = null;
    if (state) show(state);
  };
  return {
    flush,
    take: (state) => {
      flush();
      const [call] = state.calls.filter(isNew);
      if (call) lookUp(call);
      if (!call || !soon) return show(state);
      waiting = state;
      soon(flush);
    },
  };
}

/** How many turns of the microtask queue a request may take from its call to the wire: nine, measured, and room for more. */
const TURNS_TO_THE_WIRE = 40;

/**
 * Later in the running task. A task of its own would come after whatever else waits in the page, a frame among it, and the ring
 * would be drawn one frame later for it.
 */
export function lateInThisTask(work: () => void): void {
  let turns = 0;
  const turn = () => {
    turns += 1;
    if (turns > TURNS_TO_THE_WIRE) work();
    else queueMicrotask(turn);
  };
  turn();
}

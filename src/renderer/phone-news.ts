import type { PhoneCall, PhoneState } from '../telephony/phone-types.ts';

interface PhoneNewsOptions {
  /** A call in that nobody here has seen yet: whoever rings can be looked up before anything is drawn. */
  isNew: (call: PhoneCall) => boolean;
  lookUp: (call: PhoneCall) => void;
  show: (state: PhoneState) => void;
  /** Runs in a task of its own, the next there is; undefined: at once. */
  soon: ((work: () => void) => void) | undefined;
}

export interface PhoneNews {
  take: (state: PhoneState) => void;
  /** Shows what waits, now. */
  flush: () => void;
}

/**
 * The states of the phone, in their order. Drawing a ring takes longer than asking the host who rings, and what is asked leaves
 * the page only when the running task is over: so a new ring is drawn in the task after it, while the host is reading.
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

/** A task of its own without the delay that timers have. */
export function nextTask(): (work: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const queue: (() => void)[] = [];
  port1.onmessage = () => queue.shift()?.();
  return (work) => {
    queue.push(work);
    port2.postMessage(null);
  };
}

import type { CallSnapshot } from '../shared/call.ts';

export interface CallJournal {
  write: (snapshot: CallSnapshot) => void;
  /** Sends what still waits, now. */
  flush: () => void;
}

/** A ring is journaled this much later than it rings: the moment of the pop belongs to the pop. */
const RING_AFTER_MS = 120;

/**
 * Every transition of a call goes to the host. Only the ring itself waits a little, and takes along the customer, if they are
 * known by then; any later transition overtakes it.
 */
export function createCallJournal(send: (snapshot: CallSnapshot) => void): CallJournal {
  const waiting = new Map<string, { snapshot: CallSnapshot; timer: ReturnType<typeof setTimeout> }>();
  const release = (callId: string) => {
    const ring = waiting.get(callId);
    waiting.delete(callId);
    clearTimeout(ring?.timer);
    return ring?.snapshot;
  };
  const sendRing = (callId: string) => {
    const snapshot = release(callId);
    if (snapshot) send(snapshot);
  };
  return {
    write: (snapshot) => {
      const { callId, phase } = snapshot;
      const ring = waiting.get(callId);
      if (phase !== 'ringing') {
        release(callId);
        send(snapshot);
      } else if (ring) {
        ring.snapshot = snapshot;
      } else {
        waiting.set(callId, { snapshot, timer: setTimeout(() => sendRing(callId), RING_AFTER_MS) });
      }
    },
    flush: () => {
      for (const callId of [...waiting.keys()]) sendRing(callId);
    },
  };
}

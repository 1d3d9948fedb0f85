import { waitAfterFailure } from './backoff.ts';
import type { Clock } from './clock.ts';
import { reasonOf } from './failure.ts';

/** What a round of work asks for: another one at once, or rest until somebody wakes the lane or `idleMs` went by. */
export type AfterWork = { again: true } | { again: false; idleMs: number };

export interface LaneOptions {
  clock: Clock;
  random: () => number;
  /** One round. Whatever it throws is a failure; the lane tries again for ever. */
  work: (signal: AbortSignal) => Promise<AfterWork>;
  /** After every round and every start of a wait. `recovered`: this round worked and the one before did not. */
  onRound: (recovered: boolean) => void;
}

export interface LaneState {
  running: boolean;
  /** Why the last round failed; null when it did not. */
  failure: unknown;
  /** When the next try begins by the desk's clock, while it waits after a failure. */
  nextTryAt: number | null;
}

/**
 * A line of work that goes on for ever: rounds one after another, never two at once; a failed one is tried again by
 * itself with full jitter. Push and pull are one lane each, so that neither waits for the other.
 *
 *   stopped -> running -> resting (wake, hurry or the idle time) -> running
 *                      -> waiting after a failure (its time, hurry; wake only when signed out) -> running
 */
export interface Lane {
  start(): void;
  stop(): Promise<void>;
  /** There may be work. A lane that waits after a failure keeps waiting: it comes by itself. */
  wake(): void;
  /** Work now, whatever it was waiting for. */
  hurry(): void;
  /** Another lane reached the centre again: do not wait out a long backoff. */
  recover(): void;
  state(): LaneState;
}

/** Throws where nobody of the engine catches it: a bug of the host is seen, and the engine goes on. */
export function surface(clock: Clock, error: unknown): void {
  clock.schedule(0, () => {
    throw error;
  });
}

const SIGNED_OUT_RETRY_MS = 60_000;
const RECOVER_WITHIN_MS = 500;

export function createLane({ clock, random, work, onRound }: LaneOptions): Lane {
  let phase: 'stopped' | 'running' | 'waiting' = 'stopped';
  let woken = false;
  let failures = 0;
  let failure: unknown = null;
  let nextTryAt: number | null = null;
  let cancelTimer: () => void = () => undefined;
  let abort = new AbortController();
  let round: Promise<void> = Promise.resolve();

  const wait = (delayMs: number) => {
    phase = 'waiting';
    cancelTimer();
    cancelTimer = clock.schedule(delayMs, run);
  };
  const run = () => {
    cancelTimer();
    if (phase !== 'waiting') return;
    phase = 'running';
    woken = false;
    nextTryAt = null;
    round = doRound(abort.signal);
  };
  const doRound = async (signal: AbortSignal) => {
    try {
      const after = await work(signal);
      if (signal.aborted) return;
      const recovered = failure !== null;
      failures = 0;
      failure = null;
      wait(after.again || woken ? 0 : after.idleMs);
      report(recovered);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      failure = error;
      const delay = delayAfter(error);
      nextTryAt = clock.now() + delay;
      wait(delay);
      report(false);
    }
  };
  /** Telling about a round must not fail the round: while a disk fails, the status cannot be read either. */
  const report = (recovered: boolean) => {
    try {
      onRound(recovered);
    } catch (error) {
      surface(clock, error);
    }
  };
  const delayAfter = (error: unknown): number => {
    const reason = reasonOf(error);
    if (reason?.kind === 'signed_out') return woken ? 0 : SIGNED_OUT_RETRY_MS;
    return waitAfterFailure(failures, reason?.kind === 'rate_limited' ? reason.retryAfterMs : null, random);
  };

  return {
    start: () => {
      if (phase !== 'stopped') return;
      abort = new AbortController();
      wait(0);
    },
    stop: async () => {
      phase = 'stopped';
      cancelTimer();
      abort.abort();
      await round;
    },
    wake: () => {
      if (phase === 'running') woken = true;
      else if (phase === 'waiting' && (failure === null || reasonOf(failure)?.kind === 'signed_out')) wait(0);
    },
    hurry: () => {
      if (phase === 'running') woken = true;
      else if (phase === 'waiting') {
        failures = 0;
        wait(0);
      }
    },
    recover: () => {
      if (phase !== 'waiting' || reasonOf(failure)?.kind !== 'unreachable') return;
      wait(Math.floor(random() * RECOVER_WITHIN_MS));
    },
    state: () => ({ running: phase === 'running', failure, nextTryAt }),
  };
}

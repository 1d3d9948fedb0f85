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
  /** Whether a round under way may be given up and begun anew. Absent: always. */
  mayBeginAnew?: () => boolean;
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
  /**
   * Somebody else reached the centre again: do not wait out a long backoff, nor a request that may have died with the line. The
   * longer requests here take, the longer it has to be under way for that: a slow answer is not given up again and again.
   */
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
/** A request that is under way for so long, while others are answered, is taken for lost. Twice as long each time that it was given up. */
const LOST_AFTER_MS = 2000;

export function createLane({ clock, random, work, onRound, mayBeginAnew = () => true }: LaneOptions): Lane {
  let phase: 'stopped' | 'running' | 'waiting' = 'stopped';
  let woken = false;
  let failures = 0;
  let failure: unknown = null;
  let nextTryAt: number | null = null;
  let [runningSince, givenUp] = [0, 0];
  let lost: AbortSignal | null = null;
  let cancelTimer: () => void = () => undefined;
  let abort = new AbortController();
  /** The signal of the round under way. */
  let current = abort.signal;
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
    runningSince = clock.now();
    current = abort.signal;
    round = doRound(current);
  };
  const soon = () => wait(Math.floor(random() * RECOVER_WITHIN_MS));
  const ended = (signal: AbortSignal) => {
    if (signal === lost && phase === 'running') soon();
  };
  const doRound = async (signal: AbortSignal) => {
    try {
      const after = await work(signal);
      if (signal.aborted) return ended(signal);
      const recovered = failure !== null;
      failures = 0;
      givenUp = 0;
      failure = null;
      wait(after.again || woken ? 0 : after.idleMs);
      report(recovered);
    } catch (error) {
      if (signal.aborted) return ended(signal);
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

  const recover = () => {
    if (phase === 'waiting' && reasonOf(failure)?.kind === 'unreachable') return soon();
    // A round that was given up may take a while to end: what follows it begins then.
    if (phase !== 'running' || current.aborted || !mayBeginAnew()) return;
    const left = LOST_AFTER_MS * 2 ** givenUp - Math.abs(clock.now() - runningSince);
    cancelTimer();
    // It may have been sent a moment too early.
    if (left > 0) cancelTimer = clock.schedule(left, recover);
    else giveUp();
  };
  const giveUp = () => {
    givenUp += 1;
    const over = abort;
    abort = new AbortController();
    lost = over.signal;
    over.abort();
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
    recover,
    state: () => ({ running: phase === 'running', failure, nextTryAt }),
  };
}

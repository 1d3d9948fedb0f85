/**
 * Time as the engine may know it. The host gives the real one, the simulator its own: nothing else in src/sync reads a
 * clock or starts a timer.
 */
export interface Clock {
  /** Milliseconds since 1970 by this desk's clock. Shown and kept, never used to order anything. */
  now(): number;
  /** Calls `run` once, `delayMs` from now (0: soon, after other work had a chance). Returns the cancellation. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** Resolves after `delayMs`: with 0, lets everything else of the process (a pop, say) go first. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(delayMs, resolve);
  });
}

/** This desk's idea of the time as the Instant that statuses and operations carry. */
export function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

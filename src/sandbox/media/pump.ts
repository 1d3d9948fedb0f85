import { FRAME_MS } from './ulaw.ts';

/** Late timers are made up for, up to this: a process that slept does not send a minute at once. */
const MOST_AT_ONCE = 5;

/**
 * Calls `frame` once for every 20 ms that pass, without drift: the count follows the monotonic clock, the timer only
 * wakes. Returns the way to stop it.
 */
export function startPump(frame: () => void): () => void {
  let done = 0;
  let startedAt = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startedAt) / FRAME_MS) - done;
    if (due > MOST_AT_ONCE) {
      startedAt += (due - MOST_AT_ONCE) * FRAME_MS;
    }
    for (let i = 0; i < Math.min(due, MOST_AT_ONCE); i += 1) {
      done += 1;
      frame();
    }
  }, FRAME_MS);
  return () => clearInterval(timer);
}

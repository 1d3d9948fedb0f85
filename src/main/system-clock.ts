import type { Clock } from '../sync/clock.ts';

/** The machine's clock and timers. Timers do not keep the process alive: what serves pages does. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    schedule: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

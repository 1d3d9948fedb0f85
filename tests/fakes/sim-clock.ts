import type { Clock } from '../../src/sync/clock.ts';

/** Numbers from a seed (mulberry32): the same seed gives the same run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Timer {
  at: number;
  order: number;
  run: () => void;
  cancelled: boolean;
}

/** Time that passes only when told to. One timer runs at a time; promises settle before the next one. */
export interface SimClock extends Clock {
  /** Runs every timer that is due within `milliseconds`, in order. */
  advance(milliseconds: number): Promise<void>;
  /** The same time for one desk: off by `skewMs`, and silent after kill(). */
  forDesk(skewMs: number): Clock & { kill: () => void };
}

export function createSimClock(startAt = Date.UTC(2026, 10, 23, 0, 0, 0)): SimClock {
  let now = startAt;
  let order = 0;
  const timers: Timer[] = [];
  const schedule = (delayMs: number, run: () => void) => {
    const timer: Timer = { at: now + Math.max(0, delayMs), order: order++, run, cancelled: false };
    insert(timers, timer);
    return () => {
      timer.cancelled = true;
    };
  };
  return {
    now: () => now,
    schedule,
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      await settle();
      for (;;) {
        const next = timers[0];
        if (!next || next.at > until) break;
        timers.shift();
        if (next.cancelled) continue;
        now = next.at;
        next.run();
        await settle();
      }
      now = until;
    },
    forDesk: (skewMs) => {
      let alive = true;
      return {
        now: () => now + skewMs,
        schedule: (delayMs, run) =>
          alive
            ? schedule(delayMs, () => {
                if (alive) run();
              })
            : () => undefined,
        kill: () => {
          alive = false;
        },
      };
    },
  };
}

/** Lets every promise that can settle do so. setImmediate comes after all microtasks; nothing else is going on. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function insert(timers: Timer[], timer: Timer): void {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = timers[middle];
    if (other && (other.at < timer.at || (other.at === timer.at && other.order < timer.order))) low = middle + 1;
    else high = middle;
  }
  timers.splice(low, 0, timer);
}

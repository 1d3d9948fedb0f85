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
  /** Time stands still until this is done: work of a real centre, which takes real time. */
  hold(work: Promise<unknown>): void;
  /** The same time for one desk: off by so many milliseconds, and silent after kill(). `atWait` is called when a wait is over. */
  forDesk(skewMs: () => number, atWait?: () => void): DeskClock;
}

export interface DeskClock extends Clock {
  kill: () => void;
  /** What is due meanwhile waits for resume(). */
  pause: () => void;
  resume: () => void;
}

export function createSimClock(startAt = Date.UTC(2026, 10, 23, 0, 0, 0)): SimClock {
  let now = startAt;
  let order = 0;
  const timers: Timer[] = [];
  const held = new Set<Promise<unknown>>();
  const settleAll = async () => {
    await settle();
    while (held.size > 0) {
      await Promise.allSettled(held);
      await settle();
    }
  };
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
    hold: (work) => {
      held.add(work);
      const done = () => held.delete(work);
      work.then(done, done);
    },
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      await settleAll();
      for (;;) {
        const next = timers[0];
        if (!next || next.at > until) break;
        timers.shift();
        if (next.cancelled) continue;
        now = next.at;
        next.run();
        await settleAll();
      }
      now = until;
    },
    forDesk: (skewMs, atWait = () => undefined) => {
      let alive = true;
      let asleep: (() => void)[] | null = null;
      const whenAwake = (run: () => void) => {
        if (!alive) return;
        if (asleep) return void asleep.push(() => whenAwake(run));
        atWait();
        if (alive) run();
      };
      return {
        now: () => now + skewMs(),
        schedule: (delayMs, run) => {
          if (!alive) return () => undefined;
          let cancelled = false;
          const cancel = schedule(delayMs, () => whenAwake(() => !cancelled && run()));
          return () => {
            cancelled = true;
            cancel();
          };
        },
        kill: () => {
          alive = false;
        },
        pause: () => {
          asleep ??= [];
        },
        resume: () => {
          const due = asleep ?? [];
          asleep = null;
          for (const run of due) schedule(0, run);
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

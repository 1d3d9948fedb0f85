import { DangolError } from '../shared/errors.ts';

interface Job {
  key: string;
  run: () => Promise<unknown>;
  waiters: { resolve: (value: unknown) => void; reject: (error: unknown) => void }[];
}

/** Acts that must reach the host exactly as made, also when it dies on the way: drafts, saves, call transitions. */
export interface ReplayQueue {
  /**
   * Runs `run`, and again after each HOST_GONE once the host is back: `run` must carry its own ids, so that a repeat is the
   * same act. One lane keeps its order; a waiting job is replaced by a newer one of the same key. Other errors reject.
   */
  send: <T>(lane: string, key: string, run: () => Promise<T>) => Promise<T>;
  /** How many acts the host has not acknowledged. */
  size: () => number;
}

/** @param whenUp resolves as soon as there is a way to the host. */
export function createReplayQueue(whenUp: () => Promise<void>): ReplayQueue {
  const lanes = new Map<string, Job[]>();

  async function work(lane: string, jobs: Job[]): Promise<void> {
    for (let job = jobs[0]; job; job = jobs[0]) {
      const outcome = await attempt(job);
      if (outcome.gone) {
        await whenUp();
        dropIfReplaced(jobs);
        continue;
      }
      jobs.shift();
      for (const waiter of job.waiters) outcome.settle(waiter);
    }
    lanes.delete(lane);
  }

  return {
    send: <T>(lane: string, key: string, run: () => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        const waiter = { resolve: (value: unknown) => resolve(value as T), reject };
        const jobs = lanes.get(lane);
        if (!jobs) {
          const first = [{ key, run, waiters: [waiter] }];
          lanes.set(lane, first);
          void work(lane, first);
          return;
        }
        const waiting = jobs.slice(1).find((job) => job.key === key);
        if (waiting) {
          waiting.run = run;
          waiting.waiters.push(waiter);
        } else {
          jobs.push({ key, run, waiters: [waiter] });
        }
      }),
    size: () => [...lanes.values()].reduce((sum, jobs) => sum + jobs.length, 0),
  };
}

/** The job that was under way when the host went is not repeated where a newer one of its key waits behind it. */
function dropIfReplaced(jobs: Job[]): void {
  const [first] = jobs;
  const newer = jobs.slice(1).find((job) => job.key === first?.key);
  if (!first || !newer) return;
  newer.waiters.unshift(...first.waiters);
  jobs.shift();
}

type Waiter = Job['waiters'][number];
type Outcome = { gone: true } | { gone: false; settle: (waiter: Waiter) => void };

async function attempt(job: Job): Promise<Outcome> {
  try {
    const value = await job.run();
    return { gone: false, settle: (waiter) => waiter.resolve(value) };
  } catch (error) {
    if (error instanceof DangolError && error.code === 'HOST_GONE') return { gone: true };
    return { gone: false, settle: (waiter) => waiter.reject(error) };
  }
}

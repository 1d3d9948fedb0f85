/** Starts a timer; the returned function stops it. */
export type StartTimer = (milliseconds: number, ring: () => void) => () => void;

/** The page's own timers: throttled to one a minute in a hidden window. */
export function pageTimers(): StartTimer {
  return (milliseconds, ring) => {
    const handle = setTimeout(ring, milliseconds);
    return () => clearTimeout(handle);
  };
}

/** What a timer worker hears and says. */
export type TimerOrder = { id: number; milliseconds: number } | { id: number; milliseconds: null };

/** As much of a Worker as the timers need. */
export interface TimerWorker {
  postMessage: (order: TimerOrder) => void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/**
 * Timers that ring on time in a hidden window, because a worker is not throttled. Where the worker cannot start
 * (no Worker, a policy that forbids it, a failed load) the page's timers take over, those already running included.
 */
export function workerTimers(startWorker: () => TimerWorker | null, fallback: StartTimer = pageTimers()): StartTimer {
  const pending = new Map<number, { due: number; ring: () => void }>();
  let worker = start();
  let lastId = 0;

  function start(): TimerWorker | null {
    try {
      const started = startWorker();
      if (!started) return null;
      started.onmessage = (event) => finish(Number(event.data));
      started.onerror = () => {
        worker = null;
        for (const [id, timer] of pending) fallback(Math.max(0, timer.due - Date.now()), () => finish(id));
      };
      return started;
    } catch {
      return null;
    }
  }

  function finish(id: number): void {
    const timer = pending.get(id);
    pending.delete(id);
    timer?.ring();
  }

  return (milliseconds, ring) => {
    if (!worker) return fallback(milliseconds, ring);
    const id = ++lastId;
    pending.set(id, { due: Date.now() + milliseconds, ring });
    worker.postMessage({ id, milliseconds });
    return () => {
      if (pending.delete(id)) worker?.postMessage({ id, milliseconds: null });
    };
  };
}

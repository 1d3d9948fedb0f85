import type { TimerOrder } from './timers.ts';

// Runs as a worker: rings the page's timers, which a hidden window would slow down.
const running = new Map<number, ReturnType<typeof setTimeout>>();

self.onmessage = (event: MessageEvent<TimerOrder>) => {
  const { id, milliseconds } = event.data;
  clearTimeout(running.get(id));
  running.delete(id);
  if (milliseconds === null) return;
  running.set(
    id,
    setTimeout(() => {
      running.delete(id);
      self.postMessage(id);
    }, milliseconds),
  );
};

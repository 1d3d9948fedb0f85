import type { HostEvent } from '../shared/host-types.ts';

/** What a page that does not read may pile up; beyond it, the page is told to read everything again. */
const QUEUE_LIMIT = 1000;

export interface EventBus {
  emit: (event: HostEvent) => void;
  /** Every event from now on, after `first`. Ends with the signal, and when the bus closes. */
  listen: (first: HostEvent[], signal: AbortSignal | undefined) => AsyncGenerator<HostEvent, void, void>;
  close: () => void;
}

interface Listener {
  queue: HostEvent[];
  wake: () => void;
}

/** One host's events to all its windows. Emit only after the commit that made the event true. */
export function createEventBus(): EventBus {
  const listeners = new Set<Listener>();
  let closed = false;

  async function* listen(first: HostEvent[], signal: AbortSignal | undefined): AsyncGenerator<HostEvent, void, void> {
    const listener: Listener = { queue: [...first], wake: () => {} };
    const wake = () => listener.wake();
    listeners.add(listener);
    signal?.addEventListener('abort', wake);
    try {
      while (!closed && !signal?.aborted) {
        const event = listener.queue.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (listener.wake = resolve));
      }
    } finally {
      signal?.removeEventListener('abort', wake);
      listeners.delete(listener);
    }
  }

  return {
    emit: (event) => {
      for (const listener of listeners) {
        if (listener.queue.length >= QUEUE_LIMIT)
          listener.queue = [{ type: 'customers_changed', customerIds: [], all: true }];
        listener.queue.push(event);
        listener.wake();
      }
    },
    listen,
    close: () => {
      closed = true;
      for (const listener of listeners) listener.wake();
    },
  };
}

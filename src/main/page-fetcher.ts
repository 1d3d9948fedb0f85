import { type MessagePort, Worker } from 'node:worker_threads';
import type { Answer, FetchPage } from '../sync/http-transport.ts';
import type { FromFetchWorker, ToFetchWorker } from './cache-worker-messages.ts';
import { endThread, threadFile } from './threads.ts';

export interface PageFetcher {
  fetchPage: FetchPage;
  /** Resolves when the thread is gone; what it was fetching is rejected. */
  rest: () => Promise<void>;
}

export interface PageFetcherOptions {
  /** Where the bodies go, for each thread that is made. */
  bodies: () => MessagePort;
  /** The thread ended by itself. */
  onBroken: (detail: string) => void;
}

interface Asked {
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** Its bodies are no part of any generation; what is left are the pieces that they come in. */
const LIMITS = { maxYoungGenerationSizeMb: 4 };

/** Fetches pages in a thread, which is made for the first one. Its bodies never come here: the answer names them by number. */
export function createPageFetcher({ bodies, onBroken }: PageFetcherOptions): PageFetcher {
  const asked = new Map<number, Asked>();
  let worker: Worker | null = null;
  let count = 0;

  const settle = (n: number): Asked | undefined => {
    const found = asked.get(n);
    asked.delete(n);
    return found;
  };
  const rejectAll = (detail: string) => {
    for (const n of [...asked.keys()]) settle(n)?.reject(new Error(detail));
  };
  const broken = (detail: string) => {
    worker = null;
    rejectAll(detail);
    onBroken(detail);
  };
  const heard = (message: FromFetchWorker) => {
    if (message.type === 'answer') {
      const { status, retryAfter, body } = message;
      settle(message.n)?.resolve({ status, retryAfter, body });
    } else settle(message.n)?.reject(new Error(message.detail));
  };
  const start = (): Worker => {
    const port = bodies();
    const options = { workerData: { bodies: port }, transferList: [port], resourceLimits: LIMITS };
    const made = new Worker(threadFile('fetch-worker'), options);
    made.on('message', heard);
    made.on('error', (error) => made === worker && broken(error.message));
    made.on('exit', (code) => made === worker && broken(`exit ${code}`));
    made.unref();
    return made;
  };

  return {
    fetchPage: (url, headers, signal) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        const thread = worker;
        count += 1;
        const n = count;
        asked.set(n, { resolve, reject });
        const tell = (message: ToFetchWorker) => thread.postMessage(message);
        tell({ type: 'ask', n, url, headers });
        const onAbort = () => {
          tell({ type: 'cancel', n });
          settle(n)?.reject(signal.reason);
        };
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      }),
    rest: async () => {
      const ending = worker;
      worker = null;
      rejectAll('the thread that fetches pages was ended');
      if (ending) await endThread(ending);
    },
  };
}

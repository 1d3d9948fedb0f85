import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { FetchedBody, FromFetchWorker, ToFetchWorker } from './cache-worker-messages.ts';
import { giveWay } from './give-way.ts';

// The thread that fetches the pages of a first load (page-fetcher.ts is its other end). A page is two megabytes of text: in the
// host's thread each made the collector walk its whole heap, and every pop of that moment waited for it.

const { bodies } = workerData as { bodies: MessagePort };
const running = new Map<number, AbortController>();

function tell(message: FromFetchWorker, bytes?: ArrayBuffer): void {
  parentPort?.postMessage(message, bytes ? [bytes] : []);
}

/** A page goes straight to the thread that stores it, before the host hears of it: whoever asks for it there finds it. */
async function answer({ n, url, headers }: Extract<ToFetchWorker, { type: 'ask' }>): Promise<void> {
  const abort = new AbortController();
  running.set(n, abort);
  try {
    const response = await fetch(url, { headers, redirect: 'error', signal: abort.signal });
    const bytes = await response.arrayBuffer();
    const head = {
      type: 'answer' as const,
      n,
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
    };
    if (!response.ok) return tell({ ...head, body: bytes }, bytes);
    const body: FetchedBody = { n, bytes };
    bodies.postMessage(body, [bytes]);
    tell({ ...head, body: { far: n } });
  } catch (error) {
    tell({ type: 'unanswered', n, detail: error instanceof Error ? error.message : 'unknown' });
  } finally {
    running.delete(n);
  }
}

giveWay();
parentPort?.on('message', (message: ToFetchWorker) => {
  if (message.type === 'ask') void answer(message);
  if (message.type === 'cancel') running.get(message.n)?.abort();
  if (message.type !== 'end') return;
  for (const abort of running.values()) abort.abort();
  bodies.close();
  parentPort?.close();
});

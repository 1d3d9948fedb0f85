import { MessageChannel, Worker } from 'node:worker_threads';
import type { PageFiller } from '../sync/fill.ts';
import type { FilledPage, PageHead } from '../sync/fill-page.ts';
import type { FetchPage } from '../sync/http-transport.ts';
import { SyncFailure } from '../sync/transport.ts';
import type { FromCacheWorker, ToCacheWorker } from './cache-worker-messages.ts';
import type { Cipher } from './db/connection.ts';
import type { Log } from './host-context.ts';
import { createPageFetcher } from './page-fetcher.ts';
import { endThread, threadFile } from './threads.ts';

export interface PageFillerOptions {
  file: string;
  key: string;
  cipher: Cipher;
  log: Log;
  /** A thread costs a third of a second: smaller loads are stored without. */
  fromRows?: number;
}

export interface ThreadedFiller extends PageFiller {
  /** Fetches pages in another thread: their bodies go straight to the one that stores them. */
  fetchPage: FetchPage;
}

interface Job {
  resolve: (page: FilledPage) => void;
  reject: (error: unknown) => void;
  onHead: (head: PageHead) => void;
}
const COMMITTED: FilledPage = { rows: 0, last: false, deletions: false, catalogue: false };

/** A young generation of this size holds a page; the default would let it grow to several times the memory. */
const LIMITS = { maxYoungGenerationSizeMb: 24 };

/**
 * Stores pages in a thread, which is made for the first page and ends when told to rest. A thread that cannot be made or that
 * fails by itself is not made again: the engine then stores the pages where it runs, slower and in the way of nobody for long.
 */
export function createPageFiller({ log, fromRows = 20_000, ...database }: PageFillerOptions): ThreadedFiller {
  let worker: Worker | null = null;
  let job: Job | null = null;
  let usable = true;

  const settle = (): Job | null => {
    const settled = job;
    job = null;
    return settled;
  };
  const gaveUp = (detail: string) => {
    if (usable) log('fill.in_host', { detail });
    usable = false;
  };
  const broken = (detail: string) => {
    gaveUp(detail);
    worker = null;
    settle()?.reject(new SyncFailure({ kind: 'unreachable' }, 'the thread that stores pages ended'));
  };
  const heard = (message: FromCacheWorker) => {
    if (message.type === 'head') job?.onHead(message.head);
    if (message.type === 'filled') settle()?.resolve(message.page);
    if (message.type === 'committed') settle()?.resolve(COMMITTED);
    if (message.type !== 'failed') return;
    const { reason, code, detail } = message;
    // A broken page is for the host's own connection to meet: it knows what to do. So is a bug.
    if (reason === null && !/^SQLITE_(FULL|IOERR|BUSY)/.test(code ?? '')) usable = false;
    settle()?.reject(reason ? new SyncFailure(reason, detail) : Object.assign(new Error(detail), code && { code }));
  };
  const start = (): Worker => {
    const made = new Worker(threadFile('cache-worker'), { workerData: database, resourceLimits: LIMITS });
    made.on('message', heard);
    made.on('error', (error) => broken(error.message));
    made.on('exit', (code) => {
      if (made === worker) broken(`exit ${code}`);
    });
    made.unref();
    return made;
  };
  const tell = (message: ToCacheWorker, onHead: Job['onHead'], moved: ArrayBuffer[] = []): Promise<FilledPage> =>
    new Promise((resolve, reject) => {
      worker ??= start();
      job = { resolve, reject, onHead };
      worker.postMessage(message, moved);
    });
  const bodies = () => {
    const { port1, port2 } = new MessageChannel();
    worker ??= start();
    const message: ToCacheWorker = { type: 'bodies', port: port1 };
    worker.postMessage(message, [port1]);
    return port2;
  };
  const fetcher = createPageFetcher({ bodies, onBroken: gaveUp });

  return {
    takes: (rows) => usable && rows >= fromRows,
    fill: (page, onHead) => tell({ type: 'fill', page }, onHead, page.body instanceof ArrayBuffer ? [page.body] : []),
    commit: async () => {
      if (!worker) throw new SyncFailure({ kind: 'unreachable' }, 'the thread that stores pages ended');
      await tell({ type: 'commit' }, () => {});
    },
    fetchPage: fetcher.fetchPage,
    rest: async () => {
      const ending = worker;
      worker = null;
      await Promise.all([fetcher.rest(), ending && endThread(ending)]);
    },
  };
}

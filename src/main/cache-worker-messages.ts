import type { MessagePort } from 'node:worker_threads';
import type { FilledPage, PageHead, PageToFill } from '../sync/fill-page.ts';
import type { Answer } from '../sync/http-transport.ts';
import type { FailureReason, PageBody } from '../sync/transport.ts';

// Between the host and its threads: one process, one build, so nothing is parsed.

/** To the thread that fills the cache. `bodies`: where pages arrive that another thread fetched. */
export type ToCacheWorker =
  | { type: 'fill'; page: PageToFill<PageBody> }
  | { type: 'commit' }
  | { type: 'bodies'; port: MessagePort }
  | { type: 'end' };

export type FromCacheWorker =
  | { type: 'head'; head: PageHead }
  | { type: 'filled'; page: FilledPage }
  | { type: 'committed' }
  /** `reason`: the page does not fit. `code`: SQLite's. Neither: a bug. */
  | { type: 'failed'; reason: FailureReason | null; code: string | null; detail: string };

/** To the thread that fetches pages. */
export type ToFetchWorker =
  | { type: 'ask'; n: number; url: string; headers: Record<string, string> }
  | { type: 'cancel'; n: number }
  | { type: 'end' };

export type FromFetchWorker =
  | ({ type: 'answer'; n: number } & Answer)
  | { type: 'unanswered'; n: number; detail: string };

/** From the thread that fetches to the one that stores. */
export interface FetchedBody {
  n: number;
  bytes: ArrayBuffer;
}

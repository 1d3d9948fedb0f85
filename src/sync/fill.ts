import type { AppliedChange } from './apply.ts';
import type { FilledPage, PageHead, PageToFill } from './fill-page.ts';
import type { FreshRows, FreshWatch } from './fresh-rows.ts';
import type { WritableDb } from './sql-db.ts';
import { type Bootstrap, finishBootstrap, type SyncState, TABLE_ORDER } from './sync-state.ts';
import { type PageBody, type SnapshotQuery, SyncFailure } from './transport.ts';
import type { Turns } from './turns.ts';

/** Stores pages in a thread of its own: a first load must not hold up a pop. */
export interface PageFiller {
  /** False for a load too small to be worth a thread, and once it failed by itself: the caller then stores in its own thread. */
  takes: (rows: number) => boolean;
  /**
   * Stores one page in a transaction that stays open until commit(). Rejects with what fillPage() throws: after a SyncFailure the
   * pages before it may still be committed, after anything else nothing since the last commit is stored. `onHead` is called while
   * the rows are being stored.
   */
  fill: (page: PageToFill<PageBody>, onHead: (head: PageHead) => void) => Promise<FilledPage>;
  commit: () => Promise<void>;
  /** There is nothing to store for a while, or ever. Resolves when the thread touches the database no more. */
  rest: () => Promise<void>;
}

export interface FillOptions {
  cache: WritableDb;
  filler: PageFiller;
  turns: Turns;
  fresh: Pick<FreshRows, 'watch'>;
  ask: (query: SnapshotQuery, signal: AbortSignal) => Promise<PageBody>;
  limit: number;
  onApplied: (change: AppliedChange) => void;
  onProgress: () => void;
}

export interface Fill {
  takes: PageFiller['takes'];
  /** One page of a bootstrap; the next one is on its way meanwhile. `beforeEnd` as in bootstrap.ts. */
  step: (state: SyncState & { bootstrap: Bootstrap }, beforeEnd: () => void, signal: AbortSignal) => Promise<void>;
}

/**
 * Pages in one commit, at most. Contacts come in the order of time and their index is in the order of customers: each page touches
 * thousands of leaves, and a commit writes every one that was touched. A cut costs this many pages again.
 */
const PAGES_AT_ONCE = 4;

/** A page that was asked for, and the replies that came since. */
interface Asked {
  epoch: string;
  query: SnapshotQuery;
  body: Promise<PageBody>;
  arrived: boolean;
  watch: FreshWatch;
}

/** The bootstrap with its pages stored in another thread: same rows, same places to go on from, no wait for the network. */
export function createFill(options: FillOptions): Fill {
  const { cache, filler, turns, fresh, limit } = options;
  let ahead: Asked | null = null;

  const ask = (epoch: string, query: SnapshotQuery, signal: AbortSignal): Asked => {
    const body = options.ask(query, signal);
    const asked: Asked = { epoch, query, body, arrived: false, watch: fresh.watch() };
    // It is waited for in the next round, or never.
    body.then(
      () => {
        asked.arrived = true;
      },
      () => undefined,
    );
    return asked;
  };
  const takeAhead = (epoch: string, { table, after }: Bootstrap): Asked | null => {
    const found = ahead;
    ahead = null;
    if (found && found.epoch === epoch && found.query.table === table && found.query.after === after) return found;
    found?.watch.end();
    return null;
  };
  const askAhead = ({ epoch, query }: Asked, head: PageHead, signal: AbortSignal) => {
    const table = head.next === null ? TABLE_ORDER[TABLE_ORDER.indexOf(query.table) + 1] : query.table;
    if (table) ahead = ask(epoch, { table, after: head.next, limit, seen: head.end }, signal);
  };

  const fillOne = async (asked: Asked, signal: AbortSignal): Promise<FilledPage> => {
    const { epoch, query, watch } = asked;
    try {
      const page = { epoch, table: query.table, after: query.after, body: await asked.body, fresh: watch.keys() };
      return await filler.fill(page, (head) => askAhead(asked, head, signal));
    } finally {
      watch.end();
    }
  };
  /** This page and those after it that are here already, in one commit. Nobody else waits for the network meanwhile. */
  const fillMany = async (first: Asked, signal: AbortSignal): Promise<FilledPage | null> => {
    let all: FilledPage | null = null;
    let next: Asked | null = first;
    for (let pages = 0; next && pages < PAGES_AT_ONCE && !signal.aborted; pages += 1) {
      try {
        all = together(all, await fillOne(next, signal));
      } catch (error) {
        // It is asked for again, and told of when it stands alone; those before it are not stored twice.
        if (all === null || !(error instanceof SyncFailure)) throw error;
        break;
      }
      next = ahead?.arrived ? ahead : null;
      if (next && pages + 1 < PAGES_AT_ONCE) ahead = null;
    }
    if (all) await filler.commit();
    return all;
  };

  return {
    takes: filler.takes,
    step: async (state, beforeEnd, signal) => {
      const epoch = state.epoch ?? '';
      const { table, after } = state.bootstrap;
      const asked = takeAhead(epoch, state.bootstrap) ?? ask(epoch, { table, after, limit, seen: state.seen }, signal);
      try {
        await asked.body;
        const filled = signal.aborted ? null : await turns.run(() => fillMany(asked, signal));
        if (filled === null || signal.aborted) return;
        const { deletions, catalogue } = filled;
        const nobody = { customerIds: new Set<string>(), deletedCustomerIds: new Set<string>() };
        options.onApplied({ ...nobody, leftCustomerIds: new Set<string>(), deletions, catalogue });
        if (filled.last) {
          beforeEnd();
          cache.transaction(() => finishBootstrap(cache)).immediate();
          await filler.rest();
        }
        options.onProgress();
      } catch (error) {
        takeAhead('', state.bootstrap);
        throw error;
      } finally {
        asked.watch.end();
      }
    },
  };
}

function together(before: FilledPage | null, { rows, last, deletions, catalogue }: FilledPage): FilledPage {
  return {
    rows: rows + (before?.rows ?? 0),
    last,
    deletions: deletions || before?.deletions === true,
    catalogue: catalogue || before?.catalogue === true,
  };
}

import { SNAPSHOT_MAX_ROWS, type SnapshotPage } from '../shared/sync-wire.ts';
import type { AppliedChange, Applier } from './apply.ts';
import { checkPage } from './check-page.ts';
import { type Clock, sleep } from './clock.ts';
import type { Fill } from './fill.ts';
import type { FreshRows } from './fresh-rows.ts';
import type { WritableDb } from './sql-db.ts';
import {
  advanceBootstrap,
  type Bootstrap,
  beginBootstrap,
  finishBootstrap,
  type SyncState,
  TABLE_ORDER,
  writeSeen,
} from './sync-state.ts';
import { SyncFailure, type SyncTransport } from './transport.ts';

/**
 * Rows in one transaction. Each commit waits for the disk, so few rows make a slow first load; a pop waits for a slice, so many
 * make a late pop. This many take ten to twenty milliseconds.
 */
const SLICE_ROWS = 1000;

export interface BootstrapOptions {
  cache: WritableDb;
  applier: Applier;
  transport: SyncTransport;
  clock: Clock;
  fresh: FreshRows;
  onApplied: (change: AppliedChange) => void;
  onProgress: () => void;
  /** Stores pages in a thread of its own; absent, or where it does not take them: in this one, slice by slice. */
  fill?: Fill | undefined;
  /** Every customer is there, and the bootstrap ends with the next commit. A cut in between calls it again. */
  beforeEnd: () => void;
}

/**
 * One step of filling the cache: the beginning, or one page. Every slice replaces its own stretch of ids, so what was
 * there before stays readable until it is replaced, a cut goes on where it was, and nothing older survives.
 */
export async function bootstrapStep(options: BootstrapOptions, state: SyncState, signal: AbortSignal): Promise<void> {
  const { cache, transport } = options;
  if (state.bootstrap === null) {
    const start = await transport.start(signal);
    if (signal.aborted) return;
    options.fresh.began();
    cache.transaction(() => beginBootstrap(cache, start)).immediate();
    options.onProgress();
    return;
  }
  const { bootstrap } = state;
  if (options.fill?.takes(bootstrap.total))
    return options.fill.step({ ...state, bootstrap }, options.beforeEnd, signal);
  const { table, after } = bootstrap;
  options.fresh.clear();
  const page = await transport.snapshot({ table, after, limit: SNAPSHOT_MAX_ROWS, seen: state.seen }, signal);
  if (signal.aborted) return;
  if (page.epoch !== state.epoch) throw new SyncFailure({ kind: 'epoch_changed' }, 'snapshot of another epoch');
  checkPage(page, bootstrap);
  if (page.next === null && table === TABLE_ORDER.at(-1)) options.beforeEnd();
  await storePage(options, bootstrap, page, signal);
}

async function storePage(
  options: BootstrapOptions,
  bootstrap: Bootstrap,
  page: SnapshotPage,
  signal: AbortSignal,
): Promise<void> {
  const { cache, applier, clock } = options;
  const { table } = bootstrap;
  let after = bootstrap.after;
  for (let at = 0; at === 0 || at < page.rows.length; at += SLICE_ROWS) {
    const rows = page.rows.slice(at, at + SLICE_ROWS);
    const lastSlice = at + SLICE_ROWS >= page.rows.length;
    const upTo = lastSlice ? page.next : (rows.at(-1)?.id ?? page.next);
    const change = cache
      .transaction(() => {
        const applied = applier.applyRange({ table, after, upTo }, rows, options.fresh.keys());
        writeSeen(cache, page.end);
        if (!lastSlice || page.next !== null) advanceBootstrap(cache, table, upTo, rows.length);
        else nextTable(cache, bootstrap, rows.length);
        return applied;
      })
      .immediate();
    after = upTo;
    options.onApplied(change);
    options.onProgress();
    if (!lastSlice) await sleep(clock, 0);
    if (signal.aborted) return;
  }
}

function nextTable(cache: WritableDb, bootstrap: Bootstrap, rows: number): void {
  const next = TABLE_ORDER[TABLE_ORDER.indexOf(bootstrap.table) + 1];
  if (next) advanceBootstrap(cache, next, null, rows);
  else finishBootstrap(cache);
}

import type { SyncRow } from '../shared/sync-wire.ts';
import type { AppliedChange, Applier } from './apply.ts';
import type { ReadableDb } from './sql-db.ts';
import { readSyncState, type SyncState, TABLE_ORDER } from './sync-state.ts';

/** Rows that pushes wrote while a snapshot page was on its way: the page is older than they are. */
export interface FreshRows {
  clear: () => void;
  /** As `table/id`. */
  keys: () => ReadonlySet<string>;
}

/** Applies what pushes bring back, also in the middle of a bootstrap. */
export interface ReplyApplier extends FreshRows {
  /** Call it inside a transaction on the cache. @param epoch the one that the reply was given in. */
  applyReply: (rows: readonly SyncRow[], epoch: string) => AppliedChange;
}

/**
 * While a bootstrap runs, two things keep replies and pages apart: a page that was asked for before a reply came must not
 * remove its rows (`keys`; in memory on purpose, a page never outlives the process), and where no page came by yet the
 * cache holds an older epoch, whose versions must not stop the reply.
 */
export function createReplyApplier(cache: ReadableDb, applier: Applier): ReplyApplier {
  const keys = new Set<string>();
  return {
    clear: () => keys.clear(),
    keys: () => keys,
    applyReply: (rows, epoch) => {
      const state = readSyncState(cache);
      const change = applier.apply(rows, (row) => epoch === state.epoch && isUncovered(state, row));
      for (const row of rows) keys.add(`${row.table}/${row.id}`);
      return change;
    },
  };
}

function isUncovered({ bootstrap }: SyncState, row: SyncRow): boolean {
  if (bootstrap === null) return false;
  const ahead = TABLE_ORDER.indexOf(row.table) - TABLE_ORDER.indexOf(bootstrap.table);
  return ahead > 0 || (ahead === 0 && row.id > (bootstrap.after ?? ''));
}

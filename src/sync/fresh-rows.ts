import type { SyncRow } from '../shared/sync-wire.ts';
import type { AppliedChange, Applier } from './apply.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';
import { forgetCursor, readSyncState, type SyncState, TABLE_ORDER } from './sync-state.ts';

/** Rows that pushes wrote while a snapshot page was on its way: the page is older than they are. */
export interface FreshRows {
  clear: () => void;
  /** As `table/id`. */
  keys: () => ReadonlySet<string>;
  /** The same for a page of which several are on their way at a time: what comes from now on, until its end. */
  watch: () => FreshWatch;
  /** The cache begins to be filled. */
  began: () => void;
}

export interface FreshWatch {
  keys: () => string[];
  end: () => void;
}

/** Applies what pushes bring back, also in the middle of a bootstrap. */
export interface ReplyApplier extends FreshRows {
  /**
   * Call it inside a transaction on the cache.
   * @param epoch the one that the reply was given in.
   * @param outside ids of rows that this desk does not hold: none is stored, and what is here of them goes.
   */
  applyReply: (rows: readonly SyncRow[], epoch: string, outside: ReadonlySet<string>) => AppliedChange;
  /** Grows with each time that the cache begins to be filled: what a reply before that calls outside is another desk's affair. */
  fills: () => number;
}

/**
 * While a bootstrap runs, two things keep replies and pages apart: a page that was asked for before a reply came must not
 * remove its rows (`keys`; in memory on purpose, a page never outlives the process), and where no page came by yet the
 * cache holds an older epoch, whose versions must not stop the reply. Rows of an epoch that is not the cache's spoil its
 * cursor: the epoch may come back (a copy of the centre ran for an hour), and nothing would ever compare those rows again.
 */
export function createReplyApplier(cache: WritableDb, applier: Applier): ReplyApplier {
  const keys = new Set<string>();
  const watches = new Set<Set<string>>();
  let fills = 0;
  return {
    watch: () => {
      const own = new Set<string>();
      watches.add(own);
      return { keys: () => [...own], end: () => void watches.delete(own) };
    },
    clear: () => keys.clear(),
    keys: () => keys,
    began: () => {
      fills += 1;
    },
    fills: () => fills,
    applyReply: (all, epoch, outside) => {
      const state = readSyncState(cache);
      const rows = all.filter(({ id }) => !outside.has(id));
      const gone = all.flatMap((row) => (outside.has(row.id) ? departureOf(cache, row) : []));
      // Versions of two epochs cannot be compared: this one is the centre's of now.
      const change = applier.apply([...gone, ...rows], (row) => epoch !== state.epoch || isUncovered(state, row));
      if (rows.length > 0 && state.epoch !== null && state.epoch !== epoch) forgetCursor(cache);
      for (const row of rows) for (const each of [keys, ...watches]) each.add(`${row.table}/${row.id}`);
      return change;
    },
  };
}

function isUncovered({ bootstrap }: SyncState, row: Pick<SyncRow, 'table' | 'id'>): boolean {
  if (bootstrap === null) return false;
  const ahead = TABLE_ORDER.indexOf(row.table) - TABLE_ORDER.indexOf(bootstrap.table);
  return ahead > 0 || (ahead === 0 && row.id > (bootstrap.after ?? ''));
}

/** What is here of a row that went over to somebody who is not: older than what it says now. Customers leave with the feed. */
function departureOf(cache: ReadableDb, { table, id, version }: SyncRow): SyncRow[] {
  if (table === 'customer' || version < 2) return [];
  const held = cache.prepare(`SELECT 1 FROM "${table}" WHERE id = ? AND version < ?`).get(id, version);
  return held === undefined ? [] : [{ table, id, version: version - 1, deleted: true, left: true, data: null }];
}

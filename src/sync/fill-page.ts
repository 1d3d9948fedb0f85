import type { Id } from '../shared/ids.ts';
import { SnapshotPage, type SyncTable } from '../shared/sync-wire.ts';
import type { Applier } from './apply.ts';
import { checkPage } from './check-page.ts';
import { readAnswer } from './read-answer.ts';
import type { WritableDb } from './sql-db.ts';
import { advanceBootstrap, readSyncState, TABLE_ORDER, writeSeen } from './sync-state.ts';
import { SyncFailure } from './transport.ts';

/** One page of a snapshot as it came over the wire, and where it belongs. */
export interface PageToFill<Body = ArrayBuffer> {
  epoch: string;
  table: SyncTable;
  after: Id | null;
  body: Body;
  /** Rows (`table/id`) that a reply wrote since the page was asked for. */
  fresh: readonly string[];
}

/** What the page says of the next one; known long before its rows are stored. */
export interface PageHead {
  next: Id | null;
  end: string;
}

export interface FilledPage {
  rows: number;
  /** It was the last page of the last table: the bootstrap may end. */
  last: boolean;
  deletions: boolean;
  catalogue: boolean;
}

/**
 * Checks a page and stores it in one transaction, with the place where the next one begins. For a thread that nobody waits for:
 * a page takes a tenth of a second. The end of the bootstrap is left to the caller.
 */
export function fillPage(
  cache: WritableDb,
  applier: Applier,
  job: PageToFill,
  onHead: (head: PageHead) => void,
): FilledPage {
  const { table, after } = job;
  const page = readAnswer(SnapshotPage, new TextDecoder().decode(job.body), 'snapshot');
  if (page.epoch !== job.epoch) throw new SyncFailure({ kind: 'epoch_changed' }, 'snapshot of another epoch');
  checkPage(page, { table, after });
  onHead({ next: page.next, end: page.end });
  const nextTable = TABLE_ORDER[TABLE_ORDER.indexOf(table) + 1];
  const fill = cache.transaction((): FilledPage => {
    const now = readSyncState(cache);
    const isHere = now.epoch === job.epoch && now.bootstrap?.table === table && now.bootstrap.after === after;
    if (!isHere) throw new SyncFailure({ kind: 'nonsense' }, `snapshot of ${table}: the bootstrap is somewhere else`);
    const change = applier.applyRange({ table, after, upTo: page.next }, page.rows, new Set(job.fresh));
    writeSeen(cache, page.end);
    const last = page.next === null && nextTable === undefined;
    if (page.next === null && nextTable) advanceBootstrap(cache, nextTable, null, page.rows.length);
    else advanceBootstrap(cache, table, page.next ?? page.rows.at(-1)?.id ?? after, page.rows.length);
    return { rows: page.rows.length, last, deletions: change.deletions, catalogue: change.catalogue };
  });
  return fill.immediate();
}

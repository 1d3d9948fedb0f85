import { PULL_MAX_ROWS } from '../shared/sync-wire.ts';
import type { AppliedChange } from './apply.ts';
import type { Audit } from './audit.ts';
import { type BootstrapOptions, bootstrapStep } from './bootstrap.ts';
import { reasonOf } from './failure.ts';
import { findUnforgotten } from './forget.ts';
import type { AfterWork } from './lane.ts';
import { acknowledgedIn, adoptEpoch, askAgainAboutAbsent } from './outbox-replies.ts';
import type { WritableDb } from './sql-db.ts';
import { forgetCursor, readSyncState, type SyncState, writeCursor, writeSeen } from './sync-state.ts';
import { SyncFailure } from './transport.ts';

export interface PullOptions extends Omit<BootstrapOptions, 'beforeEnd'> {
  outbox: WritableDb;
  onContact: () => void;
  /** What the centre's clock showed when it answered. */
  onCentreClock: (serverTime: string) => void;
  /** Nothing is left over at the centre. */
  onCaughtUp: () => void;
  /** Acknowledged operations wait to be sent again, to a restored centre. */
  onResend: () => void;
  onBootstrapped: () => void;
  /** Customers whose deletion an earlier run did not finish. */
  onUnforgotten: (customerIds: string[]) => void;
  /** How long to rest when nothing pokes: shorter while the live connection is down. */
  idleMs: () => number;
  /** Compares rows with the centre now and then; absent: never. */
  audit?: Audit | undefined;
}

const MAX_RESETS = 3;

/** One round of downloading, as the pull lane calls it: one page of the snapshot or of the change feed. */
export function createPull(options: PullOptions): (signal: AbortSignal) => Promise<AfterWork> {
  const { cache, outbox } = options;
  let resets = 0;
  let lookedForUnforgotten = false;
  const beforeEnd = () => outbox.transaction(() => askAgainAboutAbsent(outbox, cache)).immediate();

  const round = async (state: SyncState, signal: AbortSignal): Promise<AfterWork> => {
    if (state.cursor === null) {
      await bootstrapStep({ ...options, beforeEnd }, state, signal);
      if (!signal.aborted && state.bootstrap !== null && readSyncState(cache).cursor !== null) {
        options.onBootstrapped();
        options.onResend();
      }
      return { again: true };
    }
    options.fresh.clear();
    const acknowledged = acknowledgedIn(outbox, state.epoch);
    const { seen } = state;
    const page = await options.transport.pull(
      { cursor: state.cursor, limit: PULL_MAX_ROWS, acknowledged, seen },
      signal,
    );
    if (signal.aborted) return { again: true };
    options.onCentreClock(page.serverTime);
    if (page.epoch !== state.epoch) throw new SyncFailure({ kind: 'epoch_changed' }, 'changes of another epoch');
    if (page.more && page.cursor === state.cursor) {
      throw new SyncFailure({ kind: 'nonsense' }, 'changes: more is promised, but the cursor stands still');
    }
    const change = cache
      .transaction((): AppliedChange => {
        const applied = options.applier.apply(page.rows);
        writeCursor(cache, page.cursor);
        if (seen !== undefined && !page.more) writeSeen(cache, null);
        return applied;
      })
      .immediate();
    options.onApplied(change);
    if (page.more) return { again: true };
    options.onCaughtUp();
    await options.audit?.step(signal);
    return { again: false, idleMs: Math.min(options.idleMs(), options.audit?.idleMs() ?? Number.POSITIVE_INFINITY) };
  };

  /**
   * The cache knows the centre's epoch; the outbox must know the same one, before the pages with customers and notes replace
   * what a restored centre lacks: from then on the outbox shows it. Cut here, the next round does it.
   */
  const tellOutbox = () => {
    const { epoch } = readSyncState(cache);
    if (epoch !== null && outbox.transaction(() => adoptEpoch(outbox, epoch)).immediate()) options.onResend();
  };

  return async (signal) => {
    const state = readSyncState(cache);
    if (!lookedForUnforgotten) options.onUnforgotten(findUnforgotten(outbox, cache));
    lookedForUnforgotten = true;
    try {
      const after = await round(state, signal);
      if (signal.aborted) return after;
      options.onContact();
      tellOutbox();
      if (state.cursor !== null || state.bootstrap !== null) resets = 0;
      return after;
    } catch (error) {
      // A disk that failed after the rows were stored may have left a deletion half done.
      if (reasonOf(error) === null) lookedForUnforgotten = false;
      if (signal.aborted || reasonOf(error)?.kind !== 'epoch_changed') throw error;
      resets += 1;
      if (resets > MAX_RESETS) {
        resets = 0;
        throw new SyncFailure({ kind: 'nonsense' }, 'the centre names another epoch again and again', error);
      }
      cache.transaction(() => forgetCursor(cache)).immediate();
      return { again: true };
    }
  };
}

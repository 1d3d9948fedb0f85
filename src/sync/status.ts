import type { SyncStatus } from '../shared/host-types.ts';
import { type Clock, instantOf } from './clock.ts';
import { problemOf, reasonOf } from './failure.ts';
import type { LaneState } from './lane.ts';
import { countOperations, readKept, readLastContact } from './outbox.ts';
import type { ReadableDb } from './sql-db.ts';
import { readSyncState } from './sync-state.ts';

/** The moment of the last pull that left nothing over, by this desk's clock. */
export const CAUGHT_UP = 'sync.caught_up';

/** Too early to say how long a bootstrap takes. */
const ESTIMATE_AFTER_MS = 1000;

export interface StatusInput {
  cache: ReadableDb;
  outbox: ReadableDb;
  clock: Clock;
  push: LaneState;
  pull: LaneState;
  /** When this run of the engine began to fetch, and how many rows were there by then. */
  progressSince: { at: number; done: number } | null;
}

/** The truth for the screen: what waits, what failed, how old the picture is. */
export function readStatus({ cache, outbox, clock, push, pull, progressSince }: StatusInput): SyncStatus {
  const counts = countOperations(outbox);
  const { cursor, bootstrap } = readSyncState(cache);
  const failing = [pull, push].filter((lane) => lane.failure !== null);
  const first = failing[0];
  const nextTries = failing.flatMap((lane) => (lane.nextTryAt === null ? [] : [lane.nextTryAt]));
  const progress = bootstrap
    ? {
        done: bootstrap.done,
        total: Math.max(bootstrap.total, bootstrap.done),
        ...pace(clock.now(), bootstrap, progressSince),
      }
    : null;
  return {
    phase: phaseOf(pull, first !== undefined, cursor === null, counts.pending > 0),
    progress,
    ...counts,
    lastContactAt: readLastContact(outbox),
    caughtUpAt: readKept(outbox, CAUGHT_UP),
    problem: first ? problemOf(first.failure) : null,
    nextTryAt: nextTries.length > 0 ? instantOf(Math.min(...nextTries)) : null,
    practiceStore: false,
  };
}

function phaseOf(pull: LaneState, failing: boolean, empty: boolean, pending: boolean): SyncStatus['phase'] {
  if (reasonOf(pull.failure)?.kind === 'signed_out') return 'signed_out';
  if (failing) return 'offline';
  if (empty) return 'bootstrapping';
  return pending ? 'working' : 'idle';
}

function pace(
  now: number,
  { done, total }: { done: number; total: number },
  since: { at: number; done: number } | null,
): { secondsLeft: number | null; rowsPerSecond: number | null } {
  if (since === null || now - since.at < ESTIMATE_AFTER_MS || done <= since.done) {
    return { secondsLeft: null, rowsPerSecond: null };
  }
  const rowsPerSecond = (1000 * (done - since.done)) / (now - since.at);
  return {
    secondsLeft: Math.max(0, Math.round((total - done) / rowsPerSecond)),
    rowsPerSecond: Math.round(rowsPerSecond),
  };
}

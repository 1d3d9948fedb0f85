import { PUSH_MAX_OPERATIONS } from '../shared/sync-wire.ts';
import type { Clock } from './clock.ts';
import type { OperationRow } from './outbox.ts';
import type { Deferred } from './outbox-batch.ts';

/** Failures of one operation alone before the rest goes first. */
const STRIKES = 3;
/** Then it is tried once in this time: rarely enough not to hurt, soon enough after the centre was repaired. */
const DEFER_MS = 20_000;

export interface ChokeGuard {
  /** How many operations the next batch may have. */
  limit: () => number;
  /** Operations that wait for a while, with everything about the same rows. */
  deferred: () => Deferred[];
  failed: (batch: readonly OperationRow[]) => void;
  worked: (batch: readonly OperationRow[]) => void;
  /** Milliseconds until the first deferred operation is due again; null: none is. */
  nextTryIn: () => number | null;
}

/**
 * When the centre breaks on a batch (instead of refusing one operation of it), the batch is halved until the culprit is
 * alone; after some strikes the culprit waits, and the rest flows on.
 */
export function createChokeGuard(clock: Clock): ChokeGuard {
  let limit = PUSH_MAX_OPERATIONS;
  const strikes = new Map<string, { row: OperationRow; count: number; until: number }>();
  // A clock that was set back must not make them wait for days.
  const waiting = () =>
    [...strikes.values()].filter(({ until }) => until > clock.now() && until <= clock.now() + DEFER_MS);
  return {
    limit: () => limit,
    deferred: () => waiting().map((strike) => strike.row),
    failed: (batch) => {
      const only = batch.length === 1 ? batch[0] : undefined;
      if (!only) {
        limit = Math.max(1, Math.floor(batch.length / 2));
        return;
      }
      const count = (strikes.get(only.op_id)?.count ?? 0) + 1;
      strikes.set(only.op_id, { row: only, count, until: clock.now() + (count < STRIKES ? 0 : DEFER_MS) });
    },
    worked: (batch) => {
      limit = Math.min(PUSH_MAX_OPERATIONS, limit * 2);
      for (const row of batch) strikes.delete(row.op_id);
    },
    nextTryIn: () => {
      const times = waiting().map((strike) => strike.until - clock.now());
      return times.length > 0 ? Math.min(...times) : null;
    },
  };
}

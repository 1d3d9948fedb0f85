import { PUSH_MAX_OPERATIONS } from '../shared/sync-wire.ts';
import type { Clock } from './clock.ts';
import type { OperationRow } from './outbox.ts';
import type { Deferred } from './outbox-batch.ts';

/** Failures of one operation alone before the rest goes first. */
const STRIKES = 3;
const DEFER_MS = 10_000;
const DEFER_MAX_MS = 600_000;

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

interface Strike {
  row: OperationRow;
  count: number;
  until: number;
  /** How many batches had worked by then. */
  worked: number;
}

/**
 * When the centre breaks on a batch (instead of refusing one operation of it), the batch is halved until the culprit is
 * alone; after some strikes the culprit waits, and the rest flows on. It waits longer and longer only while others get
 * through: a centre that breaks on everything is simply broken, and the culprit is innocent.
 */
export function createChokeGuard(clock: Clock): ChokeGuard {
  let limit = PUSH_MAX_OPERATIONS;
  let workedBatches = 0;
  const strikes = new Map<string, Strike>();
  const waiting = () => [...strikes.values()].filter((strike) => strike.until > clock.now());
  return {
    limit: () => limit,
    deferred: () => waiting().map((strike) => strike.row),
    failed: (batch) => {
      const only = batch.length === 1 ? batch[0] : undefined;
      if (!only) {
        limit = Math.max(1, Math.floor(batch.length / 2));
        return;
      }
      const known = strikes.get(only.op_id);
      const guilty = known === undefined || known.count < STRIKES || known.worked < workedBatches;
      const count = (known?.count ?? 0) + (guilty ? 1 : 0);
      const pause = count < STRIKES ? 0 : Math.min(DEFER_MAX_MS, DEFER_MS * 2 ** (count - STRIKES));
      strikes.set(only.op_id, { row: only, count, until: clock.now() + pause, worked: workedBatches });
    },
    worked: (batch) => {
      workedBatches += 1;
      limit = Math.min(PUSH_MAX_OPERATIONS, limit * 2);
      for (const row of batch) strikes.delete(row.op_id);
    },
    nextTryIn: () => {
      const times = waiting().map((strike) => strike.until - clock.now());
      return times.length > 0 ? Math.min(...times) : null;
    },
  };
}

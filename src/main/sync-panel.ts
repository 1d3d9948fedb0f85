import type { SyncPanel } from '../shared/host-types.ts';
import { readAuditState } from '../sync/audit.ts';
import { findOperation } from '../sync/outbox.ts';
import type { HostContext } from './host-context.ts';

export const PANEL = {
  waiting: `SELECT kind, count(*) AS n, sum(author_id <> ?) AS ofOthers, min(claimed_at) AS oldestAt FROM operation
    WHERE status = 'pending' GROUP BY kind ORDER BY oldestAt`,
  customers: 'SELECT count(*) AS n FROM customer',
} as const;

/** How this desk stands with the centre: the panel behind the mark in the status bar. */
export interface SyncGauge {
  /** The centre has this note. Both moments are of this desk's clock. */
  noteArrived: (noteId: string) => void;
  read: () => SyncPanel;
}

export function createSyncGauge({ outbox, cache, seat, clock }: HostContext): SyncGauge {
  let lastTripMs: number | null = null;
  return {
    noteArrived: (noteId) => {
      const operation = findOperation(outbox, 'note.save', noteId);
      const ms = operation ? clock.now() - Date.parse(operation.claimed_at) : Number.NaN;
      // A clock that was set back in between tells nothing.
      if (ms >= 0) lastTripMs = Math.round(ms);
    },
    read: () => {
      const { id } = seat.author();
      const waiting = outbox.prepare(PANEL.waiting).all(id) as SyncPanel['waiting'];
      const { n: customers } = cache.prepare(PANEL.customers).get() as { n: number };
      const { checkedAt, lastRepaired } = readAuditState(outbox);
      const audit = checkedAt === null ? null : { checkedAt, repaired: lastRepaired };
      return { waiting, lastTripMs, customers, audit };
    },
  };
}

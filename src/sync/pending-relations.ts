import type { Id } from '../shared/ids.ts';
import { MIRRORED, type Relationship } from '../shared/relationship.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { markOf, type OperationRow } from './outbox.ts';
import type { ReadableDb } from './sql-db.ts';

/** Who was said here to be around whom, and no more; of whichever customers. */
export interface PendingRelations {
  /** Both sides of each. */
  added: (Relationship & { mark: 'here' | 'attention' })[];
  /** By either side's id. */
  removed: ReadonlySet<Id>;
}

export function readPendingRelations(outbox: ReadableDb): PendingRelations {
  const rows = outbox
    .prepare(
      `SELECT * FROM operation WHERE status IN ('pending', 'rejected', 'quarantined')
         AND kind IN ('relation.add', 'relation.remove') ORDER BY rowid`,
    )
    .all() as OperationRow[];
  const added: PendingRelations['added'] = [];
  const removed = new Set<Id>();
  for (const row of rows) {
    const payload = JSON.parse(row.payload) as OperationPayload;
    const mark = markOf(row.status);
    if (payload.kind === 'relation.add') added.push(...sidesOf(payload).map((side) => ({ ...side, mark })));
    // What the centre refused to remove is there.
    if (payload.kind === 'relation.remove' && mark === 'here') for (const id of payload.relationIds) removed.add(id);
  }
  return { added, removed };
}

function sidesOf(payload: Extract<OperationPayload, { kind: 'relation.add' }>): Relationship[] {
  const { relationId: id, mirrorId, customerId, otherId, role } = payload;
  return [
    { id, mirrorId, customerId, otherId, role },
    { id: mirrorId, mirrorId: id, customerId: otherId, otherId: customerId, role: MIRRORED[role] },
  ];
}

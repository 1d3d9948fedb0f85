import type { MergeField } from '../shared/customer-merge.ts';
import type { Id } from '../shared/ids.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { markOf, type OperationRow } from './outbox.ts';
import type { Pending, PendingRows } from './pending-nouns.ts';
import type { ReadableDb } from './sql-db.ts';

/** What was said here of two customers, and the centre has not confirmed: that they are one, or that they are not. */
export interface PendingMerge {
  kind: 'merge' | 'unmerge';
  mergeId: Id;
  keptId: Id;
  goneId: Id;
  mark: 'here' | 'attention';
  authorId: Id;
  authorName: string;
  at: string;
  fields: readonly MergeField[];
}

export function addMerge(
  all: PendingMerge[],
  row: OperationRow,
  payload: Extract<OperationPayload, { kind: 'customer.merge' | 'customer.unmerge' }>,
): void {
  all.push({
    ...{ kind: payload.kind === 'customer.merge' ? 'merge' : 'unmerge', mergeId: payload.mergeId },
    ...{ keptId: payload.customerId, goneId: payload.goneId, mark: markOf(row.status) },
    ...{ authorId: row.author_id, authorName: row.author_name, at: row.claimed_at },
    fields: payload.kind === 'customer.merge' ? payload.fields : [],
  });
}

/** Every unconfirmed merge, the oldest first. */
export function readPendingMerges(outbox: ReadableDb): PendingMerge[] {
  const rows = outbox
    .prepare(
      `SELECT * FROM operation WHERE status IN ('pending', 'rejected', 'quarantined')
         AND kind IN ('customer.merge', 'customer.unmerge') ORDER BY rowid`,
    )
    .all() as OperationRow[];
  const all: PendingMerge[] = [];
  for (const row of rows) {
    const payload = JSON.parse(row.payload) as OperationPayload;
    if (payload.kind === 'customer.merge' || payload.kind === 'customer.unmerge') addMerge(all, row, payload);
  }
  return all;
}

/** Somebody whom this desk has parted from another customer, and the centre has not yet. */
export type PendingSplit = Extract<OperationPayload, { kind: 'customer.split' }>;

/** Every unconfirmed split that the centre has not refused, the oldest first. */
export function readPendingSplits(outbox: ReadableDb): PendingSplit[] {
  const rows = outbox
    .prepare(`SELECT * FROM operation WHERE status = 'pending' AND kind = 'customer.split' ORDER BY rowid`)
    .all() as OperationRow[];
  return rows.map(({ payload }) => JSON.parse(payload) as PendingSplit);
}

/** What is pending with `customerId` in the place of everybody in `ids`: they were merged into that one. */
export function ofCustomer(pending: PendingRows, ids: ReadonlySet<Id>, customerId: Id): PendingRows {
  const is = <T extends Id | null>(id: T): T | Id => (id !== null && ids.has(id) ? customerId : id);
  const rows = <T extends { customerId: Id | null }>(list: readonly Pending<T>[]): Pending<T>[] =>
    list.map((one) => ({ ...one, row: { ...one.row, customerId: is(one.row.customerId) } }));
  return {
    ...pending,
    customerEdits: pending.customerEdits.map((edit) =>
      // The version that the author saw was another row's.
      ids.has(edit.customerId) ? { ...edit, customerId, baseVersion: null } : edit,
    ),
    interactions: pending.interactions.map((edit) => ({
      ...edit,
      record: edit.record && { ...edit.record, customerId: is(edit.record.customerId) },
      wrapUp: edit.wrapUp && { ...edit.wrapUp, customerId: is(edit.wrapUp.customerId) },
    })),
    contactPoints: rows(pending.contactPoints),
    notes: rows(pending.notes),
    consents: rows(pending.consents),
    promises: rows(pending.promises),
    cases: rows(pending.cases),
    picks: rows(pending.picks),
  };
}

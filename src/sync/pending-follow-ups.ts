import type { Id } from '../shared/ids.ts';
import { movedClock, type ServiceLevel } from '../shared/service-level.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import {
  type Case,
  type CaseChange,
  type CustomerPromise,
  changedCase,
  changedPromise,
  type PromiseChange,
} from '../shared/work.ts';
import { markOf, type OperationRow } from './outbox.ts';

// Promises and cases that are on this desk only, and what was said here about those that the centre knows.

/** What was said about a promise or a case that was there already; lay it over the confirmed row with overlayPromise() or overlayCase(). */
export interface FollowUpEdit<Change> {
  id: Id;
  mark: 'here' | 'attention';
  change: Change;
  word: { at: string; byName: string; why: string | null };
}

/** The edits of one row that the centre has not refused, and the mark that the row has by them. */
function editsOf<Change>(id: Id, edits: readonly FollowUpEdit<Change>[]): readonly FollowUpEdit<Change>[] {
  return edits.filter((edit) => edit.id === id && edit.mark === 'here');
}

/** A promise with what is pending about it. */
export function overlayPromise(
  promise: CustomerPromise,
  edits: readonly FollowUpEdit<PromiseChange>[],
): CustomerPromise {
  return editsOf(promise.id, edits).reduce((row, { change, word }) => changedPromise(row, change, word), promise);
}

/** A case with what is pending about it. @param level what the business promises of its cases, for its clock. */
export function overlayCase(
  row: Case,
  edits: readonly FollowUpEdit<CaseChange>[],
  level: ServiceLevel | null = null,
): Case {
  return editsOf(row.id, edits).reduce(
    (before, { change, word }) => movedClock(before, changedCase(before, change, word), change, level, word.at),
    row,
  );
}

export function promiseOf(
  row: OperationRow,
  payload: Extract<OperationPayload, { kind: 'promise.make' }>,
): CustomerPromise {
  return {
    id: payload.promiseId,
    customerId: payload.customerId,
    interactionId: payload.interactionId,
    what: payload.what,
    dueAt: payload.dueAt,
    byAgentId: row.author_id,
    byAgentName: row.author_name,
    status: 'open',
    ...(payload.promiseKind ? { kind: payload.promiseKind } : {}),
    ...(payload.owner ? { owner: payload.owner } : {}),
    ...(payload.contactPointId ? { contactPointId: payload.contactPointId } : {}),
  };
}

export function caseOf(row: OperationRow, payload: Extract<OperationPayload, { kind: 'case.open' }>): Case {
  const { caseId: id, customerId, subject, priority, dueAt, owner, custom } = payload;
  return {
    ...{ id, number: '', customerId, subject, status: 'open', priority, openedAt: row.claimed_at, dueAt },
    ...{ ownerId: owner?.id ?? row.author_id, ownerName: owner?.name ?? row.author_name },
    ...(custom ? { custom } : {}),
  };
}

export const saidIn = (row: OperationRow, why: string | null) => ({
  mark: markOf(row.status),
  word: { at: row.claimed_at, byName: row.author_name, why },
});

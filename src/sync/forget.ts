import { assertNever } from '../shared/assert-never.ts';
import type { Id } from '../shared/ids.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import type { Clock } from './clock.ts';
import { type OperationRow, readOperation } from './outbox.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';

/** Stands where a person's words were: a payload stays one that its schema reads. */
const SCRUBBED_TEXT = '—';

/**
 * Removes what the outbox still holds about customers whom the centre deleted: acknowledged operations go, refused ones
 * lose their words. What is pending stays until the centre refuses it (ERASED): only the centre can tell an erasure from
 * a customer who left this desk's scope. Call it in a transaction on the outbox.
 */
export function forgetCustomers(outbox: WritableDb, customerIds: Iterable<Id>): void {
  for (const customerId of customerIds) {
    const rows = outbox
      .prepare(
        `SELECT * FROM operation WHERE status <> 'pending' AND (customer_id = ? OR interaction_id IN (
           SELECT interaction_id FROM operation WHERE customer_id = ? AND interaction_id IS NOT NULL))`,
      )
      .all(customerId, customerId) as OperationRow[];
    for (const row of rows) forgetOperation(outbox, row);
  }
}

/** The same for operations whose replies tell of an erasure, and for what else was done for those customers. */
export function forgetOperations(outbox: WritableDb, rows: readonly OperationRow[]): void {
  forgetCustomers(outbox, new Set(rows.flatMap((row) => (row.customer_id === null ? [] : [row.customer_id]))));
  for (const { op_id } of rows) {
    const row = readOperation(outbox, op_id);
    if (row) forgetOperation(outbox, row);
  }
}

function forgetOperation(outbox: WritableDb, row: OperationRow): void {
  if (row.status === 'acknowledged') outbox.prepare('DELETE FROM operation WHERE op_id = ?').run(row.op_id);
  else if (row.status !== 'pending') scrubOperation(outbox, row);
}

/**
 * What a cut between the two databases left undone: deletions that reached cache.db and not the outbox.
 * @returns the customers of whom something was still there.
 */
export function findUnforgotten(outbox: ReadableDb, cache: ReadableDb): Id[] {
  const named = outbox
    .prepare(`SELECT DISTINCT customer_id AS id FROM operation WHERE status <> 'pending' AND customer_id IS NOT NULL`)
    .all() as { id: string }[];
  const deleted = cache.prepare(`SELECT 1 FROM deleted_row WHERE table_name = 'customer' AND id = ?`);
  return named.map(({ id }) => id).filter((id) => deleted.get(id) !== undefined);
}

/** Removes a person's words from one operation; ids and kind stay, so that the refusal can still be shown. */
function scrubOperation(outbox: WritableDb, row: OperationRow): void {
  const payload = scrubPayload(JSON.parse(row.payload) as OperationPayload);
  outbox.prepare('UPDATE operation SET payload = ? WHERE op_id = ?').run(JSON.stringify(payload), row.op_id);
  outbox.prepare('DELETE FROM pending_phone WHERE op_id = ?').run(row.op_id);
}

function scrubPayload(payload: OperationPayload): OperationPayload {
  switch (payload.kind) {
    case 'interaction.record':
      return { ...payload, phone: null };
    case 'note.save':
      return { ...payload, text: SCRUBBED_TEXT };
    case 'customer.create':
      return { ...payload, name: SCRUBBED_TEXT, contactPoints: [], custom: {} };
    case 'customer.update':
      return { ...payload, changes: payload.changes.map(({ field }) => ({ field, value: null, was: null })) };
    case 'phone.pick':
      return { ...payload, e164: '' };
    case 'promise.make':
      return { ...payload, what: SCRUBBED_TEXT };
    case 'interaction.wrap_up':
    case 'consent.set':
    case 'access.record':
      return payload;
    default:
      return assertNever(payload);
  }
}

const TRUNCATE_AGAIN_MS = 250;

/**
 * Empties the write-ahead logs: until then a deleted row's bytes are still in them. A reader that is in the way makes it
 * try again until it is done; an erasure has 5 s.
 * @returns the cancellation.
 */
export function truncateLogs(clock: Clock, dbs: readonly WritableDb[]): () => void {
  let cancel: () => void = () => undefined;
  const attempt = (rest: readonly WritableDb[]) => {
    const busy = rest.filter((db) => !truncated(db));
    if (busy.length > 0) cancel = clock.schedule(TRUNCATE_AGAIN_MS, () => attempt(busy));
  };
  attempt(dbs);
  return () => cancel();
}

function truncated(db: WritableDb): boolean {
  try {
    const result = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number } | undefined;
    return result === undefined || result.busy === 0;
  } catch {
    // SQLITE_LOCKED or SQLITE_BUSY: somebody reads at this very moment.
    return false;
  }
}

import { assertNever } from '../shared/assert-never.ts';
import type { Id } from '../shared/ids.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import type { Clock } from './clock.ts';
import { type OperationRow, readOperation } from './outbox.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';

/** Stands where a person's words were: a payload stays one that its schema reads. */
const SCRUBBED_TEXT = '—';

/**
 * Removes what the outbox still holds about customers whom the centre erased: acknowledged operations go, refused ones
 * lose their words. What is pending stays until the centre refuses it (ERASED): only the centre can tell an erasure from
 * a customer who left this desk's scope. Call it in a transaction on the outbox.
 */
export function forgetCustomers(outbox: WritableDb, customerIds: Iterable<Id>): void {
  for (const customerId of customerIds) {
    // What somebody was writing to them.
    outbox.prepare(`DELETE FROM keep WHERE name LIKE 'letter.%' AND name LIKE '%.' || ?`).run(customerId);
    outbox.prepare('DELETE FROM marketing_call WHERE who = ?').run(customerId);
    const rows = outbox
      .prepare(
        `SELECT * FROM operation WHERE status <> 'pending' AND (customer_id = ? OR interaction_id IN (
           SELECT interaction_id FROM operation WHERE customer_id = ? AND interaction_id IS NOT NULL))`,
      )
      .all(customerId, customerId) as OperationRow[];
    const merges = outbox
      .prepare(
        `SELECT * FROM operation WHERE status <> 'pending' AND (
           (kind = 'customer.merge' AND json_extract(payload, '$.goneId') = ?)
           OR (kind = 'relation.add' AND json_extract(payload, '$.otherId') = ?))`,
      )
      .all(customerId, customerId) as OperationRow[];
    for (const row of [...rows, ...merges]) forgetOperation(outbox, row);
  }
}

/** Of whom they name, one may have been erased and the other not. */
const OF_TWO: ReadonlySet<string> = new Set(['customer.merge', 'customer.unmerge', 'relation.add']);

/** The same for operations whose replies tell of an erasure, and for what else was done for those customers. */
export function forgetOperations(outbox: WritableDb, rows: readonly OperationRow[]): void {
  // Of two who were to be one, the other may live: the deletion itself says who was erased.
  const about = rows.filter(({ kind }) => !OF_TWO.has(kind));
  forgetCustomers(outbox, new Set(about.flatMap((row) => (row.customer_id === null ? [] : [row.customer_id]))));
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
  const deleted = cache.prepare(`SELECT 1 FROM deleted_row WHERE table_name = 'customer' AND id = ? AND has_left = 0`);
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
    case 'customer.split':
      return { ...payload, name: SCRUBBED_TEXT };
    case 'customer.update':
      return { ...payload, changes: payload.changes.map(({ field }) => ({ field, value: null, was: null })) };
    case 'customer.merge':
      return { ...payload, fields: payload.fields.map((one) => ({ ...one, kept: null, gone: null })) };
    case 'phone.pick':
      return { ...payload, e164: '' };
    case 'promise.make':
      return { ...payload, what: SCRUBBED_TEXT };
    case 'case.open':
      return { ...payload, subject: SCRUBBED_TEXT, ...(payload.custom ? { custom: {} } : {}) };
    case 'message.send':
      return { ...payload, subject: SCRUBBED_TEXT, text: SCRUBBED_TEXT };
    case 'script.run':
      return { ...payload, lines: [] };
    case 'promise.change':
      return { ...payload, why: null };
    case 'case.change':
      return { ...payload, why: null, change: { ...payload.change, ...(payload.change.custom ? { custom: {} } : {}) } };
    case 'interaction.wrap_up':
    case 'customer.unmerge':
    case 'consent.set':
    case 'relation.add':
    case 'relation.remove':
    case 'knowledge.use':
    case 'message.settle':
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
 * @param turn where another thread writes, too: SQLite would make this one wait for it, and with it whoever is in a call.
 * @returns the cancellation.
 */
export function truncateLogs(
  clock: Clock,
  dbs: readonly WritableDb[],
  turn: (work: () => void) => unknown = (work) => work(),
): () => void {
  let ended = false;
  let cancel: () => void = () => undefined;
  const attempt = (rest: readonly WritableDb[]) => {
    if (ended) return;
    const busy = rest.filter((db) => !truncated(db));
    if (busy.length > 0) cancel = clock.schedule(TRUNCATE_AGAIN_MS, () => turn(() => attempt(busy)));
  };
  turn(() => attempt(dbs));
  return () => {
    ended = true;
    cancel();
  };
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

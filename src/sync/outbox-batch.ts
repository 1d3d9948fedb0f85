import type { Id } from '../shared/ids.ts';
import type { OperationRow } from './outbox.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';

/** The centre takes bodies of at most 1 MB; the rest of the request needs a little room. */
const BATCH_MAX_BYTES = 900_000;
/** What an operation needs beside its payload: ids, names, punctuation. */
const ENVELOPE_BYTES = 400;

/** An operation that the centre choked on is left out for a while, with everything about the same rows. */
export type Deferred = Pick<OperationRow, 'op_id' | 'row_id' | 'interaction_id' | 'customer_id'>;

/**
 * The next operations to send: oldest first, of one device, not more than fit. rowid is the order in which things were
 * done at this desk; it holds across deviceIds.
 */
export function nextBatch(outbox: ReadableDb, limit: number, deferred: readonly Deferred[]): OperationRow[] {
  const candidates = outbox
    .prepare(
      `SELECT *, length(CAST(payload AS BLOB)) AS bytes FROM operation WHERE status = 'pending'
       ORDER BY rowid LIMIT ?`,
    )
    .all(deferred.length > 0 ? limit + 1000 : limit) as (OperationRow & { bytes: number })[];
  const batch: OperationRow[] = [];
  let bytes = 0;
  // What waits for something that waits is held as well: or it came before what it needs. What was done before it is not.
  const waits = new Set(deferred.map(({ op_id }) => op_id));
  const held: Deferred[] = [];
  for (const row of candidates) {
    if (waits.has(row.op_id) || held.some((other) => touchesSameRow(row, other))) {
      held.push(row);
      continue;
    }
    bytes += row.bytes + ENVELOPE_BYTES;
    const full = batch.length >= limit || bytes > BATCH_MAX_BYTES || batch[0]?.device_id !== row.device_id;
    if (batch.length > 0 && full) break;
    batch.push(row);
  }
  return batch;
}

function touchesSameRow(a: Deferred, b: Deferred): boolean {
  return (
    a.op_id === b.op_id ||
    a.row_id === b.row_id ||
    (a.interaction_id !== null && a.interaction_id === b.interaction_id) ||
    (a.customer_id !== null && a.customer_id === b.customer_id)
  );
}

/** Why a quarantined operation waits; its detail is the refused operation's row. */
const QUARANTINE_CODE = 'WAITS_FOR_REFUSED';

/**
 * Takes out of the queue what needs a row that the centre refused to make, and what needs that in turn. Call it in a
 * transaction on the outbox.
 * @returns the operations that were quarantined now.
 */
export function quarantineDependants(outbox: WritableDb, cache: ReadableDb, decidedAt: string): OperationRow[] {
  const taken: OperationRow[] = [];
  for (;;) {
    const refused = refusedRows(outbox, cache);
    const found = refused.flatMap(({ id, kind }) => dependantsOf(outbox, id, kind).map((row) => ({ row, id })));
    if (found.length === 0) return taken;
    for (const { row, id } of found) {
      const { changes } = outbox
        .prepare(
          `UPDATE operation SET status = 'quarantined', reply_code = ?, reply_detail = ?, decided_at = ?
           WHERE op_id = ? AND status = 'pending'`,
        )
        .run(QUARANTINE_CODE, id, decidedAt, row.op_id);
      if (changes > 0) taken.push(row);
    }
  }
}

/** Acts that make a row, where the row lies, and the column by which others name it. */
const MAKERS = {
  'customer.create': { table: 'customer', column: 'customer_id' },
  'customer.split': { table: 'customer', column: 'customer_id' },
  'interaction.record': { table: 'interaction', column: 'interaction_id' },
  'promise.make': { table: 'promise', column: 'row_id' },
  'case.open': { table: 'case', column: 'row_id' },
} as const;
type CreatingKind = keyof typeof MAKERS;
const MAKING = Object.keys(MAKERS)
  .map((kind) => `'${kind}'`)
  .join(', ');

/** True when an operation needs the row that another one makes. */
export function needsRowOf(row: OperationRow, maker: { kind: string; id: Id }): boolean {
  const made = Object.entries(MAKERS).find(([kind]) => kind === maker.kind)?.[1];
  return made !== undefined && row.kind !== maker.kind && row[made.column] === maker.id;
}

/** True when the operation needs a row that the centre refused to make. */
export function waitsForRefused(outbox: ReadableDb, cache: ReadableDb, row: OperationRow): boolean {
  return refusedRows(outbox, cache).some((maker) => needsRowOf(row, maker));
}

/**
 * Rows that only refused operations would have made: no other operation makes them, and the centre does not have them. The plus keeps
 * SQLite at the few acts of the same row: by their kind it would look through all that wait, once for each that was refused.
 */
function refusedRows(outbox: ReadableDb, cache: ReadableDb): { id: Id; kind: CreatingKind }[] {
  const rows = outbox
    .prepare(
      `SELECT DISTINCT row_id AS id, kind FROM operation AS refused
       WHERE status IN ('rejected', 'quarantined', 'discarded') AND kind IN (${MAKING})
         AND NOT EXISTS (
           SELECT 1 FROM operation AS other WHERE other.row_id = refused.row_id AND +other.kind = refused.kind
             AND other.status IN ('pending', 'acknowledged'))`,
    )
    .all() as { id: Id; kind: CreatingKind }[];
  return rows.filter(
    ({ id, kind }) => cache.prepare(`SELECT 1 FROM "${MAKERS[kind].table}" WHERE id = ?`).get(id) === undefined,
  );
}

function dependantsOf(outbox: ReadableDb, id: Id, kind: CreatingKind): OperationRow[] {
  return outbox
    .prepare(
      `SELECT * FROM operation WHERE ${MAKERS[kind].column} = ? AND status = 'pending' AND kind <> ? ORDER BY rowid`,
    )
    .all(id, kind) as OperationRow[];
}

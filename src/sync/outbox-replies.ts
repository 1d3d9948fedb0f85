import type { Id } from '../shared/ids.ts';
import type { OperationPayload, OperationReply, PushResponse } from '../shared/sync-wire.ts';
import { forgetOperations } from './forget.ts';
import { indexPendingPhones, type OperationRow, readKept, writeKept } from './outbox.ts';
import { quarantineDependants, waitsForRefused } from './outbox-batch.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';

/** Acknowledged operations are kept this long, for a centre that is restored from a backup. By the centre's clock. */
const KEEP_ACKNOWLEDGED_MS = 7 * 24 * 3600 * 1000;
const LAST_ACKNOWLEDGED = 'sync.acknowledged';

/** What became of the operations of one push. */
export interface Decided {
  acknowledged: OperationRow[];
  /** Refused, or waiting for a refused one. */
  attention: OperationRow[];
  /** Refused because the customer was erased: what was written about them was removed from here too. */
  erased: boolean;
}

/**
 * Stores the centre's word on each operation, and the epoch it was given in. Only for operations whose rows are in
 * cache.db already: that order can be cut anywhere and repeated. Call it in a transaction on the outbox.
 * @param sent the operations, in the order of the replies. The centre's clock is the only one that decides how long they are kept.
 */
export function storeReplies(
  outbox: WritableDb,
  cache: ReadableDb,
  sent: readonly OperationRow[],
  { replies, serverTime, epoch }: Pick<PushResponse, 'replies' | 'serverTime' | 'epoch'>,
): Decided {
  const decided: Decided = { acknowledged: [], attention: [], erased: false };
  const erased: OperationRow[] = [];
  for (const [index, row] of sent.entries()) {
    const reply = replies[index];
    if (!reply) continue;
    if (isErased(cache, row, reply)) erased.push(row);
    if (reply.status === 'applied') {
      writeKept(outbox, LAST_ACKNOWLEDGED, row.op_id);
      if (acknowledge(outbox, row, serverTime, epoch)) decided.acknowledged.push(row);
      outbox.prepare('DELETE FROM pending_phone WHERE op_id = ?').run(row.op_id);
    } else if (row.decided_at !== null && erased.at(-1) === row) {
      // Pending with a date: it was acknowledged once and is sent again. That its customer is gone is no news.
      acknowledge(outbox, row, serverTime, epoch);
    } else {
      // Refused because its parent was: one decision on the parent then frees both.
      const status = waitsForRefused(outbox, cache, row) ? 'quarantined' : 'rejected';
      if (decide(outbox, row, status, reply.code, reply.detail, serverTime)) decided.attention.push(row);
    }
  }
  decided.attention.push(...quarantineDependants(outbox, cache, serverTime));
  decided.erased = erased.length > 0;
  forgetOperations(outbox, erased);
  return decided;
}

/** True when nothing of what this operation says about a customer may stay here. */
function isErased(cache: ReadableDb, row: OperationRow, reply: OperationReply): boolean {
  if (reply.status === 'rejected' && reply.code === 'ERASED') return true;
  if (reply.status === 'applied' && reply.rows.some((made) => made.id === row.row_id && made.deleted)) return true;
  if (row.customer_id === null) return false;
  const deleted = cache.prepare(`SELECT 1 FROM deleted_row WHERE table_name = 'customer' AND id = ? AND has_left = 0`);
  return deleted.get(row.customer_id) !== undefined;
}

/**
 * A repeat does not begin the week anew: this centre has it since then. In another epoch it does: a copy of the centre that is older
 * than the repeat lacks what this one learned by it.
 */
function acknowledge(outbox: WritableDb, row: OperationRow, at: string, epoch: string): boolean {
  const known = row.acknowledged_in === epoch ? row.decided_at : null;
  const { changes } = outbox
    .prepare(
      `UPDATE operation SET status = 'acknowledged', reply_code = NULL, reply_detail = NULL, decided_at = ?, acknowledged_in = ?
       WHERE op_id = ? AND status = 'pending'`,
    )
    .run(known ?? at, epoch, row.op_id);
  return changes > 0;
}

function decide(
  outbox: WritableDb,
  row: OperationRow,
  status: OperationRow['status'],
  code: string | null,
  detail: string | null,
  at: string,
): boolean {
  const { changes } = outbox
    .prepare(
      `UPDATE operation SET status = ?, reply_code = ?, reply_detail = ?, decided_at = ?
       WHERE op_id = ? AND status = 'pending'`,
    )
    .run(status, code, detail, at, row.op_id);
  return changes > 0;
}

/** The epoch that this outbox's acknowledgements were given in; null: none yet, or the centre says that it is past. */
export function readAcknowledgedEpoch(outbox: ReadableDb): string | null {
  return readKept(outbox, 'sync.epoch');
}

/**
 * Takes note of the centre's epoch. After a restore every acknowledged operation that is still kept is sent again: the
 * centre recognises what it still has by opId. Call it in a transaction on the outbox.
 * @param epoch null: the centre only said that it is another one.
 * @returns whether operations wait to be sent again.
 */
export function adoptEpoch(outbox: WritableDb, epoch: string | null): boolean {
  const known = readAcknowledgedEpoch(outbox);
  if (known === epoch) return false;
  writeKept(outbox, 'sync.epoch', epoch);
  writeKept(outbox, LAST_ACKNOWLEDGED, null);
  if (known === null) return false;
  const creates = outbox
    .prepare(`SELECT op_id, payload FROM operation WHERE status = 'acknowledged' AND kind = 'customer.create'`)
    .all() as Pick<OperationRow, 'op_id' | 'payload'>[];
  for (const row of creates) indexPendingPhones(outbox, row.op_id, JSON.parse(row.payload) as OperationPayload);
  const { changes } = outbox.prepare(`UPDATE operation SET status = 'pending' WHERE status = 'acknowledged'`).run();
  return changes > 0;
}

/**
 * After a bootstrap: asks the centre again about acknowledged work on customers whom it no longer sends. They were erased
 * while this desk was away, or are not of its scope: only the centre knows, and a repeat changes nothing there.
 * Call it in a transaction on the outbox.
 */
export function askAgainAboutAbsent(outbox: WritableDb, cache: ReadableDb): void {
  const customers = outbox
    .prepare(
      `SELECT DISTINCT customer_id AS id FROM operation WHERE status = 'acknowledged' AND customer_id IS NOT NULL`,
    )
    .all() as { id: string }[];
  const held = cache.prepare('SELECT 1 FROM customer WHERE id = ?');
  const again = outbox.prepare(
    `UPDATE operation SET status = 'pending' WHERE customer_id = ? AND status = 'acknowledged'`,
  );
  for (const { id } of customers) if (!held.get(id)) again.run(id);
}

/**
 * A clone of this desk was found: from now on it has another name, and everything unsent is numbered anew under it, in
 * the order in which it was done. Call it in a transaction on the outbox.
 */
export function takeNewDevice(outbox: WritableDb, deviceId: Id): void {
  const pending = outbox.prepare(`SELECT op_id FROM operation WHERE status = 'pending' ORDER BY rowid`).all() as {
    op_id: string;
  }[];
  const stamp = outbox.prepare('UPDATE operation SET device_id = ?, device_seq = ? WHERE op_id = ?');
  for (const [index, row] of pending.entries()) stamp.run(deviceId, index + 1, row.op_id);
  outbox.prepare('UPDATE device SET device_id = ?, next_seq = ?').run(deviceId, pending.length + 1);
}

/**
 * What the centre acknowledged last in the epoch that the outbox knows. A restored copy of the centre has everything up to
 * some moment: where it knows this one, it knows all before it.
 */
export function readAcknowledged(outbox: ReadableDb): Id | undefined {
  return readKept(outbox, LAST_ACKNOWLEDGED) ?? undefined;
}

/** The same for a desk whose cache is of this epoch: between two epochs the files may know different ones. */
export function acknowledgedIn(outbox: ReadableDb, epoch: string | null): Id | undefined {
  return readAcknowledgedEpoch(outbox) === epoch ? readAcknowledged(outbox) : undefined;
}

/**
 * Removes what was acknowledged or discarded longer ago than it has to be kept, with the access entries that went along;
 * the last entry stays, the chain goes on from it. Call it in a transaction on the outbox.
 */
export function purgeDecided(outbox: WritableDb, serverTime: string): void {
  const before = new Date(Date.parse(serverTime) - KEEP_ACKNOWLEDGED_MS).toISOString();
  const old = `SELECT op_id FROM operation WHERE status IN ('acknowledged', 'discarded') AND decided_at < ?`;
  outbox
    .prepare(`DELETE FROM access_log WHERE op_id IN (${old}) AND seq < (SELECT max(seq) FROM access_log)`)
    .run(before);
  outbox.prepare(`DELETE FROM operation WHERE op_id IN (${old})`).run(before);
}

import { assertNever } from '../shared/assert-never.ts';
import { DangolError } from '../shared/errors.ts';
import { type Id, newId } from '../shared/ids.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { type Operation, OperationPayload } from '../shared/sync-wire.ts';
import type { ReadableDb, WritableDb } from './sql-db.ts';

/** The shape of payloads that this build writes. Grows when a payload kind changes its meaning. */
const OPERATION_SCHEMA_VERSION = 1;

export interface NewOperation {
  /** Given where the page made it, so that a repeated save is the same save; otherwise made here. */
  opId?: Id;
  authorId: Id;
  authorName: string;
  /** The desk's clock, as an Instant. */
  claimedAt: string;
  payload: OperationPayload;
  /** The version of the row that the author saw, where the act changes a row. */
  baseVersion?: number | null;
  /** ISO 3166-1 alpha-2, for phone numbers without a country code. */
  country?: string;
}

/** An operation as outbox.db keeps it. */
export interface OperationRow {
  op_id: string;
  device_id: string;
  device_seq: number;
  schema_version: number;
  author_id: string;
  author_name: string;
  base_version: number | null;
  claimed_at: string;
  kind: OperationPayload['kind'];
  payload: string;
  row_id: string;
  interaction_id: string | null;
  customer_id: string | null;
  status: 'pending' | 'acknowledged' | 'rejected' | 'quarantined' | 'discarded';
  reply: string | null;
  reply_code: string | null;
  reply_detail: string | null;
  decided_at: string | null;
  /** The epoch of the acknowledgement. */
  acknowledged_in: string | null;
  decision_reason: string | null;
}

/** This desk's name at the centre, made at first use. It changes when a clone of the desk is found. */
export function ensureDevice(outbox: WritableDb, makeId: () => Id = newId): { deviceId: Id; nextSeq: number } {
  const row = outbox.prepare('SELECT device_id, next_seq FROM device').get() as
    | { device_id: string; next_seq: number }
    | undefined;
  if (row) return { deviceId: row.device_id, nextSeq: row.next_seq };
  const deviceId = makeId();
  outbox.prepare('INSERT INTO device (only, device_id, next_seq) VALUES (1, ?, 1)').run(deviceId);
  return { deviceId, nextSeq: 1 };
}

/**
 * Writes what an agent did, as the operation that will be sent. Call it inside the transaction that the act is made of;
 * call engine.wake() after the commit. The same opId again changes nothing and gives the operation that is there.
 * @throws DangolError BAD_INPUT when the payload does not fit its schema: nothing unsendable enters the outbox.
 */
export function appendOperation(outbox: WritableDb, act: NewOperation): Operation {
  const opId = act.opId ?? newId();
  const known = readOperation(outbox, opId);
  if (known) return toOperation(known);
  const parsed = OperationPayload.safeParse(act.payload);
  if (!parsed.success) {
    throw new DangolError('BAD_INPUT', 'check-input', {
      detail: `payload ${act.payload.kind} does not fit its schema`,
    });
  }
  const payload = parsed.data;
  const { deviceId, nextSeq } = ensureDevice(outbox);
  outbox.prepare('UPDATE device SET next_seq = next_seq + 1').run();
  const names = rowsNamedBy(payload);
  outbox
    .prepare(
      `INSERT INTO operation (op_id, device_id, device_seq, schema_version, author_id, author_name, base_version,
         claimed_at, kind, payload, row_id, interaction_id, customer_id, status)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')`,
    )
    .run(
      opId,
      deviceId,
      nextSeq,
      OPERATION_SCHEMA_VERSION,
      act.authorId,
      act.authorName,
      act.baseVersion ?? null,
      act.claimedAt,
      payload.kind,
      JSON.stringify(payload),
      names.rowId,
      names.interactionId,
      names.customerId,
    );
  indexPendingPhones(outbox, opId, payload, act.country);
  return {
    opId,
    deviceId,
    deviceSeq: nextSeq,
    schemaVersion: OPERATION_SCHEMA_VERSION,
    authorId: act.authorId,
    baseVersion: act.baseVersion ?? null,
    claimedAt: act.claimedAt,
    payload,
  };
}

/** Makes the numbers of a customer who is not confirmed yet findable, so that the next call from them pops. */
export function indexPendingPhones(outbox: WritableDb, opId: Id, payload: OperationPayload, country?: string): void {
  if (payload.kind !== 'customer.create') return;
  for (const point of payload.contactPoints) {
    if (point.kind !== 'phone') continue;
    const { e164, last8 } = readPhoneNumber(point.value, country);
    if (last8 === null) continue;
    outbox
      .prepare('INSERT OR IGNORE INTO pending_phone (last8, e164, customer_id, op_id) VALUES (?, ?, ?, ?)')
      .run(last8, e164, payload.customerId, opId);
  }
}

/** The row that an operation makes or changes, and the interaction and customer that it is about. */
export function rowsNamedBy(payload: OperationPayload): {
  rowId: Id;
  interactionId: Id | null;
  customerId: Id | null;
} {
  switch (payload.kind) {
    case 'interaction.record':
    case 'interaction.wrap_up':
      return { rowId: payload.interactionId, interactionId: payload.interactionId, customerId: payload.customerId };
    case 'note.save':
      return { rowId: payload.noteId, interactionId: payload.interactionId, customerId: payload.customerId };
    case 'customer.create':
    case 'customer.split':
    case 'customer.update':
      return { rowId: payload.customerId, interactionId: null, customerId: payload.customerId };
    case 'customer.merge':
    case 'customer.unmerge':
      return { rowId: payload.mergeId, interactionId: null, customerId: payload.customerId };
    case 'phone.pick':
      return { rowId: payload.pickId, interactionId: null, customerId: payload.customerId };
    case 'consent.set':
      return { rowId: payload.consentId, interactionId: null, customerId: payload.customerId };
    case 'relation.add':
      return { rowId: payload.relationId, interactionId: null, customerId: payload.customerId };
    case 'relation.remove':
      return { rowId: payload.relationIds[0] ?? '', interactionId: null, customerId: payload.customerId };
    case 'promise.make':
    case 'promise.change':
      return { rowId: payload.promiseId, interactionId: payload.interactionId, customerId: payload.customerId };
    case 'case.open':
    case 'case.change':
      return { rowId: payload.caseId, interactionId: payload.interactionId, customerId: payload.customerId };
    case 'knowledge.use':
      return { rowId: payload.articleId, interactionId: null, customerId: null };
    case 'message.send':
    case 'message.settle':
      return { rowId: payload.messageId, interactionId: payload.messageId, customerId: payload.customerId };
    case 'script.run':
      return { rowId: payload.runId, interactionId: payload.interactionId, customerId: payload.customerId };
    case 'access.record': {
      const first = payload.entries[0];
      return { rowId: first?.id ?? '', interactionId: null, customerId: null };
    }
    default:
      return assertNever(payload);
  }
}

/** The operation as it is sent: its payload comes out byte for byte as it was written. */
export function toOperation(row: OperationRow): Operation {
  return {
    opId: row.op_id,
    deviceId: row.device_id,
    deviceSeq: row.device_seq,
    schemaVersion: row.schema_version,
    authorId: row.author_id,
    baseVersion: row.base_version,
    claimedAt: row.claimed_at,
    payload: JSON.parse(row.payload) as OperationPayload,
  };
}

/** One operation, or undefined. */
export function readOperation(outbox: ReadableDb, opId: Id): OperationRow | undefined {
  return outbox.prepare('SELECT * FROM operation WHERE op_id = ?').get(opId) as OperationRow | undefined;
}

/** The newest operation of a kind on a row that was not discarded: tells a repeated save from a new one. */
export function findOperation(outbox: ReadableDb, kind: OperationPayload['kind'], rowId: Id): OperationRow | undefined {
  return outbox
    .prepare(
      `SELECT * FROM operation WHERE row_id = ? AND kind = ? AND status <> 'discarded' ORDER BY rowid DESC LIMIT 1`,
    )
    .get(rowId, kind) as OperationRow | undefined;
}

/** How many operations wait to be sent, and how many wait for an agent's decision. */
export function countOperations(outbox: ReadableDb): { pending: number; attention: number } {
  const count = (status: string) =>
    (outbox.prepare('SELECT count(*) AS n FROM operation WHERE status = ?').get(status) as { n: number }).n;
  return { pending: count('pending'), attention: count('rejected') + count('quarantined') };
}

/** The moment of the last answer from the centre by this desk's clock: how old the picture is. null: never. */
export function readLastContact(outbox: ReadableDb): string | null {
  return readKept(outbox, 'sync.last_contact');
}

/** Small things of the engine that must survive. Names begin with `sync.`. */
export function readKept(outbox: ReadableDb, name: string): string | null {
  const row = outbox.prepare('SELECT value FROM keep WHERE name = ?').get(name) as { value: string } | undefined;
  return row?.value ?? null;
}

/** @param value null removes it. */
export function writeKept(outbox: WritableDb, name: string, value: string | null): void {
  if (value === null) outbox.prepare('DELETE FROM keep WHERE name = ?').run(name);
  else {
    outbox
      .prepare('INSERT INTO keep (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      .run(name, value);
  }
}

/** The mark of an unconfirmed operation's row. */
export function markOf(status: OperationRow['status']): 'here' | 'attention' {
  return status === 'rejected' || status === 'quarantined' ? 'attention' : 'here';
}

import { z } from 'zod';
import type { Agent, Role } from '../shared/agent.ts';
import { assertNever } from '../shared/assert-never.ts';
import { type CustomValues, fieldsOf } from '../shared/customer.ts';
import { misfitKey } from '../shared/customer-edit.ts';
import { DangolError } from '../shared/errors.ts';
import type { AttentionItem } from '../shared/host-types.ts';
import { newId } from '../shared/ids.ts';
import { maskName } from '../shared/masking.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { appendOperation, type OperationRow, readOperation } from '../sync/outbox.ts';
import { needsRowOf } from '../sync/outbox-batch.ts';
import { recordAccess } from './access-log.ts';
import { readCustomFields } from './customer-rows.ts';
import type { HostDb } from './db/connection.ts';
import { afterWrite, type HostContext, nowInstant } from './host-context.ts';
import { readKeep, writeKeep } from './keep.ts';

const SUMMARY_LENGTH = 80;
const WAITING = `status IN ('rejected', 'quarantined')`;
/** Operations that somebody looked at and left for later. */
const KEPT = 'attention.kept';
export const SENT_AGAIN = 'sent again as ';

const DECIDES_FOR_OTHERS: readonly Role[] = ['supervisor', 'administrator'];

const maySee = (reader: Agent, row: OperationRow) =>
  row.author_id === reader.id || DECIDES_FOR_OTHERS.includes(reader.role);

/**
 * What the centre refused, then what waits with it; each oldest first. An agent's own; a supervisor's are all, of others only
 * what they are (the words are one logged look away: readHeldText). `ofOthers`: how many more this desk holds.
 */
export function readAttention(context: HostContext): { items: AttentionItem[]; ofOthers: number } {
  const reader = context.seat.reader();
  const rows = context.outbox
    .prepare(`SELECT * FROM operation WHERE ${WAITING} ORDER BY status <> 'rejected', rowid`)
    .all() as OperationRow[];
  const own = rows.filter((row) => maySee(reader, row));
  const kept = readKeptForLater(context.outbox);
  const items = own.slice(0, 200).map((row) => itemOf(row, reader, kept));
  return { items, ofOthers: rows.length - own.length };
}

/** How much waits for this agent's decision, and how much for others who used this desk. What was kept does not count. */
export function countAttention(outbox: HostDb, agentId: string | null): { own: number; ofOthers: number } {
  const rows = outbox.prepare(`SELECT op_id, author_id FROM operation WHERE ${WAITING}`).all() as OperationRow[];
  const kept = rows.length === 0 ? new Set() : readKeptForLater(outbox);
  const asking = rows.filter((row) => !kept.has(row.op_id));
  const own = asking.filter((row) => row.author_id === agentId).length;
  return { own, ofOthers: asking.length - own };
}

function readKeptForLater(outbox: HostDb): Set<string> {
  return new Set(readKeep(outbox, KEPT, z.array(z.string())) ?? []);
}

/** Only of what still waits: an operation that was decided is forgotten here. */
function keepForLater({ outbox }: HostContext, opId: string): void {
  const waits = outbox.prepare(`SELECT 1 FROM operation WHERE op_id = ? AND ${WAITING}`);
  const kept = [...readKeptForLater(outbox), opId].filter((one) => waits.get(one) !== undefined);
  writeKeep(outbox, KEPT, [...new Set(kept)]);
}

function itemOf(row: OperationRow, reader: Agent, kept: ReadonlySet<string>): AttentionItem {
  return {
    opId: row.op_id,
    kind: row.kind,
    reason: row.status === 'rejected' ? 'rejected' : 'quarantined',
    code: row.reply_code ?? '',
    detail: row.reply_detail ?? '',
    claimedAt: row.claimed_at,
    authorName: row.author_name,
    summary: row.author_id === reader.id ? summaryOf(JSON.parse(row.payload) as OperationPayload) : '',
    customerId: row.customer_id,
    kept: kept.has(row.op_id),
  };
}

/**
 * The whole text of a held-back note, to read and to edit. What somebody else wrote about a customer is a look at that
 * customer's data: it is logged first.
 * @throws NOT_FOUND, FORBIDDEN.
 */
export function readHeldText(context: HostContext, opId: string): { text: string } {
  const reader = context.seat.reader();
  const row = readHeld(context, reader, opId);
  const payload = JSON.parse(row.payload) as OperationPayload;
  if (row.author_id !== reader.id && row.customer_id !== null) {
    recordAccess(context, reader.id, [{ action: 'view', customerId: row.customer_id, context: `held back ${opId}` }]);
  }
  return { text: payload.kind === 'note.save' ? payload.text : summaryOf(payload) };
}

function readHeld(context: HostContext, reader: Agent, opId: string): OperationRow {
  const row = readOperation(context.outbox, opId);
  if (!row || !['rejected', 'quarantined'].includes(row.status)) throw new DangolError('NOT_FOUND', 'none');
  if (!maySee(reader, row)) throw new DangolError('FORBIDDEN', 'none');
  return row;
}

function summaryOf(payload: OperationPayload): string {
  switch (payload.kind) {
    case 'note.save':
      return payload.text.slice(0, SUMMARY_LENGTH);
    case 'customer.split':
      return maskName(payload.name);
    case 'customer.create':
      return payload.customerKind === 'company' ? payload.name : maskName(payload.name);
    case 'promise.make':
      return payload.what.slice(0, SUMMARY_LENGTH);
    case 'case.open':
      return payload.subject.slice(0, SUMMARY_LENGTH);
    case 'message.send':
      return payload.subject.slice(0, SUMMARY_LENGTH);
    case 'promise.change':
    case 'case.change':
      return (payload.why ?? Object.keys(payload.change).join(', ')).slice(0, SUMMARY_LENGTH);
    case 'customer.update':
      return payload.changes.map(({ field }) => field.replace('custom.', '')).join(', ');
    case 'relation.add':
      return payload.role;
    case 'interaction.wrap_up':
      return payload.dispositionCode;
    case 'script.run':
      return payload.title;
    case 'consent.set':
      return `${payload.channel} ${payload.purpose} ${payload.status}`;
    case 'interaction.record':
    case 'message.settle':
    case 'customer.merge':
    case 'customer.unmerge':
    case 'phone.pick':
    case 'relation.remove':
    case 'knowledge.use':
    case 'access.record':
      return '';
    default:
      return assertNever(payload);
  }
}

export type Decision =
  | { opId: string; decision: 'retry'; text: string | null }
  | { opId: string; decision: 'keep' }
  | { opId: string; decision: 'discard'; reason: string };

/**
 * Decides about a refused operation: sends it again as a new one (edited, for a note), or lets it go with a reason. What
 * waited for a refused operation goes along with a retry of it.
 * @throws NOT_FOUND, FORBIDDEN: an agent decides about their own work, a supervisor about everybody's.
 */
export function resolveAttention(context: HostContext, act: Decision): void {
  const decider = context.seat.reader();
  const { outbox } = context;
  const customerId = outbox
    .transaction(() => {
      const row = readHeld(context, decider, act.opId);
      if (act.decision === 'keep') {
        keepForLater(context, act.opId);
        return null;
      }
      if (act.decision === 'discard') {
        decide(context, row, `${decider.name}: ${act.reason}`);
        return row.customer_id;
      }
      const waiting = dependants(context, row);
      retry(context, row, decider, act.text);
      for (const one of waiting) retry(context, one, decider, null);
      return row.customer_id;
    })
    .immediate();
  afterWrite(context, [customerId]);
}

/** What needs a row that this operation would make, and what needs that in turn. In the order in which it was done. */
function dependants(context: HostContext, row: OperationRow): OperationRow[] {
  const held = context.outbox
    .prepare(`SELECT * FROM operation WHERE status = 'quarantined' AND op_id <> ? ORDER BY rowid`)
    .all(row.op_id) as OperationRow[];
  const freed = [row];
  for (const maker of freed)
    freed.push(
      ...held.filter((one) => !freed.includes(one) && needsRowOf(one, { kind: maker.kind, id: maker.row_id })),
    );
  return held.filter((one) => freed.includes(one));
}

/** A case outlives a field, or a choice of it, that the business took away meanwhile: what still fits is sent again. */
function withFittingFields({ cache }: HostContext, payload: OperationPayload): OperationPayload {
  const fields = fieldsOf(readCustomFields(cache), 'case');
  const fitting = (custom: CustomValues) =>
    Object.fromEntries(Object.entries(custom).filter(([key, value]) => misfitKey({ [key]: value }, fields) === null));
  if (payload.kind === 'case.open' && payload.custom) return { ...payload, custom: fitting(payload.custom) };
  if (payload.kind !== 'case.change' || !payload.change.custom) return payload;
  return { ...payload, change: { ...payload.change, custom: fitting(payload.change.custom) } };
}

/** The author and the claimed time stay those of the act: only its sending is new. Other words are those of who wrote them. */
function retry(context: HostContext, row: OperationRow, decider: Agent, text: string | null): void {
  const payload = JSON.parse(row.payload) as OperationPayload;
  const isEdit = payload.kind === 'note.save' && text !== null && text.trim() !== payload.text;
  const edited = isEdit ? { ...payload, text: text.trim() } : withFittingFields(context, payload);
  // The centre has other words under this id: under it the note would be refused for ever.
  const taken = edited.kind === 'note.save' && row.status === 'rejected' && row.reply_code === 'CONFLICT';
  context.outbox.prepare('DELETE FROM pending_phone WHERE op_id = ?').run(row.op_id);
  const { opId } = appendOperation(context.outbox, {
    authorId: isEdit ? decider.id : row.author_id,
    authorName: isEdit ? decider.name : row.author_name,
    claimedAt: row.claimed_at,
    baseVersion: row.base_version,
    payload: taken ? { ...edited, noteId: newId() } : edited,
    country: context.seat.country(),
  });
  decide(context, row, `${SENT_AGAIN}${opId}`);
}

function decide(context: HostContext, row: OperationRow, reason: string): void {
  context.outbox
    .prepare(`UPDATE operation SET status = 'discarded', decided_at = ?, decision_reason = ? WHERE op_id = ?`)
    .run(nowInstant(context), reason, row.op_id);
  context.outbox.prepare('DELETE FROM pending_phone WHERE op_id = ?').run(row.op_id);
}

import { assertNever } from '../shared/assert-never.ts';
import type { Consent } from '../shared/consent.ts';
import type { ContactPoint, PhonePick } from '../shared/contact-point.ts';
import type { Customer } from '../shared/customer.ts';
import { type FieldChange, settled, withChange } from '../shared/customer-edit.ts';
import type { Id } from '../shared/ids.ts';
import type { Interaction, Note } from '../shared/interaction.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import type { Case, CaseChange, CustomerPromise, PromiseChange } from '../shared/work.ts';
import { markOf, type OperationRow } from './outbox.ts';
import { contactPointsOf, customerOfCreate, customerOfSplit } from './pending-customer.ts';
import { caseOf, type FollowUpEdit, promiseOf, saidIn } from './pending-follow-ups.ts';
import { addMerge, type PendingMerge } from './pending-merges.ts';
import {
  newMessage,
  type SentHere,
  type SettledHere,
  saidOfOthers,
  sentHere,
  settledMessage,
} from './pending-messages.ts';

/** A row that is on this desk only: waiting to be sent ('here'), or refused and waiting for a decision ('attention'). */
export interface Pending<T> {
  row: T;
  opId: Id;
  mark: 'here' | 'attention';
}

/** What pending operations say about one interaction; lay it over the confirmed row with overlayInteraction(). */
export interface InteractionEdit {
  interactionId: Id;
  mark: 'here' | 'attention';
  authorId: Id;
  authorName: string;
  record: Extract<OperationPayload, { kind: 'interaction.record' }> | null;
  wrapUp: Extract<OperationPayload, { kind: 'interaction.wrap_up' }> | null;
  /** What was written here and is on its way. */
  sent?: SentHere;
  /** That a message was answered, needs no answer, or whose it is. */
  settled?: SettledHere;
}

/** Facts of a customer that were corrected here; lay them over the confirmed row with overlayCustomer(). */
export interface CustomerEdit {
  customerId: Id;
  mark: 'here' | 'attention';
  /** The version that the author saw. */
  baseVersion: number | null;
  changes: readonly FieldChange[];
}

/**
 * Pending operations as the nouns that reads show, oldest first. Merge them so: read these first, the confirmed rows
 * after them, then drop a pending row whose id is confirmed (the other order lets a note blink out). Consents, promises
 * and picks of an id that is confirmed may be laid over it just as well: they are what the centre will say.
 */
export interface PendingRows {
  customers: Pending<Customer>[];
  customerEdits: CustomerEdit[];
  contactPoints: Pending<ContactPoint>[];
  interactions: InteractionEdit[];
  notes: Pending<Note>[];
  consents: Pending<Consent>[];
  promises: Pending<CustomerPromise>[];
  promiseEdits: FollowUpEdit<PromiseChange>[];
  cases: Pending<Case>[];
  caseEdits: FollowUpEdit<CaseChange>[];
  picks: Pending<PhonePick>[];
  merges: PendingMerge[];
}

/** Nothing is pending: to share, never to fill. */
export const NOTHING_PENDING: PendingRows = emptyRows();

function emptyRows(): PendingRows {
  return {
    customers: [],
    customerEdits: [],
    contactPoints: [],
    interactions: [],
    notes: [],
    consents: [],
    promises: [],
    promiseEdits: [],
    cases: [],
    caseEdits: [],
    picks: [],
    merges: [],
  };
}

/** A customer with what is pending about them: what the centre will say, unless somebody else was quicker. */
export function overlayCustomer(confirmed: Customer, edits: readonly CustomerEdit[]): Customer {
  return edits
    .filter(({ customerId, mark }) => customerId === confirmed.id && mark === 'here')
    .reduce(
      (customer, { changes, baseVersion }) =>
        changes.reduce((row, change) => settled(withChange(row, change), change.field, baseVersion), customer),
      confirmed,
    );
}

/** A confirmed interaction (or null) with what is pending about it. null: there is not enough to show one. */
export function overlayInteraction(confirmed: Interaction | null, edit: InteractionEdit): Interaction | null {
  const { record, wrapUp } = edit;
  const known =
    confirmed ?? (record ? newInteraction(edit, record) : null) ?? (edit.sent ? newMessage(edit.sent) : null);
  const base = known && edit.settled ? settledMessage(known, edit.settled) : known;
  if (!base) return null;
  return {
    ...base,
    customerId: wrapUp?.customerId ?? record?.customerId ?? base.customerId,
    answeredAt: record?.answeredAt ?? base.answeredAt,
    endedAt: record?.endedAt ?? base.endedAt,
    result: record?.result ?? base.result,
    dispositionCode: wrapUp?.dispositionCode ?? base.dispositionCode,
    ...(wrapUp ? { wrapUpSeconds: wrapUp.wrapUpSeconds } : {}),
    ...(record?.quality ? { quality: record.quality } : {}),
    ...(record?.recording ? { recording: record.recording } : {}),
  };
}

function newInteraction(edit: InteractionEdit, record: NonNullable<InteractionEdit['record']>): Interaction {
  return {
    id: edit.interactionId,
    customerId: record.customerId,
    channel: 'phone',
    direction: record.direction,
    startedAt: record.startedAt,
    answeredAt: record.answeredAt,
    endedAt: record.endedAt,
    result: record.result,
    phone: record.phone,
    queue: record.queue,
    agentId: edit.authorId,
    agentName: edit.authorName,
    subject: null,
    dispositionCode: null,
  };
}

/** Operations, oldest first, as the rows that they will become. */
export function toPendingRows(rows: readonly OperationRow[], country?: string): PendingRows {
  const all = emptyRows();
  for (const row of rows) addPending(all, row, JSON.parse(row.payload) as OperationPayload, country);
  return all;
}

function addPending(all: PendingRows, row: OperationRow, payload: OperationPayload, country?: string): void {
  const of = <T>(noun: T): Pending<T> => ({ row: noun, opId: row.op_id, mark: markOf(row.status) });
  switch (payload.kind) {
    case 'interaction.record':
    case 'interaction.wrap_up':
      addEdit(all, row, payload);
      return;
    case 'message.send':
    case 'message.settle':
      addMessage(all, row, payload);
      return;
    case 'note.save':
      replace(all.notes, of(noteOf(row, payload)));
      return;
    case 'customer.create':
      replace(all.customers, of(customerOfCreate(row, payload)));
      for (const point of contactPointsOf(payload, country)) replace(all.contactPoints, of(point));
      return;
    case 'customer.split':
      replace(all.customers, of(customerOfSplit(row, payload)));
      return;
    case 'customer.update':
      all.customerEdits.push({
        customerId: payload.customerId,
        mark: markOf(row.status),
        baseVersion: row.base_version,
        changes: payload.changes,
      });
      return;
    case 'phone.pick':
      replace(all.picks, of({ id: payload.pickId, e164: payload.e164, customerId: payload.customerId }));
      return;
    case 'consent.set': {
      const { consentId: id, customerId, channel, purpose, status, source } = payload;
      replace(all.consents, of({ id, customerId, channel, purpose, status, at: row.claimed_at, source }));
      return;
    }
    case 'promise.make':
      replace(all.promises, of(promiseOf(row, payload)));
      return;
    case 'promise.change':
      all.promiseEdits.push({ ...saidIn(row, payload.why), id: payload.promiseId, change: payload.change });
      return;
    case 'case.open':
      replace(all.cases, of(caseOf(row, payload)));
      return;
    case 'case.change':
      all.caseEdits.push({ ...saidIn(row, payload.why), id: payload.caseId, change: payload.change });
      return;
    case 'customer.merge':
    case 'customer.unmerge':
      addMerge(all.merges, row, payload);
      return;
    // Read by themselves: readPendingRelations().
    case 'relation.add':
    case 'relation.remove':
    case 'knowledge.use':
    // Read by themselves: main/script-history.ts.
    case 'script.run':
    case 'access.record':
      return;
    default:
      assertNever(payload);
  }
}

/** The later word on a row replaces the earlier one, in its place. */
function replace<T extends { id: string }>(list: Pending<T>[], entry: Pending<T>): void {
  const at = list.findIndex((known) => known.row.id === entry.row.id);
  if (at < 0) list.push(entry);
  else list[at] = entry;
}

/** What is pending about this interaction, to be added to. */
function editOf(all: PendingRows, row: OperationRow, interactionId: Id): InteractionEdit {
  const found = all.interactions.find((edit) => edit.interactionId === interactionId);
  const edit: InteractionEdit = found ?? {
    ...{ interactionId, mark: 'here', authorId: row.author_id, authorName: row.author_name },
    ...{ record: null, wrapUp: null },
  };
  if (!found) all.interactions.push(edit);
  if (markOf(row.status) === 'attention') edit.mark = 'attention';
  return edit;
}

function addEdit(
  all: PendingRows,
  row: OperationRow,
  payload: Extract<OperationPayload, { kind: 'interaction.record' | 'interaction.wrap_up' }>,
): void {
  const edit = editOf(all, row, payload.interactionId);
  if (payload.kind === 'interaction.record') edit.record = payload;
  else edit.wrapUp = payload;
}

function addMessage(
  all: PendingRows,
  row: OperationRow,
  payload: Extract<OperationPayload, { kind: 'message.send' | 'message.settle' }>,
): void {
  if (payload.kind === 'message.send') editOf(all, row, payload.messageId).sent = sentHere(row, payload);
  const other = saidOfOthers(row, payload);
  // What the centre refused settles nothing.
  if (other && markOf(row.status) === 'here') editOf(all, row, other.id).settled = other.said;
}

function noteOf(row: OperationRow, payload: Extract<OperationPayload, { kind: 'note.save' }>): Note {
  return {
    id: payload.noteId,
    interactionId: payload.interactionId,
    customerId: payload.customerId,
    text: payload.text,
    authorId: row.author_id,
    authorName: row.author_name,
    at: row.claimed_at,
  };
}

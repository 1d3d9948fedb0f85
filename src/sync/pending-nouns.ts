import { assertNever } from '../shared/assert-never.ts';
import type { Consent } from '../shared/consent.ts';
import type { ContactPoint, PhonePick } from '../shared/contact-point.ts';
import type { Customer } from '../shared/customer.ts';
import { type FieldChange, settled, withField } from '../shared/customer-edit.ts';
import type { Id } from '../shared/ids.ts';
import type { Interaction, Note } from '../shared/interaction.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import type { CustomerPromise } from '../shared/work.ts';
import type { OperationRow } from './outbox.ts';

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
}

/**
 * Pending operations as the nouns that reads show, oldest first. Merge them so: read these first, the confirmed rows
 * after them, then drop a pending row whose id is confirmed (the other order lets a note blink out). Consents, promises
 * and picks of an id that is confirmed may be laid over it just as well: they are what the centre will say.
 */
/** Facts of a customer that were corrected here; lay them over the confirmed row with overlayCustomer(). */
export interface CustomerEdit {
  customerId: Id;
  mark: 'here' | 'attention';
  /** The version that the author saw. */
  baseVersion: number | null;
  changes: readonly FieldChange[];
}

export interface PendingRows {
  customers: Pending<Customer>[];
  customerEdits: CustomerEdit[];
  contactPoints: Pending<ContactPoint>[];
  interactions: InteractionEdit[];
  notes: Pending<Note>[];
  consents: Pending<Consent>[];
  promises: Pending<CustomerPromise>[];
  picks: Pending<PhonePick>[];
}

/** A customer with what is pending about them: what the centre will say, unless somebody else was quicker. */
export function overlayCustomer(confirmed: Customer, edits: readonly CustomerEdit[]): Customer {
  return edits
    .filter(({ customerId, mark }) => customerId === confirmed.id && mark === 'here')
    .reduce(
      (customer, { changes, baseVersion }) =>
        changes.reduce((row, { field, value }) => settled(withField(row, field, value), field, baseVersion), customer),
      confirmed,
    );
}

/** A confirmed interaction (or null) with what is pending about it. null: there is not enough to show one. */
export function overlayInteraction(confirmed: Interaction | null, edit: InteractionEdit): Interaction | null {
  const { record, wrapUp } = edit;
  const base = confirmed ?? (record ? newInteraction(edit, record) : null);
  if (!base) return null;
  return {
    ...base,
    customerId: wrapUp?.customerId ?? record?.customerId ?? base.customerId,
    answeredAt: record?.answeredAt ?? base.answeredAt,
    endedAt: record?.endedAt ?? base.endedAt,
    result: record?.result ?? base.result,
    dispositionCode: wrapUp?.dispositionCode ?? base.dispositionCode,
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

/** The mark of an unconfirmed operation's row. */
export function markOf(status: OperationRow['status']): 'here' | 'attention' {
  return status === 'rejected' || status === 'quarantined' ? 'attention' : 'here';
}

/** Operations, oldest first, as the rows that they will become. */
export function toPendingRows(rows: readonly OperationRow[], country?: string): PendingRows {
  const all: PendingRows = {
    customers: [],
    customerEdits: [],
    contactPoints: [],
    interactions: [],
    notes: [],
    consents: [],
    promises: [],
    picks: [],
  };
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
    case 'note.save':
      replace(all.notes, of(noteOf(row, payload)));
      return;
    case 'customer.create':
      replace(all.customers, of(customerOfCreate(row, payload)));
      for (const point of contactPointsOf(payload, country)) replace(all.contactPoints, of(point));
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

function addEdit(
  all: PendingRows,
  row: OperationRow,
  payload: Extract<OperationPayload, { kind: 'interaction.record' | 'interaction.wrap_up' }>,
): void {
  const found = all.interactions.find((edit) => edit.interactionId === payload.interactionId);
  const edit: InteractionEdit = found ?? {
    interactionId: payload.interactionId,
    mark: 'here',
    authorId: row.author_id,
    authorName: row.author_name,
    record: null,
    wrapUp: null,
  };
  if (!found) all.interactions.push(edit);
  if (markOf(row.status) === 'attention') edit.mark = 'attention';
  if (payload.kind === 'interaction.record') edit.record = payload;
  else edit.wrapUp = payload;
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

function promiseOf(row: OperationRow, payload: Extract<OperationPayload, { kind: 'promise.make' }>): CustomerPromise {
  return {
    id: payload.promiseId,
    customerId: payload.customerId,
    interactionId: payload.interactionId,
    what: payload.what,
    dueAt: payload.dueAt,
    byAgentId: row.author_id,
    byAgentName: row.author_name,
    status: 'open',
  };
}

function customerOfCreate(
  row: OperationRow,
  payload: Extract<OperationPayload, { kind: 'customer.create' }>,
): Customer {
  return {
    id: payload.customerId,
    // The centre gives the number that the business prints; until then there is none.
    customerNumber: '',
    kind: payload.customerKind,
    name: payload.name,
    language: payload.language,
    tier: 'basic',
    birthday: null,
    customerSince: null,
    lifetimeValue: null,
    lifetimeValueTrend: null,
    churnRisk: null,
    churnWhy: [],
    balanceOwed: null,
    overdueSince: null,
    lastSeenPage: null,
    custom: payload.custom,
    createdAt: row.claimed_at,
  };
}

function contactPointsOf(
  payload: Extract<OperationPayload, { kind: 'customer.create' }>,
  country?: string,
): ContactPoint[] {
  return payload.contactPoints.map((point, index) => {
    const phone = point.kind === 'phone' ? readPhoneNumber(point.value, country) : null;
    return {
      id: point.id,
      customerId: payload.customerId,
      kind: point.kind,
      value: point.value,
      e164: phone?.e164 ?? null,
      last8: phone?.last8 ?? null,
      label: point.label,
      primary: index === 0,
    };
  });
}

import type { Consent } from '../shared/consent.ts';
import type { ContactPoint } from '../shared/contact-point.ts';
import type { Customer, CustomField } from '../shared/customer.ts';
import type { Mark } from '../shared/customer-360.ts';
import type { Interaction, Note } from '../shared/interaction.ts';
import type { Case, CustomerPromise, Holding, Product } from '../shared/work.ts';
import {
  overlayCase,
  overlayCustomer,
  overlayInteraction,
  overlayPromise,
  type Pending,
  type PendingRows,
} from '../sync/outbox-reads.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { EXCERPT_OF_DATA } from './excerpt.ts';
import type { Guest } from './guests.ts';
import { type OrderRows, READ_ORDERS, readOrders } from './order-rows.ts';
import { readServiceLevel, startedHere } from './service-level.ts';

type Marked<T> = T & { mark: Mark };

/** A customer as this desk knows them: confirmed rows with what is pending laid over. Not masked: see customer-360.ts. */
export interface CustomerRows extends OrderRows {
  customer: Customer;
  version: number | null;
  mark: Mark;
  contactPoints: ContactPoint[];
  consents: Consent[];
  cases: Marked<Case>[];
  promises: Marked<CustomerPromise>[];
  holdings: (Holding & { product: Product | null })[];
  timeline: { interaction: Interaction; notes: Marked<Note>[]; mark: Mark }[];
  looseNotes: Marked<Note>[];
  interactionCount: number;
  /** Those of customers, cases and products. */
  customFields: CustomField[];
  /** Only the centre knows them: nothing but name, numbers and what was written here is known. */
  partial?: true;
}

/** Every statement of the 360 read, by name: the bench runs the same ones raw, a test asserts their plans. */
export const READ_360 = {
  customer: 'SELECT version, data FROM customer WHERE id = ?',
  contactPoints: 'SELECT data FROM contact_point WHERE customer_id = ?',
  consents: 'SELECT data FROM consent WHERE customer_id = ?',
  cases: `SELECT data FROM "case" WHERE customer_id = ? AND status IN ('open', 'waiting')`,
  promises: `SELECT data FROM promise WHERE customer_id = ? AND status = 'open' ORDER BY due_at`,
  holdings: `SELECT holding.data AS data, product.data AS product FROM holding
             LEFT JOIN product ON product.id = json_extract(holding.data, '$.productId') WHERE customer_id = ?`,
  ...READ_ORDERS,
  interactions: `SELECT ${EXCERPT_OF_DATA} AS data FROM interaction WHERE customer_id = ? ORDER BY started_at DESC LIMIT 20`,
  interactionCount: 'SELECT count(*) AS n FROM interaction WHERE customer_id = ?',
  notes: 'SELECT data FROM note WHERE customer_id = ? ORDER BY at DESC LIMIT 100',
  interactionNotes: `SELECT note.data AS data FROM json_each(?) AS wanted CROSS JOIN note
                     WHERE note.interaction_id = wanted.value AND note.customer_id IS NOT ?`,
  ownCalls: `SELECT wanted.value AS id FROM json_each(?) AS wanted CROSS JOIN interaction
             WHERE interaction.id = wanted.value AND interaction.customer_id = ?`,
} as const;
const CUSTOM_FIELDS = 'SELECT data FROM custom_field';
const ONE_INTERACTION = `SELECT ${EXCERPT_OF_DATA} AS data FROM interaction WHERE id = ?`;
export const TIMELINE_LENGTH = 20;

interface DataRow {
  data: string;
}

/** Rows in cache.db were checked against their schema when they were applied: a read does not check them again. */
function rows<T>(db: ReadableDb, sql: string, ...params: unknown[]): T[] {
  const found = db.prepare(sql).all(...params) as DataRow[];
  return found.map((row) => JSON.parse(row.data) as T);
}

/**
 * Reads a customer from cache.db. `pending` is what the outbox said before: that order, or a note could blink out between.
 * null: neither knows them, and the centre has not named them (`guest`). `now`: epoch ms, where what they bought is asked for.
 */
export function readCustomerRows(
  cache: ReadableDb,
  customerId: string,
  pending: PendingRows,
  { guest = null, now }: { guest?: Guest | null; now?: number | undefined } = {},
): CustomerRows | null {
  const confirmed = cache.prepare(READ_360.customer).get(customerId) as (DataRow & { version: number }) | undefined;
  const created = pending.customers.find((one) => one.row.id === customerId);
  const base = confirmed ? (JSON.parse(confirmed.data) as Customer) : (created?.row ?? guest?.customer);
  if (!base) return null;
  const partial = !confirmed && !created;
  const points = rows<ContactPoint>(cache, READ_360.contactPoints, customerId);
  const edits = pending.customerEdits;
  const customer = edits.length === 0 ? base : overlayCustomer(base, edits);
  const own = pending.contactPoints.filter((one) => one.row.customerId === customerId);
  return {
    customer,
    version: confirmed?.version ?? null,
    mark: edits.at(-1)?.mark ?? (confirmed || !created ? 'centre' : created.mark),
    contactPoints: merged(partial ? (guest?.contactPoints ?? points) : points, own),
    consents: newestOfEach(cache, customerId, pending),
    cases: openCases(cache, customerId, pending),
    promises: openPromises(cache, customerId, pending),
    holdings: readHoldings(cache, customerId),
    ...readOrders(cache, customerId, now ?? null),
    ...readTimeline(cache, customerId, pending),
    customFields: readCustomFields(cache),
    ...(partial ? { partial } : {}),
  };
}

/** The fields that the business added, whatever they are of, in its order. */
export function readCustomFields(cache: ReadableDb): CustomField[] {
  return rows<CustomField>(cache, CUSTOM_FIELDS).sort((a, b) => a.order - b.order);
}

/** The order of instants, which are texts of one form. localeCompare would cost more than the read itself. */
function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Confirmed rows first; a pending row whose id is confirmed is that row. */
function merged<T extends { id: string }>(confirmed: T[], pending: readonly Pending<T>[]): T[] {
  if (pending.length === 0) return confirmed;
  const ids = new Set(confirmed.map((row) => row.id));
  return [...confirmed, ...pending.filter((one) => !ids.has(one.row.id)).map((one) => one.row)];
}

/** `confirmed` are fresh from the cache and nobody else's: marking them in place saves a copy of each. */
function markedRows<T extends { id: string }>(confirmed: readonly T[], pending: readonly Pending<T>[]): Marked<T>[] {
  const all: Marked<T>[] = confirmed.map((row) => Object.assign(row, { mark: 'centre' as const }));
  const ids = new Set(confirmed.map((row) => row.id));
  for (const { row, mark } of pending) if (!ids.has(row.id)) all.push({ ...row, mark });
  return all;
}

/** Open cases and those settled here a moment ago, which the centre does not know yet: they are settled. */
function openCases(cache: ReadableDb, customerId: string, pending: PendingRows): Marked<Case>[] {
  const confirmed = rows<Case>(cache, READ_360.cases, customerId);
  if (pending.caseEdits.length === 0 && pending.cases.length === 0) return markedRows(confirmed, []);
  const level = readServiceLevel(cache);
  const here = pending.cases.map((one) => ({ ...one, row: startedHere(one.row, level) }));
  return markedRows(confirmed, here)
    .filter((one) => one.customerId === customerId)
    .map((one) => ({ ...overlayCase(one, pending.caseEdits, level), mark: editMark(one, pending.caseEdits) }))
    .filter(({ status }) => status !== 'closed');
}

function openPromises(cache: ReadableDb, customerId: string, pending: PendingRows): Marked<CustomerPromise>[] {
  const all = markedRows(rows<CustomerPromise>(cache, READ_360.promises, customerId), pending.promises);
  const edits = pending.promiseEdits;
  const shown =
    edits.length === 0 ? all : all.map((one) => ({ ...overlayPromise(one, edits), mark: editMark(one, edits) }));
  return shown
    .filter((promise) => promise.customerId === customerId && promise.status === 'open')
    .sort((a, b) => byText(a.dueAt, b.dueAt));
}

/** The mark of a row by what was said about it last. */
function editMark(row: { id: string; mark: Mark }, edits: readonly { id: string; mark: Mark }[]): Mark {
  return edits.findLast((edit) => edit.id === row.id)?.mark ?? row.mark;
}

/** A consent of the same channel and purpose replaces the earlier one; a pending one is the latest word. */
function newestOfEach(cache: ReadableDb, customerId: string, pending: PendingRows): Consent[] {
  const confirmed = rows<Consent>(cache, READ_360.consents, customerId).sort((a, b) => byText(a.at, b.at));
  const own = pending.consents.filter((one) => one.row.customerId === customerId).map((one) => one.row);
  const byKind = new Map<string, Consent>();
  for (const consent of [...confirmed, ...own]) byKind.set(`${consent.channel}/${consent.purpose}`, consent);
  return [...byKind.values()];
}

function readHoldings(cache: ReadableDb, customerId: string): CustomerRows['holdings'] {
  const found = cache.prepare(READ_360.holdings).all(customerId) as (DataRow & { product: string | null })[];
  return found.map((row) => ({
    ...(JSON.parse(row.data) as Holding),
    product: row.product === null ? null : (JSON.parse(row.product) as Product),
  }));
}

function readTimeline(
  cache: ReadableDb,
  customerId: string,
  pending: PendingRows,
): Pick<CustomerRows, 'timeline' | 'looseNotes' | 'interactionCount'> {
  const confirmed = rows<Interaction>(cache, READ_360.interactions, customerId);
  const counted = (cache.prepare(READ_360.interactionCount).get(customerId) as { n: number }).n;
  const known = new Map<string, { interaction: Interaction; mark: Mark }>();
  for (const interaction of confirmed) known.set(interaction.id, { interaction, mark: 'centre' });
  let extra = 0;
  for (const edit of pending.interactions) {
    const before = known.get(edit.interactionId)?.interaction ?? null;
    const base = before ?? rows<Interaction>(cache, ONE_INTERACTION, edit.interactionId)[0] ?? null;
    const interaction = overlayInteraction(base, edit);
    const here = interaction?.customerId === customerId;
    const wasCounted = base?.customerId === customerId;
    if (interaction && here) known.set(interaction.id, { interaction, mark: edit.mark });
    else known.delete(edit.interactionId);
    extra += (here ? 1 : 0) - (wasCounted ? 1 : 0);
  }
  const shown = [...known.values()]
    .sort((a, b) => byText(b.interaction.startedAt, a.interaction.startedAt))
    .slice(0, TIMELINE_LENGTH);
  const { byInteraction, loose } = sortNotes(cache, customerId, new Set(known.keys()), pending);
  return {
    timeline: shown.map((entry) => ({ ...entry, notes: byInteraction.get(entry.interaction.id) ?? [] })),
    looseNotes: loose.slice(0, TIMELINE_LENGTH),
    interactionCount: counted + extra,
  };
}

/** The customer's notes by the calls that are shown, and those that stand beside the calls. */
function sortNotes(
  cache: ReadableDb,
  customerId: string,
  shownCalls: ReadonlySet<string>,
  pending: PendingRows,
): { byInteraction: Map<string, Marked<Note>[]>; loose: Marked<Note>[] } {
  const notes = readNotes(cache, customerId, shownCalls, pending);
  const away = notes.flatMap(({ interactionId: id }) => (id !== null && !shownCalls.has(id) ? [id] : []));
  const longAgo = ownCalls(cache, customerId, away);
  const byInteraction = new Map<string, Marked<Note>[]>();
  const loose: Marked<Note>[] = [];
  for (const note of notes) {
    const { interactionId } = note;
    // A call of theirs that is too long ago for this screen has its notes with it. Any other is shown: nothing saved is hidden.
    if (interactionId === null || !shownCalls.has(interactionId)) {
      if (interactionId === null || !longAgo.has(interactionId)) loose.unshift(note);
      continue;
    }
    const list = byInteraction.get(interactionId);
    if (list) list.push(note);
    else byInteraction.set(interactionId, [note]);
  }
  return { byInteraction, loose };
}

/** Oldest first. A note goes where its call goes: also where that was corrected here and the centre does not know it yet. */
function readNotes(
  cache: ReadableDb,
  customerId: string,
  shownCalls: ReadonlySet<string>,
  pending: PendingRows,
): Marked<Note>[] {
  const confirmed = [
    ...rows<Note>(cache, READ_360.notes, customerId),
    ...rows<Note>(cache, READ_360.interactionNotes, JSON.stringify([...shownCalls]), customerId),
  ];
  const corrected = new Map(
    pending.interactions.map((edit) => [
      edit.interactionId,
      edit.wrapUp?.customerId ?? edit.record?.customerId ?? null,
    ]),
  );
  return markedRows(confirmed, pending.notes)
    .filter((note) => {
      const called = note.interactionId === null ? null : (corrected.get(note.interactionId) ?? null);
      const owner = called ?? note.customerId;
      return (
        owner === customerId || (owner === null && note.interactionId !== null && shownCalls.has(note.interactionId))
      );
    })
    .sort((a, b) => byText(a.at, b.at));
}

function ownCalls(cache: ReadableDb, customerId: string, ids: readonly string[]): ReadonlySet<string> {
  if (ids.length === 0) return new Set();
  const found = cache.prepare(READ_360.ownCalls).all(JSON.stringify(ids), customerId) as { id: string }[];
  return new Set(found.map((row) => row.id));
}

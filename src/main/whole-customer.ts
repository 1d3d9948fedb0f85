import type { Consent } from '../shared/consent.ts';
import type { ContactPoint } from '../shared/contact-point.ts';
import type { Customer } from '../shared/customer.ts';
import { withField } from '../shared/customer-edit.ts';
import { isSamePoint, type MergeField, stricterIsGone } from '../shared/customer-merge.ts';
import { NOTHING_PENDING, type PendingRows, readPendingOf } from '../sync/outbox-reads.ts';
import { ofCustomer, type PendingSplit, readPendingSplits } from '../sync/pending-merges.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { type CustomerRows, readCustomerRows, TIMELINE_LENGTH } from './customer-rows.ts';
import type { HostDb } from './db/connection.ts';
import type { Guest } from './guests.ts';
import { joinOrders } from './order-rows.ts';
import { readSameBook, type SameBook } from './same-customer.ts';

interface WholeOptions {
  country?: string;
  guest?: Guest | null;
  /** Epoch ms: what was bought in the year before is summed. */
  now?: number;
  /** False where the reader knows that the outbox has nothing to add. */
  isPending?: boolean;
  /** Who is whom, where the act has read it already. */
  book?: SameBook | undefined;
}

/** The ids under which this desk has a person's rows. */
export function idsOf(book: SameBook, customerId: string): string[] {
  return book.allOf(customerId).map(({ id }) => id);
}

/**
 * A customer as this desk knows them, with everybody who was merged into them and without whoever was parted from them: also where
 * only this desk knows of it, and by whichever id they are asked for. Outbox first, then one read transaction on the cache. null: nobody of that id is known here.
 */
export function readWhole(
  outbox: ReadableDb,
  cache: HostDb,
  customerId: string,
  options: WholeOptions = {},
): CustomerRows | null {
  const { isPending = true } = options;
  const splits = isPending ? readPendingSplits(outbox) : [];
  const book = options.book ?? readSameBook(outbox, cache, isPending ? undefined : []);
  const whole = readUnsplit(outbox, cache, customerId, { ...options, book });
  if (!whole || splits.length === 0) return whole;
  return splits.reduce((rows, split) => {
    if (split.customerId === rows.customer.id) {
      const from = readUnsplit(outbox, cache, split.fromId, { ...options, book });
      return from ? withSplit(rows, from, split) : rows;
    }
    return split.fromId === rows.customer.id ? withoutSplit(rows, split) : rows;
  }, whole);
}

/** What was chosen of the one customer, with the other, as the centre will have it. */
function withSplit(rows: CustomerRows, from: CustomerRows, split: PendingSplit): CustomerRows {
  const { id: customerId } = rows.customer;
  const timeline = from.timeline
    .filter(({ interaction }) => split.interactionIds.includes(interaction.id))
    .map((entry) => ({ ...entry, interaction: { ...entry.interaction, customerId } }));
  const points = from.contactPoints.filter(({ id }) => split.contactPointIds.includes(id));
  return {
    ...rows,
    customer: { ...rows.customer, language: from.customer.language },
    contactPoints: [...points.map((point) => ({ ...point, customerId })), ...rows.contactPoints],
    consents: stricter(
      rows.consents,
      from.consents.filter(({ status }) => status === 'refused'),
    ),
    timeline: [...rows.timeline, ...timeline]
      .sort((a, b) => (a.interaction.startedAt < b.interaction.startedAt ? 1 : -1))
      .slice(0, TIMELINE_LENGTH),
    interactionCount: rows.interactionCount + timeline.length,
  };
}

function withoutSplit(rows: CustomerRows, { contactPointIds, interactionIds }: PendingSplit): CustomerRows {
  const timeline = rows.timeline.filter(({ interaction }) => !interactionIds.includes(interaction.id));
  return {
    ...rows,
    mark: 'here',
    contactPoints: rows.contactPoints.filter(({ id }) => !contactPointIds.includes(id)),
    promises: rows.promises.filter(
      ({ interactionId }) => interactionId === null || !interactionIds.includes(interactionId),
    ),
    timeline,
    interactionCount: rows.interactionCount - (rows.timeline.length - timeline.length),
  };
}

/** As `readWhole`, but for what was parted here a moment ago. */
function readUnsplit(
  outbox: ReadableDb,
  cache: HostDb,
  customerId: string,
  { country, guest = null, isPending = true, book, now }: WholeOptions & { book: SameBook },
): CustomerRows | null {
  const live = book.liveId(customerId);
  const all = book.allOf(live);
  const ids = all.map(({ id }) => id);
  const read = isPending ? readPendingOf(outbox, ids, [], country) : NOTHING_PENDING;
  // What was written of those whose rows are the customer's already is the customer's.
  const theirs = new Set(all.filter(({ id, mark }) => mark === 'centre' && id !== live).map(({ id }) => id));
  const pending = theirs.size === 0 ? read : ofCustomer(read, theirs, live);
  const rows = () => {
    const whole = readCustomerRows(cache, live, pending, { guest, now });
    return whole && absorbAll(cache, whole, book, { pending, now });
  };
  return cache.transaction(rows).deferred();
}

/** With those whom only this desk has merged into them, and whose rows are under their own ids yet. */
function absorbAll(
  cache: ReadableDb,
  kept: CustomerRows,
  book: SameBook,
  { pending, now }: { pending: PendingRows; now: number | undefined },
): CustomerRows {
  if (!book.isPending) return kept;
  const seen = new Set([kept.customer.id]);
  const absorb = (rows: CustomerRows): CustomerRows =>
    book.goneOf(rows.customer.id).reduce((whole, { goneId, mark, fields }) => {
      if (seen.has(goneId) || mark === 'centre') return whole;
      seen.add(goneId);
      const gone = readCustomerRows(cache, goneId, pending, { now });
      return gone ? together(whole, absorb(gone), fields) : whole;
    }, rows);
  return absorb(kept);
}

/** Two customers as the centre will show them once it knows that they are one. */
export function together(kept: CustomerRows, gone: CustomerRows, fields: readonly MergeField[]): CustomerRows {
  const customerId = kept.customer.id;
  const owned = <T extends { customerId: string | null }>(rows: readonly T[]): T[] =>
    rows.map((row) => ({ ...row, customerId }));
  const timeline = [
    ...kept.timeline,
    ...gone.timeline.map((entry) => ({
      ...entry,
      interaction: { ...entry.interaction, customerId },
      notes: owned(entry.notes),
    })),
  ];
  return {
    ...kept,
    customer: withFields(kept.customer, gone.customer, fields),
    mark: 'here',
    contactPoints: points(kept.contactPoints, owned(gone.contactPoints)),
    consents: stricter(kept.consents, owned(gone.consents)),
    cases: [...kept.cases, ...owned(gone.cases)],
    promises: [...kept.promises, ...owned(gone.promises)].sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1)),
    holdings: [...kept.holdings, ...owned(gone.holdings)],
    ...joinOrders(kept, gone, customerId),
    timeline: timeline
      .sort((a, b) => (a.interaction.startedAt < b.interaction.startedAt ? 1 : -1))
      .slice(0, TIMELINE_LENGTH),
    looseNotes: [...kept.looseNotes, ...owned(gone.looseNotes)]
      .sort((a, b) => (a.at < b.at ? 1 : -1))
      .slice(0, TIMELINE_LENGTH),
    interactionCount: kept.interactionCount + gone.interactionCount,
  };
}

function withFields(kept: Customer, gone: Customer, fields: readonly MergeField[]): Customer {
  const since = [kept.customerSince, gone.customerSince].filter((day) => day !== null).sort()[0] ?? null;
  return fields
    .filter(({ take }) => take === 'gone')
    .reduce((customer, { field, gone: value }) => withField(customer, field, value), { ...kept, customerSince: since });
}

function points(kept: readonly ContactPoint[], gone: readonly ContactPoint[]): ContactPoint[] {
  const added = gone.filter((point) => !kept.some((one) => isSamePoint(one, point)));
  const isFirst = (point: ContactPoint) => !kept.some((one) => one.kind === point.kind && one.primary);
  return [...kept, ...added.map((point) => ({ ...point, primary: point.primary && isFirst(point) }))];
}

function stricter(kept: readonly Consent[], gone: readonly Consent[]): Consent[] {
  const same = (a: Consent, b: Consent) => a.channel === b.channel && a.purpose === b.purpose;
  const won = gone.filter((one) =>
    stricterIsGone(
      kept.find((other) => same(one, other)),
      one,
    ),
  );
  return [...kept.filter((one) => !won.some((other) => same(one, other))), ...won];
}

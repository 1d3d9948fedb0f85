import { type CurrentRule, currentCustomer } from '../shared/current-customer.ts';
import type { Customer360, CustomerOpenResult } from '../shared/customer-360.ts';
import { DangolError } from '../shared/errors.ts';
import type { HistoryPage, HistoryRequest } from '../shared/history.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { readLastContact } from '../sync/outbox.ts';
import { type PendingRows, readPendingOf } from '../sync/outbox-reads.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { type AccessAct, recordAccess } from './access-log.ts';
import { createCalendar } from './calendar.ts';
import { callReasons } from './call-reasons.ts';
import { findByPhone, findByReference, readCandidate, readNamed, rememberedPick } from './customer-match.ts';
import type { CustomerRows } from './customer-rows.ts';
import { excerptOf } from './excerpt.ts';
import { createGuests, type Guest, type GuestBook } from './guests.ts';
import { readHistoryRows } from './history.ts';
import type { HostContext } from './host-context.ts';
import { historyMask, maskReasons, maskRows } from './mask-view.ts';
import { readSameBook, type SameBook } from './same-customer.ts';
import { assertNotShared } from './screen-share.ts';
import { idsOf, readWhole } from './whole-customer.ts';

export interface CustomerRequest {
  customerId: string;
  /** The call that is going on: it is no reason for itself. */
  callId: string | null;
  unmasked: boolean;
}

/** What a read needs to know beside the two databases. */
export interface ReadOptions {
  country: string;
  /** Epoch ms. */
  now: number;
  /** Somebody whom the centre told us about and who is not on this desk. */
  guest?: Guest | null;
  /** The day where the business is, YYYY-MM-DD. */
  today?: string;
  /** The day of an instant where the business is. */
  dayOf?: (at: number) => string;
  /** Who is whom, where the act has read it already. */
  book?: SameBook | undefined;
  /** Who is a customer now, as the business means it. */
  currentRule?: CurrentRule | null;
}

/**
 * The 360 read itself, without its access entry: outbox first, then one read transaction on cache.db.
 * null: nobody of that id is known here.
 */
export function read360(
  outbox: ReadableDb,
  cache: HostContext['cache'],
  request: CustomerRequest,
  options: ReadOptions,
): Customer360 | null {
  const { isPending, asOf } = readOutbox(outbox);
  const rows = readWhole(outbox, cache, request.customerId, { ...options, isPending });
  if (!rows) return null;
  const past = rows.timeline.map((entry) => entry.interaction).filter((one) => one.id !== request.callId);
  const reasons = callReasons({ ...rows, interactions: past, now: options.now, today: options.today });
  const { unmasked } = request;
  const current = currentOf(rows, options);
  if (unmasked) {
    const timeline = rows.timeline.map((entry) => ({ ...entry, interaction: excerptOf(entry.interaction) }));
    return { ...rows, ...current, timeline, unmasked, reasons, asOf };
  }
  const masked = maskRows(rows, options.country);
  return { ...masked, ...current, unmasked, reasons: maskReasons(reasons, options.country), asOf };
}

/** Of somebody whom only the centre knows it cannot be said: what they own is not here. */
function currentOf(rows: CustomerRows, { currentRule, today, now, dayOf }: ReadOptions): Pick<Customer360, 'current'> {
  if (!currentRule || rows.partial) return {};
  const day = dayOf ?? ((at: number) => new Date(at).toISOString().slice(0, 10));
  const { lastAt } = rows.purchases;
  const orderedOn = lastAt === null ? null : day(Date.parse(lastAt));
  return { current: currentCustomer(currentRule, { ...rows, orderedOn, today: today ?? day(now) }) };
}

/** Mostly nothing is pending: to know that costs a tenth of looking for it. */
const ANY_PENDING = `SELECT EXISTS (SELECT 1 FROM operation WHERE status IN ('pending', 'rejected', 'quarantined')) AS pending,
  (SELECT value FROM keep WHERE name = 'sync.last_contact') AS asOf`;

function readOutbox(outbox: ReadableDb): { isPending: boolean; asOf: string | null } {
  const row = outbox.prepare(ANY_PENDING).get() as { pending: 0 | 1; asOf: string | null };
  return { isPending: row.pending === 1, asOf: row.asOf };
}

/** The only door to personal data: what leaves it was logged first, and is masked unless a reason was given. */
export interface CustomerDoor {
  /**
   * @param log null: the same view read again. That writes an entry only where this agent has not opened this customer since
   * the host began. @throws NOT_FOUND, SIGNED_OUT, LOCKED.
   */
  readCustomer: (request: CustomerRequest, log: Omit<AccessAct, 'customerId'> | null) => Customer360;
  /** What is older than the view shows: a part of it, and logged as one look with it. @throws NOT_FOUND, SIGNED_OUT, LOCKED. */
  readHistory: (request: HistoryRequest) => HistoryPage;
  /** Whom this agent was shown by an act that wrote its own entry. */
  opened: (customerIds: readonly string[]) => void;
  /** The pop. `phone` null: withheld. */
  openByPhone: (call: OpenCall) => CustomerOpenResult;
  /** Keeps somebody from the centre in memory, so that this desk can show them without storing a row. */
  welcome: (guest: Guest) => void;
  guests: GuestBook;
  /** Whoever was erased must also leave memory. */
  forget: (customerIds: readonly string[]) => void;
}

interface OpenCall {
  phone: string | null;
  customerRef: string | null;
  callId: string;
  direction: 'in' | 'out';
}

/** The oldest leave; whoever is read again after that is logged again. */
const OPENED_KEPT = 1000;

/** Whom the agent who sits here has opened; another agent begins with nobody. */
function rememberOpened() {
  let agentId = '';
  let opened = new Set<string>();
  const of = (reader: string): Set<string> => {
    if (reader !== agentId || opened.size > OPENED_KEPT) opened = new Set();
    agentId = reader;
    return opened;
  };
  return {
    has: (reader: string, customerId: string) => of(reader).has(customerId),
    add: (reader: string, customerId: string) => of(reader).add(customerId),
  };
}

export function createCustomerDoor(context: HostContext): CustomerDoor {
  const guests = createGuests();
  const opened = rememberOpened();
  const dayOf = createCalendar();

  function readCustomer(
    request: CustomerRequest,
    log: Omit<AccessAct, 'customerId'> | null,
    book?: SameBook,
  ): Customer360 {
    const reader = context.seat.reader();
    if (request.unmasked) assertNotShared(context);
    const now = context.clock.now();
    const zone = context.seat.policy()?.timeZone ?? 'Asia/Seoul';
    const options = {
      country: context.seat.country(),
      now,
      guest: guests.of(request.customerId),
      today: dayOf(now, zone),
      dayOf: (at: number) => dayOf(at, zone),
      book,
      currentRule: context.seat.currentRule?.() ?? null,
    };
    const view = read360(context.outbox, context.cache, request, options);
    if (!view) throw new DangolError('NOT_FOUND', 'none', { detail: 'no such customer on this desk' });
    // Who was merged is shown as the one who has all that was theirs.
    const { id: customerId } = view.customer;
    const entry = log ?? (opened.has(reader.id, customerId) ? null : ({ action: 'view', context: 'reread' } as const));
    if (entry) recordAccess(context, reader.id, [{ ...entry, customerId }]);
    opened.add(reader.id, customerId);
    return view;
  }

  function openOne(customerId: string, call: OpenCall, book: SameBook): Customer360 {
    const log = {
      action: 'view',
      context: `${call.direction === 'in' ? 'call in' : 'call out'} ${call.callId}`,
    } as const;
    return readCustomer({ customerId, callId: call.callId, unmasked: false }, log, book);
  }

  function readHistory(request: HistoryRequest): HistoryPage {
    const reader = context.seat.reader();
    const { outbox, cache } = context;
    const book = readSameBook(outbox, cache);
    const customerId = book.liveId(request.customerId);
    const customer = readNamed(cache, customerId);
    const show = historyMask(customer, context.seat.country());
    const read = () => readHistoryRows(outbox, cache, { ...request, customerIds: idsOf(book, customerId) }, show);
    const page = cache.transaction(read).deferred();
    if (!opened.has(reader.id, customerId)) {
      if (!customer) throw new DangolError('NOT_FOUND', 'none', { detail: 'no such customer on this desk' });
      recordAccess(context, reader.id, [{ action: 'view', customerId, context: 'history' }]);
    }
    opened.add(reader.id, customerId);
    return page;
  }

  return {
    readCustomer: (request, log) => readCustomer(request, log),
    readHistory,
    opened: (customerIds) => {
      const reader = context.seat.reader();
      for (const id of customerIds) opened.add(reader.id, id);
    },
    openByPhone: (call) => openByPhone(context, call, openOne),
    welcome: guests.welcome,
    guests,
    forget: guests.forget,
  };
}

function openByPhone(
  context: HostContext,
  call: OpenCall,
  openOne: (customerId: string, call: OpenCall, book: SameBook) => Customer360,
): CustomerOpenResult {
  const reader = context.seat.reader();
  const { outbox, cache } = context;
  const country = context.seat.country();
  const book = readSameBook(outbox, cache);
  const named = call.customerRef === null ? null : findByReference(outbox, cache, call.customerRef, book);
  if (named !== null) return { match: 'one', view: openOne(named, call, book), remembered: false, others: [] };
  if (call.phone === null) return { match: 'withheld' };
  const phone = readPhoneNumber(call.phone, country);
  const ids = findByPhone(outbox, cache, phone, book);
  const [only] = ids;
  if (only === undefined) return { match: 'none', asOf: readLastContact(outbox) };
  if (ids.length === 1) return { match: 'one', view: openOne(only, call, book), remembered: false, others: [] };
  const candidates = readCandidates(context, ids);
  const picked = rememberedPick(outbox, cache, phone, ids, book);
  if (picked !== null) {
    const others = candidates.filter((candidate) => candidate.id !== picked);
    const view = openOne(picked, call, book);
    recordAccess(context, reader.id, others.map(chosenFrom(call)));
    return { match: 'one', view, remembered: true, others };
  }
  recordAccess(context, reader.id, candidates.map(chosenFrom(call)));
  return { match: 'several', candidates, asOf: readLastContact(outbox) };
}

/** Whoever is offered is seen: name and number, masked. */
function chosenFrom(call: OpenCall) {
  return ({ id }: { id: string }) => ({ action: 'view', customerId: id, context: `choice ${call.callId}` }) as const;
}

/** Candidates in the order given; whoever is not known any more is left out. */
export function readCandidates(
  context: HostContext,
  ids: readonly string[],
): NonNullable<ReturnType<typeof readCandidate>>[] {
  const country = context.seat.country();
  const pending: PendingRows = readPendingOf(context.outbox, ids, [], country);
  return ids.map((id) => readCandidate(context.cache, id, pending, country)).filter((candidate) => candidate !== null);
}

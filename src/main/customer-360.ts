import type { Customer360, CustomerOpenResult } from '../shared/customer-360.ts';
import { DangolError } from '../shared/errors.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { readLastContact } from '../sync/outbox.ts';
import { type PendingRows, readPendingOf } from '../sync/outbox-reads.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { type AccessAct, recordAccess } from './access-log.ts';
import { callReasons } from './call-reasons.ts';
import { findByPhone, findByReference, readCandidate, rememberedPick } from './customer-match.ts';
import { type CustomerRows, readCustomerRows } from './customer-rows.ts';
import type { HostContext } from './host-context.ts';
import { maskReasons, maskRows } from './mask-view.ts';

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
  guest?: CustomerRows | null;
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
  const { pending, asOf } = readOutbox(outbox, request.customerId, options.country);
  const found = cache.transaction(() => readCustomerRows(cache, request.customerId, pending)).deferred();
  const rows = found ?? options.guest ?? null;
  if (!rows) return null;
  const past = rows.timeline.map((entry) => entry.interaction).filter((one) => one.id !== request.callId);
  const reasons = callReasons({ ...rows, interactions: past, now: options.now });
  const { unmasked } = request;
  if (unmasked) return { ...rows, unmasked, reasons, asOf };
  return { ...maskRows(rows, options.country), unmasked, reasons: maskReasons(reasons, options.country), asOf };
}

const NOTHING_PENDING: PendingRows = {
  customers: [],
  customerEdits: [],
  contactPoints: [],
  interactions: [],
  notes: [],
  consents: [],
  promises: [],
  picks: [],
};

/** Mostly nothing is pending: to know that costs a tenth of looking for it. */
const ANY_PENDING = `SELECT EXISTS (SELECT 1 FROM operation WHERE status IN ('pending', 'rejected', 'quarantined')) AS pending,
  (SELECT value FROM keep WHERE name = 'sync.last_contact') AS asOf`;

function readOutbox(
  outbox: ReadableDb,
  customerId: string,
  country: string,
): { pending: PendingRows; asOf: string | null } {
  const row = outbox.prepare(ANY_PENDING).get() as { pending: 0 | 1; asOf: string | null };
  const pending = row.pending === 1 ? readPendingOf(outbox, [customerId], [], country) : NOTHING_PENDING;
  return { pending, asOf: row.asOf };
}

/** The only door to personal data: what leaves it was logged first, and is masked unless a reason was given. */
export interface CustomerDoor {
  /**
   * @param log null: the same view read again. That writes an entry only where this agent has not opened this customer since
   * the host began. @throws NOT_FOUND, SIGNED_OUT, LOCKED.
   */
  readCustomer: (request: CustomerRequest, log: Omit<AccessAct, 'customerId'> | null) => Customer360;
  /** Whom this agent was shown by an act that wrote its own entry. */
  opened: (customerIds: readonly string[]) => void;
  /** The pop. `phone` null: withheld. */
  openByPhone: (call: OpenCall) => CustomerOpenResult;
  /** Keeps somebody from the centre in memory, so that this desk can show them without storing a row. */
  welcome: (guest: CustomerRows) => void;
  /** Whoever was erased must also leave memory. */
  forget: (customerIds: readonly string[]) => void;
}

interface OpenCall {
  phone: string | null;
  customerRef: string | null;
  callId: string;
  direction: 'in' | 'out';
}

/** As many guests as one agent meets in a shift; the oldest leaves. */
const GUESTS_KEPT = 200;

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
  const guests = new Map<string, CustomerRows>();
  const opened = rememberOpened();

  function readCustomer(request: CustomerRequest, log: Omit<AccessAct, 'customerId'> | null): Customer360 {
    const reader = context.seat.reader();
    const options = {
      country: context.seat.country(),
      now: context.clock.now(),
      guest: guests.get(request.customerId) ?? null,
    };
    const view = read360(context.outbox, context.cache, request, options);
    if (!view) throw new DangolError('NOT_FOUND', 'none', { detail: 'no such customer on this desk' });
    const { customerId } = request;
    const entry = log ?? (opened.has(reader.id, customerId) ? null : ({ action: 'view', context: 'reread' } as const));
    if (entry) recordAccess(context, reader.id, [{ ...entry, customerId }]);
    opened.add(reader.id, customerId);
    return view;
  }

  function openOne(customerId: string, call: OpenCall): Customer360 {
    const log = {
      action: 'view',
      context: `${call.direction === 'in' ? 'call in' : 'call out'} ${call.callId}`,
    } as const;
    return readCustomer({ customerId, callId: call.callId, unmasked: false }, log);
  }

  return {
    readCustomer,
    opened: (customerIds) => {
      const reader = context.seat.reader();
      for (const id of customerIds) opened.add(reader.id, id);
    },
    openByPhone: (call) => openByPhone(context, call, openOne),
    welcome: (guest) => {
      if (guests.size >= GUESTS_KEPT) guests.delete(guests.keys().next().value ?? '');
      guests.set(guest.customer.id, guest);
    },
    forget: (customerIds) => {
      for (const id of customerIds) guests.delete(id);
    },
  };
}

function openByPhone(
  context: HostContext,
  call: OpenCall,
  openOne: (customerId: string, call: OpenCall) => Customer360,
): CustomerOpenResult {
  const reader = context.seat.reader();
  const { outbox, cache } = context;
  const country = context.seat.country();
  const named = call.customerRef === null ? null : findByReference(cache, call.customerRef);
  if (named !== null) return { match: 'one', view: openOne(named, call), remembered: false, others: [] };
  if (call.phone === null) return { match: 'withheld' };
  const phone = readPhoneNumber(call.phone, country);
  const ids = findByPhone(outbox, cache, phone);
  const [only] = ids;
  if (only === undefined) return { match: 'none', asOf: readLastContact(outbox) };
  if (ids.length === 1) return { match: 'one', view: openOne(only, call), remembered: false, others: [] };
  const candidates = readCandidates(context, ids);
  const picked = rememberedPick(outbox, cache, phone, ids);
  if (picked !== null) {
    const others = candidates.filter((candidate) => candidate.id !== picked);
    const view = openOne(picked, call);
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

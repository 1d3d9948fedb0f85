import type { CallingPolicy } from '../shared/central-api.ts';
import type { Consent } from '../shared/consent.ts';
import type { ContactPoint } from '../shared/contact-point.ts';
import { DangolError } from '../shared/errors.ts';
import type { DialVerdict, GateRefusal } from '../shared/host-types.ts';
import { isEmergencyNumber, type PhoneNumber, readPhoneNumber } from '../shared/phone-number.ts';
import { readKept } from '../sync/outbox.ts';
import { readPendingCustomers } from '../sync/outbox-reads.ts';
import { CAUGHT_UP } from '../sync/status.ts';
import { readSyncState, TABLE_ORDER } from '../sync/sync-state.ts';
import { recordAccess } from './access-log.ts';
import { numberOfCall } from './call-history.ts';
import { hoursRefusal } from './calling-hours.ts';
import { costRefusals } from './costly-numbers.ts';
import { findByPhone } from './customer-match.ts';
import { type GuestBook, NO_GUESTS } from './guests.ts';
import type { HostContext } from './host-context.ts';
import { readSameBook } from './same-customer.ts';
import { readWhole } from './whole-customer.ts';

export interface DialRequest {
  /** As typed; not looked at when a contact point is named. */
  number: string;
  /** Dials a number that is masked on screen without showing it. */
  contactPointId?: string | null | undefined;
  /** Dials the number of an earlier call of this agent. */
  callId?: string | null | undefined;
  customerId: string | null;
  purpose: 'service' | 'marketing';
  overrideReason: string | null;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Extensions and feature codes of the PBX: calls inside the house. */
const INSIDE = /^[*#]?[0-9*#]{2,6}$/;

export const GATE = {
  doNotCall: 'SELECT 1 AS one FROM do_not_call WHERE e164 = ?',
  contactPoint: 'SELECT data FROM contact_point WHERE id = ?',
} as const;

/**
 * The one gate before any outgoing call. Emergency numbers always pass; numbers that the business does not pay for never. Marketing calls need: a number that is on no
 * do-not-call list, a list that is fresh, consent that is recent, and an hour that is allowed where the called person is.
 * An override with a reason passes what may be overridden, and is logged with the rules it passed. Every number that may be
 * called is logged with the purpose that the agent declared: the page learns it whole.
 */
export function checkDial(context: HostContext, request: DialRequest, guests: GuestBook = NO_GUESTS): DialVerdict {
  const country = context.seat.country();
  const point = request.contactPointId ? findPoint(context, guests, request.contactPointId) : null;
  const earlier = request.callId ? numberOfCall(context, request.callId) : request.number;
  const number = point ? (point.e164 ?? point.value) : earlier;
  if (isEmergencyNumber(number, country)) return allowed(number.replaceAll(/\D/g, ''), { emergency: true });
  const agent = context.seat.reader();
  const phone = readPhoneNumber(number, country);
  const compact = number.replaceAll(/[\s().-]/g, '');
  if (INSIDE.test(compact)) return allowed(compact);
  // A line inside the house may be named with letters.
  if (context.seat.isLine(number.trim())) return allowed(number.trim());
  if (phone.e164 === null) {
    return { allowed: false, refusals: [{ rule: 'not_a_number', data: {}, overridable: false }] };
  }
  const customerId = point?.customerId ?? request.customerId;
  const refusals = [
    ...costRefusals(phone.e164, context.seat.policy()),
    ...(request.purpose === 'marketing' ? marketingRefusals(context, guests, phone, customerId) : []),
  ];
  const mayPass = request.overrideReason !== null && refusals.every((refusal) => refusal.overridable);
  if (refusals.length > 0 && !mayPass) return { allowed: false, refusals };
  const rules = refusals.map((refusal) => refusal.rule).join(', ');
  recordAccess(context, agent.id, [
    ...(rules
      ? [{ action: 'dial_override', customerId, context: `${rules}: ${request.overrideReason}` } as const]
      : []),
    { action: 'dial', customerId, context: request.purpose },
  ]);
  return allowed(phone.e164, { overridden: refusals, doNotCall: isListed(context, phone) });
}

function allowed(target: string, more: Partial<Extract<DialVerdict, { allowed: true }>> = {}): DialVerdict {
  return { allowed: true, target, emergency: false, overridden: [], doNotCall: false, ...more };
}

function isListed(context: HostContext, phone: PhoneNumber): boolean {
  return context.cache.prepare(GATE.doNotCall).get(phone.e164) !== undefined;
}

function findPoint(context: HostContext, guests: GuestBook, id: string): ContactPoint {
  context.seat.reader();
  const row = context.cache.prepare(GATE.contactPoint).get(id) as { data: string } | undefined;
  const point = row ? (JSON.parse(row.data) as ContactPoint) : (pendingPoint(context, id) ?? guests.pointOf(id));
  if (point?.kind !== 'phone') throw new DangolError('NOT_FOUND', 'none');
  return point;
}

/** Of a customer who was created here and is not confirmed yet. */
function pendingPoint(context: HostContext, id: string): ContactPoint | undefined {
  const { contactPoints } = readPendingCustomers(context.outbox, context.seat.country());
  return contactPoints.find((one) => one.row.id === id)?.row;
}

function marketingRefusals(
  context: HostContext,
  guests: GuestBook,
  phone: PhoneNumber,
  customerId: string | null,
): GateRefusal[] {
  const policy = context.seat.policy();
  const now = context.clock.now();
  const listed = isListed(context, phone);
  const { consents, whole } = readConsents(context, guests, phone, customerId);
  return [
    ...(listed ? [{ rule: 'do_not_call', data: {}, overridable: false } as const] : []),
    ...(isListHere(context) ? staleList(context, now) : [missingList()]),
    ...consentRefusals(consents, whole, policy, now),
    ...hoursRefusal(phone.e164 ?? '', policy, now, hasConsent(consents, 'night_marketing')),
  ];
}

/**
 * Of the customer named, else of the one who has this number; nobody in particular has given no consent. `whole` false: only
 * the centre knows this customer, and a refusal may stand there.
 */
function readConsents(
  { outbox, cache, seat }: HostContext,
  guests: GuestBook,
  phone: PhoneNumber,
  customerId: string | null,
): { consents: Consent[]; whole: boolean } {
  const book = readSameBook(outbox, cache);
  const here = customerId === null ? findByPhone(outbox, cache, phone, book) : [customerId];
  const owners = here.length > 0 ? here : guests.byPhone(phone.e164);
  const [owner] = owners;
  if (owner === undefined) return { consents: [], whole: true };
  if (owners.length > 1) return { consents: [], whole: here.length > 0 };
  const rows = readWhole(outbox, cache, owner, { country: seat.country(), guest: guests.of(owner), book });
  return { consents: rows?.consents ?? [], whole: rows?.partial !== true };
}

function hasConsent(consents: readonly Consent[], purpose: Consent['purpose']): boolean {
  return consents.some((one) => one.channel === 'phone' && one.purpose === purpose && one.status === 'granted');
}

/** An empty table looks like a list on which nobody stands: so it does in a first load, and in a cache that was made anew. */
function isListHere({ cache }: HostContext): boolean {
  const { cursor, bootstrap } = readSyncState(cache);
  if (cursor !== null) return true;
  return bootstrap !== null && TABLE_ORDER.indexOf(bootstrap.table) > TABLE_ORDER.indexOf('do_not_call');
}

function missingList(): GateRefusal {
  return { rule: 'do_not_call_missing', data: {}, overridable: false };
}

/** The centre says when the register was fetched; what this desk has is no younger than its own last moment of having all. */
function staleList({ seat, outbox }: HostContext, now: number): GateRefusal[] {
  const policy = seat.policy();
  const loadedAt = policy?.doNotCallLoadedAt ?? null;
  const maxAgeHours = policy?.doNotCallMaxAgeHours ?? 24;
  if (loadedAt === null) return [{ rule: 'do_not_call_stale', data: { maxAgeHours }, overridable: true }];
  const hadAllAt = Date.parse(readKept(outbox, CAUGHT_UP) ?? loadedAt);
  const ageHours = Math.floor((now - Math.min(Date.parse(loadedAt), hadAllAt)) / HOUR);
  if (ageHours < maxAgeHours) return [];
  return [{ rule: 'do_not_call_stale', data: { maxAgeHours, ageHours, loadedAt }, overridable: true }];
}

function consentRefusals(
  consents: readonly Consent[],
  whole: boolean,
  policy: CallingPolicy | null,
  now: number,
): GateRefusal[] {
  const consent = consents.find((one) => one.channel === 'phone' && one.purpose === 'marketing');
  if (consent === undefined && !whole) return [{ rule: 'consent_unknown', data: {}, overridable: false }];
  if (consent?.status !== 'granted') {
    // A refusal is the customer's word; only the absence of any word may be overridden.
    return [{ rule: 'no_consent', data: { status: consent?.status ?? 'none' }, overridable: consent === undefined }];
  }
  const maxAgeDays = policy?.consentMaxAgeDays ?? 730;
  const ageDays = Math.floor((now - Date.parse(consent.at)) / DAY);
  if (ageDays <= maxAgeDays) return [];
  return [{ rule: 'consent_expired', data: { at: consent.at, ageDays, maxAgeDays }, overridable: true }];
}

import type { CallingPolicy } from '../shared/central-api.ts';
import type { Consent } from '../shared/consent.ts';
import type { ContactPoint } from '../shared/contact-point.ts';
import { DangolError } from '../shared/errors.ts';
import type { DialVerdict, GateRefusal } from '../shared/host-types.ts';
import { isEmergencyNumber, type PhoneNumber, readPhoneNumber } from '../shared/phone-number.ts';
import { readPendingCustomers, readPendingOf } from '../sync/outbox-reads.ts';
import { recordAccess } from './access-log.ts';
import { numberOfCall } from './call-history.ts';
import { hoursRefusal } from './calling-hours.ts';
import { costRefusals } from './costly-numbers.ts';
import { findByPhone } from './customer-match.ts';
import { readCustomerRows } from './customer-rows.ts';
import type { HostContext } from './host-context.ts';

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
export function checkDial(context: HostContext, request: DialRequest): DialVerdict {
  const country = context.seat.country();
  const point = request.contactPointId ? findPoint(context, request.contactPointId) : null;
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
    ...(request.purpose === 'marketing' ? marketingRefusals(context, phone, customerId) : []),
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

function findPoint(context: HostContext, id: string): ContactPoint {
  context.seat.reader();
  const row = context.cache.prepare(GATE.contactPoint).get(id) as { data: string } | undefined;
  const point = row ? (JSON.parse(row.data) as ContactPoint) : pendingPoint(context, id);
  if (point?.kind !== 'phone') throw new DangolError('NOT_FOUND', 'none');
  return point;
}

/** Of a customer who was created here and is not confirmed yet. */
function pendingPoint(context: HostContext, id: string): ContactPoint | undefined {
  const { contactPoints } = readPendingCustomers(context.outbox, context.seat.country());
  return contactPoints.find((one) => one.row.id === id)?.row;
}

function marketingRefusals(context: HostContext, phone: PhoneNumber, customerId: string | null): GateRefusal[] {
  const policy = context.seat.policy();
  const now = context.clock.now();
  const listed = isListed(context, phone);
  const consents = readConsents(context, phone, customerId);
  return [
    ...(listed ? [{ rule: 'do_not_call', data: {}, overridable: false } as const] : []),
    ...staleList(policy, now),
    ...consentRefusals(consents, policy, now),
    ...hoursRefusal(phone.e164 ?? '', policy, now, hasConsent(consents, 'night_marketing')),
  ];
}

/** Of the customer named, else of the one who has this number; nobody in particular has given no consent. */
function readConsents(context: HostContext, phone: PhoneNumber, customerId: string | null): Consent[] {
  const { outbox, cache } = context;
  const owners = customerId === null ? findByPhone(outbox, cache, phone) : [customerId];
  const [owner] = owners;
  if (owner === undefined || owners.length > 1) return [];
  const pending = readPendingOf(outbox, [owner], [], context.seat.country());
  return readCustomerRows(cache, owner, pending)?.consents ?? [];
}

function hasConsent(consents: readonly Consent[], purpose: Consent['purpose']): boolean {
  return consents.some((one) => one.channel === 'phone' && one.purpose === purpose && one.status === 'granted');
}

function staleList(policy: CallingPolicy | null, now: number): GateRefusal[] {
  const loadedAt = policy?.doNotCallLoadedAt ?? null;
  const maxAgeHours = policy?.doNotCallMaxAgeHours ?? 24;
  if (loadedAt === null) return [{ rule: 'do_not_call_stale', data: { maxAgeHours }, overridable: true }];
  const ageHours = Math.floor((now - Date.parse(loadedAt)) / HOUR);
  if (ageHours < maxAgeHours) return [];
  return [{ rule: 'do_not_call_stale', data: { maxAgeHours, ageHours, loadedAt }, overridable: true }];
}

function consentRefusals(consents: readonly Consent[], policy: CallingPolicy | null, now: number): GateRefusal[] {
  const consent = consents.find((one) => one.channel === 'phone' && one.purpose === 'marketing');
  if (consent?.status !== 'granted') {
    // A refusal is the customer's word; only the absence of any word may be overridden.
    return [{ rule: 'no_consent', data: { status: consent?.status ?? 'none' }, overridable: consent === undefined }];
  }
  const maxAgeDays = policy?.consentMaxAgeDays ?? 730;
  const ageDays = Math.floor((now - Date.parse(consent.at)) / DAY);
  if (ageDays <= maxAgeDays) return [];
  return [{ rule: 'consent_expired', data: { at: consent.at, ageDays, maxAgeDays }, overridable: true }];
}

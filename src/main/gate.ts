import type { Agent } from '../shared/agent.ts';
import type { CallingPolicy } from '../shared/central-api.ts';
import type { ContactPoint } from '../shared/contact-point.ts';
import { DangolError } from '../shared/errors.ts';
import type { DialVerdict, GateRefusal } from '../shared/host-types.ts';
import { type CallFacts, judgeCall } from '../shared/legal-gate/judge-call.ts';
import { isEmergencyNumber, type PhoneNumber, readPhoneNumber } from '../shared/phone-number.ts';
import { readCentreClock } from '../sync/centre-clock.ts';
import { readKept } from '../sync/outbox.ts';
import { readPendingCustomers } from '../sync/outbox-reads.ts';
import { CAUGHT_UP } from '../sync/status.ts';
import { readSyncState, TABLE_ORDER } from '../sync/sync-state.ts';
import { recordAccess } from './access-log.ts';
import { numberOfCall } from './call-history.ts';
import { type CalledPerson, NOBODY, readCalledPerson } from './called-person.ts';
import { type GuestBook, NO_GUESTS } from './guests.ts';
import type { HostContext } from './host-context.ts';
import { noteMarketingCall, readMarketingCalls } from './marketing-calls.ts';

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
  const listed = isListed(context, phone);
  const isMarketing = request.purpose === 'marketing';
  const person = isMarketing ? readCalledPerson(context, guests, phone, customerId) : NOBODY;
  const facts = factsOf(context, { number: phone.e164, purpose: request.purpose, person, listed });
  const refusals = judgeCall(facts, context.seat.policy());
  const refused = override(refusals, request.overrideReason, agent, context.seat.policy());
  if (refused) return refused;
  const rules = refusals.map((refusal) => refusal.rule).join(', ');
  if (isMarketing) noteMarketingCall(context, { customerId: person.owner, e164: phone.e164 });
  recordAccess(context, agent.id, [
    ...(rules
      ? [{ action: 'dial_override', customerId, context: `${rules}: ${request.overrideReason}` } as const]
      : []),
    { action: 'dial', customerId, context: request.purpose },
  ]);
  return allowed(phone.e164, { overridden: refusals, doNotCall: listed });
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

/** What may not be overridden, or not by this agent, or was given no reason. null: the call may be placed. */
function override(
  refusals: GateRefusal[],
  reason: string | null,
  { role }: Agent,
  policy: CallingPolicy | null,
): DialVerdict | null {
  if (refusals.length === 0) return null;
  const who = policy?.dialOverride ?? 'supervisors';
  const leads = role === 'supervisor' || role === 'administrator';
  const hasRight = who === 'everybody' || (who === 'supervisors' && leads);
  const open = refusals.every(({ overridable }) => overridable);
  if (open && hasRight && reason !== null) return null;
  if (!open || hasRight) return { allowed: false, refusals };
  return {
    allowed: false,
    refusals: refusals.map((one) => ({ ...one, overridable: false })),
    needsRight: who !== 'nobody',
  };
}

interface Asked {
  number: string;
  purpose: CallFacts['purpose'];
  person: CalledPerson;
  listed: boolean;
}

/** What the gate asks about a call, read from this desk's store; of a service call only what it looks at. */
function factsOf(context: HostContext, { number, purpose, person, listed }: Asked): CallFacts {
  const policy = context.seat.policy();
  const { outbox } = context;
  return {
    number,
    purpose,
    product: policy?.product ?? 'general',
    now: context.clock.now(),
    clock: readCentreClock(outbox, context.clock),
    doNotCall: {
      here: isListHere(context),
      listed,
      loadedAt: policy?.doNotCallLoadedAt ?? null,
      hadAllAt: readKept(outbox, CAUGHT_UP),
    },
    consents: person.consents,
    consentsWhole: person.whole,
    blocked: person.isBlocked ? (policy?.blockedBy ?? null) : null,
    attempts: purpose === 'marketing' ? readMarketingCalls(outbox, { customerIds: person.ids, e164: number }) : [],
  };
}

/** An empty table looks like a list on which nobody stands: so it does in a first load, and in a cache that was made anew. */
function isListHere({ cache }: HostContext): boolean {
  const { cursor, bootstrap } = readSyncState(cache);
  if (cursor !== null) return true;
  return bootstrap !== null && TABLE_ORDER.indexOf(bootstrap.table) > TABLE_ORDER.indexOf('do_not_call');
}

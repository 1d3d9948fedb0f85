import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CallingPolicy } from '../central-api.ts';
import type { Consent } from '../consent.ts';
import type { GateRefusal } from '../host-types.ts';
import { costRefusals } from './costly-numbers.ts';
import { judgeHours } from './judge-hours.ts';
import { type CallingLaw, lawOf, type ProductKind } from './laws.ts';
import { type LocalClock, localTime } from './local-time.ts';

/** Everything that the gate asks about one call. Whoever asks gathers it; the gate reads nothing itself. */
export interface CallFacts {
  /** E.164 */
  number: string;
  purpose: 'service' | 'marketing';
  product: ProductKind;
  /** Epoch ms by the clock of whoever asks. */
  now: number;
  clock: {
    /** By how many ms the centre's clock is ahead of that one; 0 at the centre, or where nobody compared them. */
    centreAhead: number;
    /** It shows a time before something that has happened: nobody knows what time it is. */
    wentBack: boolean;
  };
  doNotCall: {
    /** Whether the register is here at all: an empty one looks like one on which nobody stands. */
    here: boolean;
    listed: boolean;
    /** When it was fetched from its keeper; null: never. */
    loadedAt: string | null;
    /** When whoever asks last had all of it, by their own clock; null: as soon as it was fetched. */
    hadAllAt: string | null;
  };
  /** Of the one person whom the call is for. */
  consents: readonly Consent[];
  /** Whether these are all: elsewhere a refusal may stand. */
  consentsWhole: boolean;
  /** What says that this customer is not to be called for marketing; null: nothing does. */
  blocked: string | null;
  /** Epoch ms, by the clock of whoever asks, of earlier marketing calls to them, as far as they know. */
  attempts: readonly number[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Until the centre has told its own. */
const CONSENT_DAYS = 730;
const LIST_HOURS = 24;

/**
 * The one gate before every outgoing call and every lease of a list: pure, the same at the desk and at the centre. Law and policy
 * both hold, whichever asks for more. Service calls are only looked at for what they cost.
 * @param policy of the business; null: the centre has told none yet.
 * @param clock tells the time where the called person is; of a whole list, one that remembers its zones.
 * @returns every rule that speaks against the call, each with its figures; none: it may be placed.
 */
export function judgeCall(
  facts: CallFacts,
  policy: CallingPolicy | null,
  clock: LocalClock = localTime,
): GateRefusal[] {
  const refusals = costRefusals(facts.number, policy);
  if (facts.purpose === 'service') return refusals;
  const country = countryOf(facts.number);
  const law = lawOf(country, facts.product);
  const now = facts.now + facts.clock.centreAhead;
  const consentDays = least(law.consentDays, policy?.consentMaxAgeDays ?? CONSENT_DAYS);
  const hours = { country, law, policy, now, clock };
  return [
    ...refusals,
    ...(facts.blocked === null ? [] : [never('blocked_customer', { by: facts.blocked })]),
    ...listRefusals(facts, law, policy, now),
    ...consentRefusals(facts, consentDays, now),
    ...(facts.clock.wentBack ? [never('clock_off')] : []),
    ...judgeHours({ ...hours, nightConsent: hasNightConsent(facts.consents, consentDays, now) }),
    // Attempts were noted by the clock of whoever asks.
    ...attemptRefusals(facts.attempts, law, policy, facts.now),
  ];
}

/** A number of a code that several countries share, and of none of them by its digits, counts as one of the largest. */
function countryOf(number: string): string | null {
  const parsed = parsePhoneNumberFromString(number);
  return parsed?.country ?? parsed?.getPossibleCountries()[0] ?? null;
}

function never(rule: GateRefusal['rule'], data: GateRefusal['data'] = {}): GateRefusal {
  return { rule, data, overridable: false };
}

function least(one: number | null, other: number): number {
  return one === null ? other : Math.min(one, other);
}

/** The centre says when the register was fetched; what is here is no younger than the last moment of having all of it. */
function listRefusals(
  { doNotCall, now: ownNow }: CallFacts,
  law: CallingLaw,
  policy: CallingPolicy | null,
  now: number,
): GateRefusal[] {
  const listed = doNotCall.listed ? [never('do_not_call')] : [];
  if (!doNotCall.here) return [...listed, never('do_not_call_missing')];
  const maxAgeHours = least(law.listHours, policy?.doNotCallMaxAgeHours ?? LIST_HOURS);
  const { loadedAt } = doNotCall;
  const stale = (data: GateRefusal['data']): GateRefusal[] => [
    ...listed,
    { rule: 'do_not_call_stale', data: { maxAgeHours, ...data }, overridable: true },
  ];
  if (loadedAt === null) return stale({});
  // The centre's clock says when it fetched the register; one's own, when one last had all of it.
  const age = now - Date.parse(loadedAt);
  const since = doNotCall.hadAllAt === null ? age : ownNow - Date.parse(doNotCall.hadAllAt);
  const ageHours = Math.floor(Math.max(age, since) / HOUR);
  return ageHours < maxAgeHours ? listed : stale({ ageHours, loadedAt });
}

function ofPhone(consents: readonly Consent[], purpose: Consent['purpose']): Consent | undefined {
  return consents.find((one) => one.channel === 'phone' && one.purpose === purpose);
}

function ageInDays(consent: Consent, now: number): number {
  return Math.floor((now - Date.parse(consent.at)) / DAY);
}

function consentRefusals({ consents, consentsWhole }: CallFacts, maxAgeDays: number, now: number): GateRefusal[] {
  const consent = ofPhone(consents, 'marketing');
  if (consent === undefined && !consentsWhole) return [never('consent_unknown')];
  if (consent?.status !== 'granted') {
    // A refusal is the customer's word; only the absence of any word may be overridden.
    return [{ rule: 'no_consent', data: { status: consent?.status ?? 'none' }, overridable: consent === undefined }];
  }
  const ageDays = ageInDays(consent, now);
  if (ageDays <= maxAgeDays) return [];
  return [{ rule: 'consent_expired', data: { at: consent.at, ageDays, maxAgeDays }, overridable: true }];
}

function hasNightConsent(consents: readonly Consent[], maxAgeDays: number, now: number): boolean {
  const consent = ofPhone(consents, 'night_marketing');
  return consent?.status === 'granted' && ageInDays(consent, now) <= maxAgeDays;
}

/** As many as law and policy allow, each within its own time; the law's is never overridden. */
function attemptRefusals(
  attempts: readonly number[],
  law: CallingLaw,
  policy: CallingPolicy | null,
  now: number,
): GateRefusal[] {
  const caps = [
    ...(law.attempts ? [{ ...law.attempts, overridable: false }] : []),
    ...(policy?.marketingAttempts ? [{ ...policy.marketingAttempts, overridable: true }] : []),
  ];
  for (const { times, withinHours, overridable } of caps) {
    const made = attempts.filter((at) => now - at < withinHours * HOUR).length;
    if (made >= times) return [{ rule: 'attempts_used', data: { made, times, withinHours }, overridable }];
  }
  return [];
}

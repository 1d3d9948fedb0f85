import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CallingPolicy } from '../central-api.ts';
import type { GateRefusal } from '../host-types.ts';

/**
 * What is premium although the numbering tables know only a part of it: 060 of Korea (information services at any length),
 * 1-900 of North America, +979 (ITU-T E.169.2, international premium rate).
 */
const PREMIUM = ['+8260', '+1900', '+979'] as const;

/** Networks of no country (satellites, global services): minutes cost a hundred times the usual, and frauds end there. */
const FORBIDDEN_UNTIL_TOLD: readonly string[] = ['+870', '+881', '+882', '+883'];

/**
 * Numbers that the business does not pay for, whoever the call is for. Never overridable at a desk: the administrator decides
 * (`premiumNumbers` and `forbiddenPrefixes` of the policy). A centre that says nothing means no.
 */
export function costRefusals(e164: string, policy: CallingPolicy | null): GateRefusal[] {
  if (policy?.premiumNumbers !== 'allow' && isPremium(e164)) {
    return [{ rule: 'premium_number', data: {}, overridable: false }];
  }
  const prefix = (policy?.forbiddenPrefixes ?? FORBIDDEN_UNTIL_TOLD).find((one) => e164.startsWith(one));
  return prefix === undefined ? [] : [{ rule: 'forbidden_number', data: { prefix }, overridable: false }];
}

function isPremium(e164: string): boolean {
  if (PREMIUM.some((prefix) => e164.startsWith(prefix))) return true;
  return parsePhoneNumberFromString(e164)?.getType() === 'PREMIUM_RATE';
}

import { readPhoneNumber } from '../shared/phone-number.ts';

/** Whether two writings are one number; false where either is none. */
export function sameNumber(a: string | null, b: string): boolean {
  const e164 = a === null ? null : readPhoneNumber(a).e164;
  return e164 !== null && e164 === readPhoneNumber(b).e164;
}

// What the page of rig/phone-page.ts offers to the tests.
import type { SipAccount } from '../../../src/shared/central-api.ts';
import type { Phone, PhoneState } from '../../../src/telephony/phone-types.ts';

declare global {
  var testPhone: Phone;
  /** `voiceHz`: this agent sounds like a pitch of their own instead of what the browser's microphone says. */
  var startTestPhone: (account: SipAccount, voiceHz?: number | null) => void;
  /** Resolves at the first change after `revision`, at the latest after half a second. */
  var testPhoneAfter: (revision: number) => Promise<{ revision: number; state: PhoneState }>;
}

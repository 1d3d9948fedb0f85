import { z } from 'zod';
import { Consent } from './consent.ts';
import { act } from './contract-base.ts';
import { Disclosure, DisclosureReason } from './disclosure.ts';
import { Id } from './ids.ts';

const OfRequest = z.object({ customerId: Id, reason: DisclosureReason });

/** What is held about a customer, as a screen may show it: how much of each kind, the consents, and who looked. Masked. */
export const DisclosureView = Disclosure.pick({ at: true, looks: true, counts: true }).extend({
  customerNumber: z.string(),
  merged: z.int(),
  consents: z.array(Consent),
});
export type DisclosureView = z.infer<typeof DisclosureView>;

/** The customer's own view, for supervisors and administrators. Each act is logged with its reason. FORBIDDEN, CENTRE_UNREACHABLE, NOT_FOUND. */
export const privacy = {
  read: act(OfRequest, DisclosureView),
  /** All of it, unmasked: for a file that goes to whoever asked. */
  export: act(OfRequest, Disclosure),
  /** For good, at the centre and on every desk. CHANGED_MEANWHILE: the number is not this customer's. */
  erase: act(OfRequest.extend({ customerNumber: z.string().max(40) }), z.object({ erasedRows: z.int() })),
};

import { z } from 'zod';
import { Id } from './ids.ts';
import { Instant } from './text.ts';

export const ConsentChannel = z.enum(['phone', 'message', 'email', 'mail']);
export type ConsentChannel = z.infer<typeof ConsentChannel>;

/** `night_marketing` is the separate consent for 21:00-08:00 (Korea, Network Act art. 50(3)). */
export const ConsentPurpose = z.enum(['marketing', 'night_marketing', 'recording', 'third_party']);
export type ConsentPurpose = z.infer<typeof ConsentPurpose>;

export const Consent = z.object({
  id: Id,
  customerId: Id,
  channel: ConsentChannel,
  purpose: ConsentPurpose,
  status: z.enum(['granted', 'refused']),
  /** When it was given, or confirmed again. */
  at: Instant,
  source: z.string().max(100),
});
export type Consent = z.infer<typeof Consent>;

/** One number of a do-not-call register. */
export const DoNotCall = z.object({ id: Id, e164: z.string().max(20), listedAt: Instant });
export type DoNotCall = z.infer<typeof DoNotCall>;

import { z } from 'zod';
import { Id } from './ids.ts';

/** One way to reach a customer. Phones carry E.164 and the last eight digits, which is what a lookup uses. */
export const ContactPoint = z.object({
  id: Id,
  customerId: Id,
  kind: z.enum(['phone', 'email', 'address']),
  /** As the customer gave it. */
  value: z.string().min(1).max(300),
  e164: z.string().max(20).nullable(),
  last8: z.string().max(8).nullable(),
  label: z.string().max(60).nullable(),
  primary: z.boolean(),
});
export type ContactPoint = z.infer<typeof ContactPoint>;

/** The answer that an agent gave to "who of these is it?", kept for the next call from the same number. */
export const PhonePick = z.object({ id: Id, e164: z.string().max(20), customerId: Id });
export type PhonePick = z.infer<typeof PhonePick>;

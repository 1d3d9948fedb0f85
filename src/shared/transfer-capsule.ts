import { z } from 'zod';
import { Id } from './ids.ts';
import { NOTE_MAX_LENGTH } from './interaction.ts';
import { Instant } from './text.ts';

/**
 * What travels beside a transferred call: the SIP header X-Dangol-Capsule names it, the centre keeps it for a day. So the next
 * agent sees the customer and the story, whatever number the call comes from.
 */
export const TransferCapsule = z.object({
  id: Id,
  /** The call that is handed over. */
  callId: Id,
  customerId: Id.nullable(),
  /** The note as far as it was written; saved notes are in the history anyway. */
  note: z.string().max(NOTE_MAX_LENGTH),
});
export type TransferCapsule = z.infer<typeof TransferCapsule>;

/** As the next agent's desk gets it. */
export const OpenedCapsule = TransferCapsule.extend({ fromName: z.string().max(100), at: Instant });
export type OpenedCapsule = z.infer<typeof OpenedCapsule>;

export const CAPSULE_HEADER = 'X-Dangol-Capsule';

import { z } from 'zod';
import { Id } from './ids.ts';
import { Instant } from './text.ts';

/**
 * Work that the centre refused and that an agent has to decide about, as a desk tells of it: which act, whose, why. Never its
 * words: a supervisor sees that something waits, the desk it waits on has what was written.
 */
const Held = z.object({
  opId: Id,
  authorId: Id,
  kind: z.string().max(60),
  /** The centre's refusal; empty for what only waits for something refused. */
  code: z.string().max(40),
  claimedAt: Instant,
  customerId: Id.nullable(),
});
export const HeldOperation = Held.extend({ reason: z.enum(['rejected', 'quarantined']) });
export type HeldOperation = z.infer<typeof HeldOperation>;

/** Work that somebody let go for good: by whom, and the reason they gave. */
export const DiscardedOperation = Held.extend({ decidedAt: Instant, decision: z.string().max(320) });
export type DiscardedOperation = z.infer<typeof DiscardedOperation>;

export const HELD_REPORT_MAX = 500;
/** PUT /v1/desk/held, with the device token: everything that this desk holds now, and what was let go here. Replaces the report before. */
export const HeldReport = z.object({
  deviceId: Id,
  held: z.array(HeldOperation).max(HELD_REPORT_MAX),
  discarded: z.array(DiscardedOperation).max(HELD_REPORT_MAX),
});
export type HeldReport = z.infer<typeof HeldReport>;

const Told = { authorName: z.string().max(100), deviceId: Id, reportedAt: Instant };
/** GET /v1/held-work: a supervisor's team, an administrator's house. What was let go: of the last 30 days, the latest first. */
export const TeamHeldWork = z.object({
  held: z.array(HeldOperation.extend(Told)).max(HELD_REPORT_MAX),
  discarded: z.array(DiscardedOperation.extend(Told)).max(HELD_REPORT_MAX),
});
export type TeamHeldWork = z.infer<typeof TeamHeldWork>;

import { z } from 'zod';
import { Id } from './ids.ts';
import { Instant } from './text.ts';

/**
 * GET /v1/desk/order, with the device token: whether this desk was ordered to wipe itself. `handIn`: its unsent work goes to the
 * centre first; else nothing of it is taken any more.
 */
export const DeskOrder = z.object({ wipe: z.object({ orderedAt: Instant, handIn: z.boolean() }).nullable() });
export type DeskOrder = z.infer<typeof DeskOrder>;

/** POST /v1/desk/wiped: everything is gone from that desk. `lost`: acts that did not reach the centre before. */
export const DeskWiped = z.object({ lost: z.int().min(0) });

/** POST /v1/admin/desks/:id/wipe. Everybody who is signed in on that desk is signed out at once. */
export const WipeOrder = z.object({ handIn: z.boolean(), reason: z.string().trim().min(2).max(200) });
export type WipeOrder = z.infer<typeof WipeOrder>;

/** GET /v1/admin/desks. A desk that was cloned counts as one with its clones. */
export const DeskList = z.object({
  items: z.array(
    z.object({
      id: Id,
      /** Logins of those who ever signed in there. */
      agents: z.array(z.string()),
      since: Instant,
      /** When it last sent something; null: never. */
      lastSentAt: Instant.nullable(),
      wipe: z.enum(['none', 'ordered', 'heard', 'done']),
      wipedAt: Instant.nullable(),
      lost: z.int().nullable(),
    }),
  ),
});

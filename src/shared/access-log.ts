import { z } from 'zod';
import { Id } from './ids.ts';
import { Instant } from './text.ts';

/**
 * One look at personal data, or one act on it. Each desk keeps its own chain:
 * hash = SHA-256 of previousHash and the entry's canonical JSON without `hash`, in hex; the first previousHash is 64 zeros.
 * `accessEntryText` is the text that is hashed, for desk and centre alike.
 */
export const AccessLogEntry = z.object({
  id: Id,
  deviceId: Id,
  seq: z.int().min(1),
  at: Instant,
  agentId: Id,
  /** `store_loss` is no look at anybody: this desk's unsent work was damaged, and this is how a supervisor hears of it. */
  action: z.enum([
    ...(['view', 'peek', 'search', 'export', 'dial', 'dial_override', 'create', 'ask_centre', 'store_loss'] as const),
    ...(['merge', 'unmerge', 'split'] as const),
    // All that is held about somebody was shown, or removed, at their request.
    ...(['disclose', 'erase'] as const),
    // The agent said that others see the screen, or no longer: of nobody in particular.
    'screen_share',
  ]),
  customerId: Id.nullable(),
  /** Which screen or call, for a call out its purpose, for a peek or an override the reason given. */
  context: z.string().max(300),
  previousHash: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AccessLogEntry = z.infer<typeof AccessLogEntry>;

/** previousHash and the entry's canonical JSON without `hash`: keys in alphabetical order, no spaces. Feed it to SHA-256 as UTF-8. */
export function accessEntryText(entry: Omit<AccessLogEntry, 'hash'>): string {
  const { id, deviceId, seq, at, agentId, action, customerId, context, previousHash } = entry;
  return previousHash + JSON.stringify({ action, agentId, at, context, customerId, deviceId, id, previousHash, seq });
}

import { z } from 'zod';
import { CallQuality } from './call-quality.ts';
import { Id } from './ids.ts';
import { CallResult } from './interaction.ts';
import { RecordingTimes } from './pbx.ts';
import { Instant } from './text.ts';

/** Who is on the other end, as the network says it. All of it is text from strangers: shown, never interpreted. */
export const CallerIdentity = z.object({
  /** As received, cut to 64 characters; null when withheld. */
  number: z.string().max(64).nullable(),
  /** null where the number is none that can be dialled (extension, anonymous, garbage). */
  e164: z.string().max(20).nullable(),
  displayName: z.string().max(200).nullable(),
  withheld: z.boolean(),
  source: z.enum(['p-asserted-identity', 'remote-party-id', 'from', 'dialled']),
});
export type CallerIdentity = z.infer<typeof CallerIdentity>;

/** A call as the desk journals it at each transition, so that a reload or a crash finds it again. */
export const CallSnapshot = z.object({
  callId: Id,
  direction: z.enum(['in', 'out']),
  caller: CallerIdentity,
  queue: z.string().max(100).nullable(),
  customerRef: z.string().max(100).nullable(),
  /** The chosen customer, once known. */
  customerId: Id.nullable(),
  phase: z.enum(['ringing', 'dialling', 'talking', 'held', 'wrap_up', 'done']),
  startedAt: Instant,
  answeredAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  result: CallResult.nullable(),
  /** Of an ended call that was heard. */
  quality: CallQuality.optional(),
  /** When its recording was what, as the PBX said. */
  recording: RecordingTimes.optional(),
});
export type CallSnapshot = z.infer<typeof CallSnapshot>;

/** Which window says it: while it lives, what it has in hand is no other window's. */
export const OfWindow = z.object({ windowId: Id.optional() });

/**
 * An established call as it outlives its page: enough for the next page to take it up again (RFC 3891), and the message by
 * which anybody who reaches the PBX can end it. Kept in memory only; holds personal data and no credential.
 */
export const CallKeepsake = z.object({
  callId: Id,
  direction: z.enum(['in', 'out']),
  caller: CallerIdentity,
  queue: z.string().max(100).nullable(),
  customerRef: z.string().max(100).nullable(),
  capsule: z.string().max(100).nullable(),
  consultFor: Id.nullable(),
  /** Epoch ms. */
  startedAt: z.number(),
  answeredAt: z.number(),
  muted: z.boolean(),
  held: z.boolean(),
  /** The value of the Replaces header that names the dialog. */
  replaces: z.string().max(1000),
  /** The Contact of the PBX in that dialog. */
  target: z.string().max(500),
  /** The WebSocket that the call was made on. */
  server: z.string().max(500),
  /** A whole BYE for that dialog. */
  bye: z.string().max(8000),
});
export type CallKeepsake = z.infer<typeof CallKeepsake>;

/** With what the desk knows of it, and the phone does not. */
export const KeptCall = CallKeepsake.extend({ customerId: Id.nullable() });
export type KeptCall = z.infer<typeof KeptCall>;

/**
 * What the host keeps of a window's calls while the window lives. When it is gone (`leaving`: it says so itself) and no page takes
 * them up within seconds, the host ends them at the PBX: nobody is left who talks to silence. It answers `endable: false` where
 * it does not reach the PBX: then the page must say goodbye itself.
 */
export const WindowCalls = z.object({
  windowId: Id,
  calls: z.array(KeptCall).max(8),
  leaving: z.boolean().optional(),
});
export type WindowCalls = z.infer<typeof WindowCalls>;

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

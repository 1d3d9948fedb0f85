import { z } from 'zod';
import { CallQuality } from './call-quality.ts';
import { Id } from './ids.ts';
import { WrittenMessage } from './message.ts';
import { RecordingTimes } from './pbx.ts';
import { Instant } from './text.ts';

export const Channel = z.enum(['phone', 'email', 'web', 'message', 'visit', 'mail']);
export type Channel = z.infer<typeof Channel>;

export const CallResult = z.enum([
  'answered',
  'missed',
  'declined',
  'answered_elsewhere',
  'no_answer',
  'busy',
  'failed',
]);
export type CallResult = z.infer<typeof CallResult>;

/** A wrap-up that was left open longer, over a weekend, counts as this. */
export const WRAP_UP_MAX_SECONDS = 86_400;

/** One contact with a customer, on whatever channel. A call's interaction has the id of the call. */
export const Interaction = z.object({
  id: Id,
  customerId: Id.nullable(),
  channel: Channel,
  direction: z.enum(['in', 'out']),
  startedAt: Instant,
  answeredAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  result: CallResult.nullable(),
  phone: z.string().max(64).nullable(),
  queue: z.string().max(100).nullable(),
  agentId: Id.nullable(),
  agentName: z.string().max(100).nullable(),
  subject: z.string().max(300).nullable(),
  dispositionCode: z.string().max(40).nullable(),
  /** From the end of the call to its result, s. Absent while nobody gave one. */
  wrapUpSeconds: z.int().min(0).max(WRAP_UP_MAX_SECONDS).optional(),
  /** Calls that were heard; absent elsewhere, and in rows of an older desk. */
  quality: CallQuality.optional(),
  /** When the recording ran, paused and ended, as the PBX said; no sound and no text. */
  recording: RecordingTimes.optional(),
  /** The words, where the contact was written. */
  message: WrittenMessage.optional(),
});
export type Interaction = z.infer<typeof Interaction>;

export const NOTE_MAX_LENGTH = 20_000;

export const Note = z.object({
  id: Id,
  interactionId: Id.nullable(),
  customerId: Id.nullable(),
  text: z.string().min(1).max(NOTE_MAX_LENGTH),
  authorId: Id,
  authorName: z.string().max(100),
  at: Instant,
});
export type Note = z.infer<typeof Note>;

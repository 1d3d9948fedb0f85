import { z } from 'zod';
import { Id } from './ids.ts';
import { Instant } from './text.ts';

/** Whether the centre hears the PBX. 'none': it was never told how; 'refused': the PBX does not know its name or secret. */
export const PbxLink = z.enum(['none', 'connecting', 'up', 'down', 'refused']);
export type PbxLink = z.infer<typeof PbxLink>;

/** What an agent asks of their queues. A break's reason is the code of a BreakReason, or what a supervisor wrote. */
export const QueueState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('available') }),
  z.object({ state: z.literal('break'), reason: z.string().max(80) }),
  z.object({ state: z.literal('wrap_up'), until: Instant }),
]);
export type QueueState = z.infer<typeof QueueState>;

/** One queue that the agent is a member of, as the PBX has it. */
export const QueueSeat = z.object({
  queue: z.string().max(100),
  paused: z.boolean(),
  /** Callers who wait in it, and since when the first one does. */
  waiting: z.int().min(0),
  longestSince: Instant.nullable(),
});
export type QueueSeat = z.infer<typeof QueueSeat>;

/** One agent as the PBX has them. `run` and `seq` say which of two is the later one; another run is another centre process. */
export const PbxAgent = z.object({
  agentId: Id,
  run: Id,
  seq: z.int(),
  link: PbxLink,
  linkSince: Instant,
  state: QueueState,
  since: Instant,
  /** 'pbx': a supervisor or the PBX itself made it so. */
  changedBy: z.enum(['agent', 'pbx']),
  seats: z.array(QueueSeat).max(200),
  /** Whether the PBX would ring this agent's line; null: it does not say. */
  reachable: z.boolean().nullable(),
  /** When the PBX last said anything: the age of every figure here. */
  asOf: Instant,
});
export type PbxAgent = z.infer<typeof PbxAgent>;

/** PUT /v1/me/state. Wrap-up ends by itself after `seconds`; asked again, it lasts that long from then on. */
export const StateWish = z.discriminatedUnion('state', [
  z.object({ state: z.literal('available') }),
  z.object({ state: z.literal('break'), reason: z.string().min(1).max(40) }),
  z.object({ state: z.literal('wrap_up'), seconds: z.int().min(1).max(3600) }),
]);
export type StateWish = z.infer<typeof StateWish>;

export const RecordingState = z.enum(['off', 'on', 'paused', 'unknown']);
export type RecordingState = z.infer<typeof RecordingState>;

/** What the PBX says about the recording of one call; 'unknown' wherever the centre cannot hear it. */
export const CallRecording = z.object({
  sipCallId: z.string().max(256),
  state: RecordingState,
  /** When a pause ends by itself. */
  resumesAt: Instant.nullable(),
  asOf: Instant,
});
export type CallRecording = z.infer<typeof CallRecording>;

/** PUT /v1/me/recording. 'look' changes nothing: the desk hears of this call's recording from then on. */
export const RecordingWish = z.object({
  sipCallId: z.string().min(1).max(256),
  act: z.enum(['look', 'start', 'stop', 'pause', 'resume']),
});
export type RecordingWish = z.infer<typeof RecordingWish>;

/** When the recording of a call was what; times only. */
export const RecordingTimes = z.array(z.object({ at: Instant, state: RecordingState })).max(100);
export type RecordingTimes = z.infer<typeof RecordingTimes>;

/**
 * How the centre hears the PBX: Asterisk's manager interface. `pauseSeconds`: a pause of a recording that nobody ended is
 * ended by the centre after this time.
 */
export const AmiSetting = z.object({
  host: z.string().min(1).max(200),
  port: z.int().min(1).max(65_535).default(5038),
  username: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^\r\n]+$/),
  secret: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\r\n]+$/),
  pauseSeconds: z.int().min(10).max(900).default(120),
});
export type AmiSetting = z.infer<typeof AmiSetting>;

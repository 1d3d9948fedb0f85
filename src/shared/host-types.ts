import { z } from 'zod';
import { Agent } from './agent.ts';
import { Arrangement } from './arrangement.ts';
import { DeskConfig } from './central-api.ts';
import { ErrorCode, NextStep } from './errors.ts';
import { Id } from './ids.ts';
import { CallResult } from './interaction.ts';
import { CallRecording, PbxAgent } from './pbx.ts';
import { DialKey } from './shell-bridge.ts';
import { Instant } from './text.ts';

export const SyncStatus = z.object({
  /** 'bootstrapping' carries its progress; 'offline' means that the last contact failed and a retry is planned. */
  phase: z.enum(['signed_out', 'bootstrapping', 'idle', 'working', 'offline']),
  progress: z
    .object({
      done: z.int(),
      total: z.int(),
      secondsLeft: z.number().nullable(),
      /** Of this run; null while it is too early to say. */
      rowsPerSecond: z.number().nullable().optional(),
    })
    .nullable(),
  pending: z.int(),
  /** Held-back work that waits for whoever sits here; what they looked at and kept does not count. */
  attention: z.int(),
  /** The same of other agents who used this desk. */
  attentionOfOthers: z.int().optional(),
  lastContactAt: Instant.nullable(),
  /** When this desk last had everything that the centre had: how old its picture is. null: never yet. */
  caughtUpAt: Instant.nullable().optional(),
  /** Why there is no contact, where there is none. */
  problem: z.object({ code: ErrorCode, next: NextStep, detail: z.string() }).nullable(),
  nextTryAt: Instant.nullable(),
  practiceStore: z.boolean(),
});
export type SyncStatus = z.infer<typeof SyncStatus>;

/** One line of the agent's own call history. `phone` and `customerName` are masked; null: withheld, or nobody known. */
export const PastCall = z.object({
  callId: Id,
  direction: z.enum(['in', 'out']),
  phone: z.string().nullable(),
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  queue: z.string().nullable(),
  startedAt: Instant,
  answered: z.boolean(),
  result: CallResult.nullable(),
});
export type PastCall = z.infer<typeof PastCall>;

/** How safely this desk keeps data; shown in settings, and as a banner when it is not 'encrypted'. */
export const StoreStatus = z.object({
  cache: z.enum(['encrypted', 'memory', 'rebuilt']),
  outbox: z.enum(['encrypted', 'memory', 'salvaged']),
  keyStore: z.enum(['os', 'file', 'none']),
  /** Operations that could not be saved from a broken outbox; null: it was too broken to say how many. */
  lostOperations: z.int().nullable(),
});
export type StoreStatus = z.infer<typeof StoreStatus>;

export const SessionState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('signed_out'), centralUrl: z.string(), practice: z.boolean() }),
  z.object({
    status: z.literal('signed_in'),
    agent: Agent,
    centralUrl: z.string(),
    practice: z.boolean(),
    leaseUntil: Instant,
    /** null until the centre has answered once since start; the SIP account comes with it. */
    config: DeskConfig.nullable(),
  }),
  z.object({ status: z.literal('locked'), agent: Agent, centralUrl: z.string(), practice: z.boolean() }),
]);
export type SessionState = z.infer<typeof SessionState>;

export const Draft = z.object({
  noteId: Id,
  callId: Id.nullable(),
  customerId: Id.nullable(),
  /** May be empty: clearing a note is also something that was typed. */
  text: z.string().max(20_000),
  /** Grows with each keystroke batch; an older revision never replaces a newer one. */
  revision: z.int().min(0),
});
export type Draft = z.infer<typeof Draft>;

/** `revision`: the one that is kept now. `other`: it is another window's text, and the text that was sent is NOT kept. */
export const DraftAnswer = z.object({ revision: z.int(), other: z.boolean().optional() });
export type DraftAnswer = z.infer<typeof DraftAnswer>;

/** A draft as the host has it: `at` is when its last change came. */
export const KeptDraft = Draft.extend({ at: Instant });
export type KeptDraft = z.infer<typeof KeptDraft>;

/** A saved note of a call whose customer nobody has said: no customer's screen has it. */
export const UnassignedNote = z.object({
  noteId: Id,
  callId: Id.nullable(),
  text: z.string(),
  at: Instant,
  mark: z.enum(['here', 'centre', 'attention']),
});
export type UnassignedNote = z.infer<typeof UnassignedNote>;

export const AttentionItem = z.object({
  opId: Id,
  kind: z.string(),
  reason: z.enum(['rejected', 'quarantined']),
  code: z.string(),
  detail: z.string(),
  claimedAt: Instant,
  authorName: z.string(),
  /** What the agent wrote or chose, in short, masked. */
  summary: z.string(),
  customerId: Id.nullable(),
  /** Somebody looked at it and left it for later: it stays, and asks for nothing. */
  kept: z.boolean(),
});
export type AttentionItem = z.infer<typeof AttentionItem>;

/** How this desk and the centre stand: what waits to be sent, and how long the way takes. */
export const SyncPanel = z.object({
  /** By kind of act, the longest wait first. `ofOthers` of them were done by other agents who used this desk. */
  waiting: z.array(z.object({ kind: z.string(), n: z.int(), ofOthers: z.int(), oldestAt: Instant })),
  /** From "saved here" to "at the centre", of the last note that got there since the host began; null: none did. */
  lastTripMs: z.int().min(0).nullable(),
  /** Customers in this desk's own store. */
  customers: z.int(),
  /** When this desk's rows were last compared with the centre's, and how many were put right; null: not yet. */
  audit: z.object({ checkedAt: Instant, repaired: z.int() }).nullish(),
});
export type SyncPanel = z.infer<typeof SyncPanel>;

/** One rule of the legal gate that speaks against a call. */
export const GateRefusal = z.object({
  rule: z.enum([
    'do_not_call',
    'do_not_call_stale',
    /** The list is not on this desk yet, or no longer: nobody can say who is on it. */
    'do_not_call_missing',
    'no_consent',
    /** Only the centre knows this customer, and so what they said. */
    'consent_unknown',
    'consent_expired',
    'calling_hours',
    /** The desk's clock shows a time before something that has happened. */
    'clock_off',
    /** Called as often as law or policy allow. */
    'attempts_used',
    /** Not to be called for marketing, as the business decided. */
    'blocked_customer',
    'not_a_number',
    'premium_number',
    'forbidden_number',
  ]),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
  /** May be overridden with a reason (a customer who asked to be called back); do-not-call never. */
  overridable: z.boolean(),
});
export type GateRefusal = z.infer<typeof GateRefusal>;

export const DialVerdict = z.discriminatedUnion('allowed', [
  z.object({
    allowed: z.literal(true),
    /** What to send to the PBX. */
    target: z.string(),
    emergency: z.boolean(),
    overridden: z.array(GateRefusal),
    /** The number wants no advertising. A service call may be made all the same; whoever makes it should know. */
    doNotCall: z.boolean(),
  }),
  z.object({
    allowed: z.literal(false),
    refusals: z.array(GateRefusal).min(1),
    /** May be overridden, by somebody with more rights than whoever sits here. */
    needsRight: z.boolean().optional(),
  }),
]);
export type DialVerdict = z.infer<typeof DialVerdict>;

/** What the host tells every window, as it happens. */
export const HostEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sync'), status: SyncStatus }),
  z.object({ type: z.literal('session'), session: SessionState }),
  /** Rows of these customers changed: confirmed, pulled or written here. Read again what is on screen. */
  z.object({ type: z.literal('customers_changed'), customerIds: z.array(Id), all: z.boolean() }),
  z.object({ type: z.literal('note_mark'), noteId: Id, mark: z.enum(['here', 'centre', 'attention']) }),
  /** The phone of this login was taken over by another window. */
  z.object({ type: z.literal('phone_taken_over'), windowId: Id }),
  z.object({ type: z.literal('catalogue_changed') }),
  /** The agent at the PBX; null: the centre does not tell, so nothing is known. */
  z.object({ type: z.literal('pbx'), agent: PbxAgent.nullable() }),
  z.object({ type: z.literal('recording'), recording: CallRecording }),
  /** Others see this desk's screen, or no longer. */
  z.object({ type: z.literal('screen'), shared: z.boolean() }),
]);
export type HostEvent = z.infer<typeof HostEvent>;

/** A device that was chosen. Ids change (another profile, another day), so that its name and its group are kept, too. */
export const RememberedDevice = z.object({
  id: z.string().max(300),
  label: z.string().max(300),
  /** Microphone and speaker of one headset share it. */
  group: z.string().max(300),
});
export type RememberedDevice = z.infer<typeof RememberedDevice>;

/** Why a wss: address of the PBX is refused. */
export const CertificateTrouble = z.enum(['expired', 'not_yet_valid', 'wrong_name']);
export type CertificateTrouble = z.infer<typeof CertificateTrouble>;

/** Settings of this desk, not of the business. */
export const DeskSettings = z.object({
  language: z.enum(['ko', 'en']).nullable(),
  colorScheme: z.enum(['light', 'dark', 'auto']),
  ringVolume: z.number().min(0).max(1),
  /** null: what the system says. */
  microphone: RememberedDevice.nullable(),
  /** Where calls are heard. */
  speaker: RememberedDevice.nullable(),
  ringDevice: RememberedDevice.nullable(),
  noiseSuppression: z.boolean(),
  echoCancellation: z.boolean(),
  autoGain: z.boolean(),
  /** 'asked': only where the PBX asks for it. */
  autoAnswer: z.enum(['off', 'asked', 'always']),
  /** Electron only; null: no key is taken from other programs. */
  dialKey: DialKey.nullable(),
  /** How each agent of this desk wants the blocks beside a customer's history, by their ids. */
  arrangements: z.record(Id, Arrangement),
});
export type DeskSettings = z.infer<typeof DeskSettings>;

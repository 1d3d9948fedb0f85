import { z } from 'zod';
import { AccessLogEntry } from './access-log.ts';
import { Agent, Team } from './agent.ts';
import { CallQuality } from './call-quality.ts';
import { Consent, ConsentChannel, ConsentPurpose, DoNotCall } from './consent.ts';
import { ContactPoint, PhonePick } from './contact-point.ts';
import { Customer, CustomField, CustomValues } from './customer.ts';
import { FieldChange } from './customer-edit.ts';
import { Id } from './ids.ts';
import { CallResult, Interaction, NOTE_MAX_LENGTH, Note } from './interaction.ts';
import { CallRecording, PbxAgent, RecordingTimes } from './pbx.ts';
import { Instant, Language } from './text.ts';
import { BreakReason, Case, CustomerPromise, Disposition, Holding, Product, Queue } from './work.ts';

/**
 * What desk and centre say to each other. Any change here needs a new PROTOCOL_VERSION: tests/unit/shared holds a hash
 * of these schemas.
 */
export const PROTOCOL_VERSION = 8;

/** The tables that flow from the centre to the desks, in an order in which each row's parents come first. */
export const SYNC_TABLES = {
  team: Team,
  agent: Agent,
  queue: Queue,
  disposition: Disposition,
  break_reason: BreakReason,
  custom_field: CustomField,
  product: Product,
  customer: Customer,
  contact_point: ContactPoint,
  phone_pick: PhonePick,
  consent: Consent,
  do_not_call: DoNotCall,
  holding: Holding,
  case: Case,
  promise: CustomerPromise,
  interaction: Interaction,
  note: Note,
} as const;
export type SyncTable = keyof typeof SYNC_TABLES;
export const SyncTable = z.enum(Object.keys(SYNC_TABLES) as [SyncTable, ...SyncTable[]]);

/** `version` grows with each change of the row at the centre; a desk never replaces a row by an older version. */
function rowSchema<T extends SyncTable, S extends z.ZodType>(table: T, data: S) {
  return z.object({
    table: z.literal(table),
    id: Id,
    version: z.int().min(1),
    deleted: z.boolean(),
    /** Deleted on this desk only: the customer left what it holds, and lives on at the centre. */
    left: z.boolean().optional(),
    /** null when deleted: a deletion carries no personal data. */
    data: data.nullable(),
  });
}
export const SyncRow = z.discriminatedUnion('table', [
  rowSchema('team', Team),
  rowSchema('agent', Agent),
  rowSchema('queue', Queue),
  rowSchema('disposition', Disposition),
  rowSchema('break_reason', BreakReason),
  rowSchema('custom_field', CustomField),
  rowSchema('product', Product),
  rowSchema('customer', Customer),
  rowSchema('contact_point', ContactPoint),
  rowSchema('phone_pick', PhonePick),
  rowSchema('consent', Consent),
  rowSchema('do_not_call', DoNotCall),
  rowSchema('holding', Holding),
  rowSchema('case', Case),
  rowSchema('promise', CustomerPromise),
  rowSchema('interaction', Interaction),
  rowSchema('note', Note),
]);
export type SyncRow = z.infer<typeof SyncRow>;

/** A wrap-up that was left open longer, over a weekend, counts as this. */
export const WRAP_UP_MAX_SECONDS = 86_400;

/** What an agent did, as the centre applies it. Ids are made at the desk, so a repeat is the same act. */
export const OperationPayload = z.discriminatedUnion('kind', [
  /** A call began, changed or ended: facts that are null are not known yet. Sent again with more facts as they come. */
  z.object({
    kind: z.literal('interaction.record'),
    interactionId: Id,
    customerId: Id.nullable(),
    direction: z.enum(['in', 'out']),
    phone: z.string().max(64).nullable(),
    queue: z.string().max(100).nullable(),
    startedAt: Instant,
    answeredAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    result: CallResult.nullable(),
    quality: CallQuality.optional(),
    recording: RecordingTimes.optional(),
  }),
  /** How the call was wrapped up. Also ties it to the customer, where that became clear later. */
  z.object({
    kind: z.literal('interaction.wrap_up'),
    interactionId: Id,
    customerId: Id.nullable(),
    dispositionCode: z.string().max(40),
    wrapUpSeconds: z.int().min(0).max(WRAP_UP_MAX_SECONDS),
  }),
  z.object({
    kind: z.literal('note.save'),
    noteId: Id,
    interactionId: Id.nullable(),
    customerId: Id.nullable(),
    text: z.string().min(1).max(NOTE_MAX_LENGTH),
  }),
  z.object({
    kind: z.literal('customer.create'),
    customerId: Id,
    customerKind: z.enum(['person', 'company']),
    name: z.string().min(1).max(200),
    language: Language,
    contactPoints: z
      .array(
        z.object({
          id: Id,
          kind: z.enum(['phone', 'email', 'address']),
          value: z.string().min(1).max(300),
          label: z.string().max(60).nullable(),
        }),
      )
      .max(20),
    custom: CustomValues,
  }),
  /**
   * Facts that an agent corrected, each by itself: fields that nobody else touched merge. Where the centre has another value
   * than the author saw, the later word wins and the other one stays beside it (Customer.contested).
   */
  z.object({ kind: z.literal('customer.update'), customerId: Id, changes: z.array(FieldChange).min(1).max(20) }),
  z.object({ kind: z.literal('phone.pick'), pickId: Id, e164: z.string().max(20), customerId: Id }),
  z.object({
    kind: z.literal('consent.set'),
    consentId: Id,
    customerId: Id,
    channel: ConsentChannel,
    purpose: ConsentPurpose,
    status: z.enum(['granted', 'refused']),
    source: z.string().max(100),
  }),
  z.object({
    kind: z.literal('promise.make'),
    promiseId: Id,
    customerId: Id,
    interactionId: Id.nullable(),
    what: z.string().min(1).max(500),
    dueAt: Instant,
  }),
  z.object({ kind: z.literal('access.record'), entries: z.array(AccessLogEntry).min(1).max(200) }),
]);
export type OperationPayload = z.infer<typeof OperationPayload>;

export const Operation = z.object({
  opId: Id,
  deviceId: Id,
  /** 1, 2, 3 … for each device; a hole is not an error, a number used by another opId is DEVICE_FORKED. */
  deviceSeq: z.int().min(1),
  schemaVersion: z.int().min(1),
  authorId: Id,
  /** The version of the row that the author saw, where the act changes a row; else null. */
  baseVersion: z.int().nullable(),
  /** The desk's clock. Kept, shown, never used to order anything. */
  claimedAt: Instant,
  payload: OperationPayload,
});
export type Operation = z.infer<typeof Operation>;

export const RejectionCode = z.enum([
  'INVALID', // does not fit what the centre accepts
  'UNKNOWN_CUSTOMER',
  'UNKNOWN_DISPOSITION',
  'ERASED', // the customer was erased: never comes back
  'CONFLICT', // the id is taken by something else
  'FORBIDDEN', // the author may not do this (any more)
  'UNSUPPORTED', // a kind or schema version that this centre does not know
]);
export type RejectionCode = z.infer<typeof RejectionCode>;

/** The centre's final word on one operation. It is stored with the effect; the same operation gets the same word again. */
export const OperationReply = z.discriminatedUnion('status', [
  z.object({ opId: Id, status: z.literal('applied'), rows: z.array(SyncRow) }),
  z.object({ opId: Id, status: z.literal('rejected'), code: RejectionCode, detail: z.string().max(500) }),
]);
export type OperationReply = z.infer<typeof OperationReply>;

export const PUSH_MAX_OPERATIONS = 100;
/** POST /v1/sync/push. Operations arrive unparsed one by one, so that a bad one rejects alone. */
export const PushRequest = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  deviceId: Id,
  /** The epoch the desk knows; null before its first bootstrap. Another one answers 409 EPOCH_CHANGED. */
  epoch: z.string().max(200).nullable(),
  /** What the centre acknowledged last in this epoch: a centre that does not know it was restored. */
  acknowledged: Id.optional(),
  operations: z.array(z.unknown()).min(1).max(PUSH_MAX_OPERATIONS),
});
export type PushRequest = z.infer<typeof PushRequest>;
/** One reply per operation, in the order sent. 409 DEVICE_FORKED when a deviceSeq belongs to another opId. */
export const PushResponse = z.object({ epoch: z.string(), replies: z.array(OperationReply), serverTime: Instant });
export type PushResponse = z.infer<typeof PushResponse>;

export const PULL_MAX_ROWS = 500;
/**
 * GET /v1/sync/changes?cursor=…&limit=…&acknowledged=…&seen=… : rows changed after the cursor, in the centre's one order. 409
 * EPOCH_CHANGED. `acknowledged` as in a push: a desk that only reads notices a restored centre, too.
 */
export const PullResponse = z.object({
  epoch: z.string(),
  rows: z.array(SyncRow).max(PULL_MAX_ROWS),
  cursor: z.string(),
  more: z.boolean(),
  serverTime: Instant,
});
export type PullResponse = z.infer<typeof PullResponse>;

/** GET /v1/sync/start: where a bootstrap begins. Snapshot pages first, then changes from this cursor on. */
export const BootstrapStart = z.object({
  epoch: z.string(),
  cursor: z.string(),
  tables: z.array(z.object({ table: SyncTable, count: z.int() })),
  serverTime: Instant,
});
export type BootstrapStart = z.infer<typeof BootstrapStart>;

export const SNAPSHOT_MAX_ROWS = 5000;
/** GET /v1/sync/snapshot?table=…&after=…&limit=…&seen=… : rows of one table by id; `next` is the `after` of the next page. */
export const SnapshotPage = z.object({
  epoch: z.string(),
  rows: z.array(SyncRow),
  next: Id.nullable(),
  /** How far the centre had come. Told again (`seen`) with the next pages and the first changes: an older copy shows itself. */
  end: z.string(),
});
export type SnapshotPage = z.infer<typeof SnapshotPage>;

/** WS /v1/sync/live. The desk's first frame is a hello; the centre then pokes after each batch of changes. */
export const LiveHello = z.object({
  type: z.literal('hello'),
  accessToken: z.string(),
  /** What this desk understands beyond pokes; an older desk would take it for nonsense. */
  hears: z.array(z.string().max(40)).max(10).optional(),
});
export const LiveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), epoch: z.string() }),
  z.object({ type: z.literal('poke') }),
  z.object({ type: z.literal('ping') }),
  /** For desks that hear 'pbx': their agent in the PBX, at once and at every change. */
  z.object({ type: z.literal('pbx'), agent: PbxAgent }),
  /** For desks that hear 'pbx': the recording of a call that was asked about. */
  z.object({ type: z.literal('recording'), recording: CallRecording }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;

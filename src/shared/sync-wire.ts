import { z } from 'zod';
import { Agent, Team } from './agent.ts';
import { Consent, DoNotCall } from './consent.ts';
import { ContactPoint, PhonePick } from './contact-point.ts';
import { Customer, CustomField } from './customer.ts';
import { Id } from './ids.ts';
import { Interaction, Note } from './interaction.ts';
import { KnowledgeArticle, KnowledgeCount } from './knowledge.ts';
import { OperationPayload } from './operation-payload.ts';
import { Order } from './order.ts';
import { CallRecording, PbxAgent } from './pbx.ts';
import { Relationship } from './relationship.ts';
import { Script } from './script.ts';
import { ScriptRun } from './script-record.ts';
import { ServiceLevel } from './service-level.ts';
import { Instant } from './text.ts';
import { TextBlock } from './text-block.ts';
import { BreakReason, Case, CustomerPromise, Disposition, Holding, Product, Queue } from './work.ts';

export { WRAP_UP_MAX_SECONDS } from './interaction.ts';
export { OperationPayload } from './operation-payload.ts';

/**
 * What desk and centre say to each other. Any change here needs a new PROTOCOL_VERSION: tests/unit/shared holds a hash
 * of these schemas.
 */
export const PROTOCOL_VERSION = 17;
/** Which one a desk speaks, told with every request of its sync; another one answers 409 OTHER_RELEASE. */
export const PROTOCOL_HEADER = 'dangol-protocol';

/** The tables that flow from the centre to the desks, in an order in which each row's parents come first. */
export const SYNC_TABLES = {
  team: Team,
  agent: Agent,
  queue: Queue,
  disposition: Disposition,
  break_reason: BreakReason,
  text_block: TextBlock,
  custom_field: CustomField,
  service_level: ServiceLevel,
  product: Product,
  knowledge_article: KnowledgeArticle,
  knowledge_count: KnowledgeCount,
  script: Script,
  customer: Customer,
  contact_point: ContactPoint,
  phone_pick: PhonePick,
  consent: Consent,
  do_not_call: DoNotCall,
  relationship: Relationship,
  holding: Holding,
  order: Order,
  case: Case,
  promise: CustomerPromise,
  interaction: Interaction,
  note: Note,
  script_run: ScriptRun,
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
  rowSchema('text_block', TextBlock),
  rowSchema('custom_field', CustomField),
  rowSchema('service_level', ServiceLevel),
  rowSchema('product', Product),
  rowSchema('knowledge_article', KnowledgeArticle),
  rowSchema('knowledge_count', KnowledgeCount),
  rowSchema('script', Script),
  rowSchema('customer', Customer),
  rowSchema('contact_point', ContactPoint),
  rowSchema('phone_pick', PhonePick),
  rowSchema('consent', Consent),
  rowSchema('do_not_call', DoNotCall),
  rowSchema('relationship', Relationship),
  rowSchema('holding', Holding),
  rowSchema('order', Order),
  rowSchema('case', Case),
  rowSchema('promise', CustomerPromise),
  rowSchema('interaction', Interaction),
  rowSchema('note', Note),
  rowSchema('script_run', ScriptRun),
]);
export type SyncRow = z.infer<typeof SyncRow>;

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
  'MERGED_MEANWHILE', // one of the two was merged otherwise since: look at them again
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
  /** Where this desk's cache stands, or began to be filled: whose rows it holds. Absent: it was never filled. */
  cursor: z.string().max(300).optional(),
  operations: z.array(z.unknown()).min(1).max(PUSH_MAX_OPERATIONS),
});
export type PushRequest = z.infer<typeof PushRequest>;
/** One reply per operation, in the order sent. 409 DEVICE_FORKED when a deviceSeq belongs to another opId. */
export const PushResponse = z.object({
  epoch: z.string(),
  replies: z.array(OperationReply),
  /** Ids of rows in the replies that a desk with this cursor does not hold: it stores none of them. */
  outside: z.array(Id),
  serverTime: Instant,
});
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

import { z } from 'zod';
import { AccessLogEntry } from './access-log.ts';
import { CallQuality } from './call-quality.ts';
import { ConsentChannel, ConsentPurpose } from './consent.ts';
import { CustomValues } from './customer.ts';
import { FieldChange } from './customer-edit.ts';
import { MERGE_MAX_FIELDS, MergeField, SPLIT_MAX_CONTACTS } from './customer-merge.ts';
import { Id } from './ids.ts';
import { CallResult, NOTE_MAX_LENGTH, WRAP_UP_MAX_SECONDS } from './interaction.ts';
import { KnowledgeUse } from './knowledge.ts';
import { MESSAGE_SUBJECT_MAX, MESSAGE_TEXT_MAX, WrittenChannel } from './message.ts';
import { RecordingTimes } from './pbx.ts';
import { RelationRole } from './relationship.ts';
import { RunFacts } from './script-record.ts';
import { Instant, Language } from './text.ts';
import { CaseChange, CasePriority, Owner, PromiseChange, PromiseKind } from './work.ts';

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
  /**
   * Two customers are the same person: `customerId` stays and gets all that is `goneId`'s. Every fact with what the author saw on
   * both sides, so that what was changed on another desk meanwhile is not lost.
   */
  z.object({
    kind: z.literal('customer.merge'),
    mergeId: Id,
    customerId: Id,
    goneId: Id,
    fields: z.array(MergeField).max(MERGE_MAX_FIELDS),
  }),
  /** Gives back exactly what that merge moved. What was written since stays where it was written. */
  z.object({ kind: z.literal('customer.unmerge'), mergeId: Id, customerId: Id, goneId: Id }),
  /** What was written down as one customer are two people: a new customer with these numbers, addresses and contacts of the other. */
  z.object({
    kind: z.literal('customer.split'),
    customerId: Id,
    fromId: Id,
    name: z.string().min(1).max(200),
    contactPointIds: z.array(Id).max(50),
    interactionIds: z.array(Id).max(SPLIT_MAX_CONTACTS),
  }),
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
  /** Two are around each other; `role`: what the other one is to the customer. Both sides are written. */
  z.object({
    kind: z.literal('relation.add'),
    relationId: Id,
    mirrorId: Id,
    customerId: Id,
    otherId: Id,
    role: RelationRole,
  }),
  /** On both sides; several where two who were merged had the same one around them. */
  z.object({ kind: z.literal('relation.remove'), customerId: Id, relationIds: z.array(Id).min(1).max(50) }),
  z.object({
    kind: z.literal('promise.make'),
    promiseId: Id,
    customerId: Id,
    interactionId: Id.nullable(),
    what: z.string().min(1).max(500),
    dueAt: Instant,
    /** Absent: a promise. */
    promiseKind: PromiseKind.optional(),
    /** Absent: whoever makes it. */
    owner: Owner.optional(),
    contactPointId: Id.optional(),
  }),
  /** Kept, broken, withdrawn, opened again, put off or handed on. The later word wins; the earlier one stays in the history. */
  z.object({
    kind: z.literal('promise.change'),
    promiseId: Id,
    customerId: Id,
    interactionId: Id.nullable(),
    change: PromiseChange,
    why: z.string().max(300).nullable(),
  }),
  z.object({
    kind: z.literal('case.open'),
    caseId: Id,
    customerId: Id,
    interactionId: Id.nullable(),
    subject: z.string().min(1).max(300),
    priority: CasePriority,
    dueAt: Instant.nullable(),
    /** Absent: whoever opens it. */
    owner: Owner.optional(),
    custom: CustomValues.optional(),
  }),
  z.object({
    kind: z.literal('case.change'),
    caseId: Id,
    customerId: Id,
    interactionId: Id.nullable(),
    change: CaseChange,
    why: z.string().max(300).nullable(),
  }),
  /**
   * An article of the business was cited, or it helped. Counts once for its author, the article and `occasionId` (the call;
   * outside of one the note). Of nobody in particular: no customer is named.
   */
  z.object({
    kind: z.literal('knowledge.use'),
    articleId: Id,
    number: z.int().min(1),
    use: KnowledgeUse,
    occasionId: Id,
  }),
  /**
   * A mail or message to a customer. `messageId` becomes its interaction, and names it to the mail server: a repeat is the same
   * mail. Where it goes, the centre knows: to whoever wrote what it `answers`, or to this contact point.
   */
  z.object({
    kind: z.literal('message.send'),
    messageId: Id,
    customerId: Id,
    channel: WrittenChannel,
    answers: Id.nullable(),
    contactPointId: Id.nullable(),
    /** One that could not be sent, and is sent in this form now. */
    replaces: Id.optional(),
    subject: z.string().trim().min(1).max(MESSAGE_SUBJECT_MAX),
    text: z.string().trim().min(1).max(MESSAGE_TEXT_MAX),
  }),
  /** Whose a message is that nobody could be found for; or, with `done`, that it needs no answer. */
  z.object({
    kind: z.literal('message.settle'),
    messageId: Id,
    customerId: Id.nullable(),
    done: z.boolean(),
  }),
  /** A script was gone through, to its end or until it was given up: what was said and answered, once for each run. */
  RunFacts.extend({ kind: z.literal('script.run'), runId: Id }),
  z.object({ kind: z.literal('access.record'), entries: z.array(AccessLogEntry).min(1).max(200) }),
]);
export type OperationPayload = z.infer<typeof OperationPayload>;

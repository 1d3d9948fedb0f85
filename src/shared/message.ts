import { z } from 'zod';
import { Id } from './ids.ts';
import { Day, Instant } from './text.ts';

/** What is kept of the words of one mail or message; the rest of a longer one is in its source at the centre. */
export const MESSAGE_TEXT_MAX = 10_000;
export const MESSAGE_SUBJECT_MAX = 300;
export const MESSAGE_MAX_ATTACHMENTS = 50;

export const MessageAttachment = z.object({
  name: z.string().max(200),
  type: z.string().max(100),
  bytes: z.int().min(0),
});
export type MessageAttachment = z.infer<typeof MessageAttachment>;

/**
 * Where something that we wrote is: waiting at the centre; handed to the mail server (or taken by the other service); refused, with
 * a reason; or written anew after that.
 */
export const SendingState = z.enum(['queued', 'sent', 'failed', 'replaced']);
export type SendingState = z.infer<typeof SendingState>;

/**
 * Why it did not leave: no mailbox is set up; the other side refused the address, or the message; the account is not let in; it was
 * tried for days; the connection broke after the whole message was handed over, so that nobody knows (never repeated by itself); or
 * the service that brought the question takes no answers any more.
 */
export const SendingReason = z.enum([
  'no_mailbox',
  'bad_address',
  'refused',
  'not_let_in',
  'gave_up',
  'uncertain',
  'no_answers',
]);
export type SendingReason = z.infer<typeof SendingReason>;

export const Sending = z.object({
  state: SendingState,
  at: Instant,
  tries: z.int().min(0),
  reason: SendingReason.nullable(),
  /** A practice centre without a mailbox: shown as sent, and nothing left the house. */
  practice: z.boolean().optional(),
});
export type Sending = z.infer<typeof Sending>;

/** Which form or service brought it. */
export const MessageVia = z.object({
  name: z.string().max(40),
  /** As the business calls it. */
  label: z.string().max(60),
  /** False: a service that takes no answers. */
  answers: z.boolean(),
});
export type MessageVia = z.infer<typeof MessageVia>;

export const MESSAGE_MAX_FIELDS = 40;
export const MESSAGE_FIELD_MAX = 1_000;

/** What else a form asked, in its order. */
export const MessageField = z.object({ name: z.string().max(100), value: z.string().max(MESSAGE_FIELD_MAX) });
export type MessageField = z.infer<typeof MessageField>;

/** The words of a contact that was written: a mail, a message, a web form. Part of its interaction. */
export const WrittenMessage = z.object({
  /** The other side's: who wrote to us, or to whom we wrote. null where nobody could tell. */
  address: z.string().max(320).nullable(),
  /** Who they say they are, and their number: of forms and services. */
  name: z.string().max(200).optional(),
  phone: z.string().max(64).optional(),
  via: MessageVia.optional(),
  fields: z.array(MessageField).max(MESSAGE_MAX_FIELDS).optional(),
  text: z.string().max(MESSAGE_TEXT_MAX),
  /** There is more of it in the source. */
  cut: z.boolean().optional(),
  /** It came broken and is shown as far as it can be read; its source is at the centre. */
  damaged: z.boolean().optional(),
  attachments: z.array(MessageAttachment).max(MESSAGE_MAX_ATTACHMENTS).optional(),
  /** The interaction that this one answers. */
  answers: Id.optional(),
  caseId: Id.optional(),
  /** Until when somebody is to answer what came in; absent: nobody has to. */
  dueAt: Instant.optional(),
  /** Answered, or set aside because there is nothing to answer. */
  settled: z.object({ at: Instant, byName: z.string().max(100), how: z.enum(['answered', 'not_needed']) }).optional(),
  /** Only of what we wrote. */
  sending: Sending.optional(),
});
export type WrittenMessage = z.infer<typeof WrittenMessage>;

/** What an agent writes on. Web forms are answered by mail. */
export const WrittenChannel = z.enum(['email', 'message']);
export type WrittenChannel = z.infer<typeof WrittenChannel>;

/** Whether somebody still has to answer it. */
export function isWaiting(row: { direction: 'in' | 'out'; message?: WrittenMessage | undefined }): boolean {
  return row.direction === 'in' && row.message?.dueAt !== undefined && row.message.settled === undefined;
}

/** Whether there is a way to answer it: a service may take none. */
export function takesAnswers(message: Pick<WrittenMessage, 'via'> | undefined): boolean {
  return message?.via?.answers !== false;
}

const Host = z.string().min(1).max(200);
const LineText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\r\n\0]+$/);
/** `none` is for a server on the same machine only: a password does not cross a network in the open. */
const Security = z.enum(['tls', 'starttls', 'none']);
const Server = z
  .object({ host: Host, port: z.int().min(1).max(65_535), security: Security, user: LineText(200) })
  .refine(({ host, security }) => security !== 'none' || ['127.0.0.1', '::1', 'localhost'].includes(host), {
    error: 'without encryption only on this machine',
    path: ['security'],
  });

/** PUT /v1/admin/mailbox. null: mail is off. */
export const AdminMailbox = z.object({
  /** The address that customers write to, and that our mails come from. */
  address: z.email().max(200),
  name: LineText(100),
  imap: Server.and(z.object({ folder: LineText(200).default('INBOX') })).nullable(),
  smtp: Server.nullable(),
  /** Absent: DANGOL_MAIL_PASSWORD of the centre's environment, or the one that is kept where account and servers stay the same. */
  password: z.string().min(1).max(500).optional(),
  /** Mails that arrived before this day stay where they are. */
  since: Day,
  replyHours: z.int().min(1).max(720).default(24),
  /** Contact forms that write mails under their own address: whose those are, their Reply-To says. */
  formSenders: z.array(z.email().max(200)).max(50).default([]),
});
export type AdminMailbox = z.infer<typeof AdminMailbox>;

/** PUT /v1/admin/message-keeping: after so many days the source of what came in goes, its words stay; null: never. 365 until it is said. */
export const MessageKeeping = z.object({ sourceDays: z.int().min(1).max(36_500).nullable() });
export type MessageKeeping = z.infer<typeof MessageKeeping>;

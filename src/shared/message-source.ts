import { z } from 'zod';
import { Instant } from './text.ts';

// Web forms and services (chat, message services) that bring to the centre what people write there.

/** Inbound bodies of more bytes are refused. */
export const INBOUND_MAX_BYTES = 256 * 1024;
/** How far the clock of a source may be off the centre's, s; an older request is a replay. */
export const INBOUND_CLOCK_SECONDS = 300;
/** For so long the secret before still signs what comes in, unless it is to end at once. */
export const OLD_SECRET_HOURS = 24;

/** `web`: a form; what is written there is answered by mail. `message`: a service with conversations, answered through it. */
export const SourceChannel = z.enum(['web', 'message']);
export type SourceChannel = z.infer<typeof SourceChannel>;

/** Part of an address: POST /v1/inbound/<name>. `mail` is the mailbox. */
export const SourceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
  .refine((name) => name !== 'mail', { error: 'mail is the mailbox' });

/** What the fields of a form are to the centre. */
export const FORM_ROLES = ['name', 'phone', 'email', 'subject', 'text'] as const;
export type FormRole = (typeof FORM_ROLES)[number];

const FieldName = z.string().trim().min(1).max(100);
/** The form's own name for each. What is not said is known by its usual names; null: the form has none. */
export const FormFields = z.partialRecord(z.enum(FORM_ROLES), FieldName.nullable());
export type FormFields = z.infer<typeof FormFields>;

/** https, or http on this machine only: an answer to a customer does not cross a network in the open. */
const ReplyUrl = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => text.startsWith('https:') || ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(text).hostname), {
    error: 'https, or http on this machine',
  });

/** PUT /v1/admin/message-sources; natural key: `name`. What is left out stays as it was. */
export const AdminMessageSource = z.object({
  name: SourceName,
  /** Required of a new one; it never changes. */
  channel: SourceChannel.optional(),
  /** As the desk names it: "카카오 상담톡". Required of a new one. */
  label: z.string().trim().min(1).max(60).optional(),
  /** Where answers go; null: none are taken. Only of a service: forms are answered by mail. */
  replyUrl: ReplyUrl.nullable().optional(),
  fields: FormFields.optional(),
  /** Until when somebody is to answer; a new one: 24. */
  replyHours: z.int().min(1).max(720).optional(),
  /** How many are taken in a minute; a new one: 600. */
  perMinute: z.int().min(1).max(60_000).optional(),
  active: z.boolean().optional(),
});
export type AdminMessageSource = z.infer<typeof AdminMessageSource>;

/** `secret`: shown this once, of a new source; null: it is kept. */
export const AdminMessageSourceResponse = z.object({ created: z.boolean(), secret: z.string().nullable() });
export type AdminMessageSourceResponse = z.infer<typeof AdminMessageSourceResponse>;

/** POST /v1/admin/message-sources/:name/secret: a new one. `atOnce`: the one before is not taken any more, not even for a day. */
export const AdminNewSecret = z.object({ atOnce: z.boolean().default(false) });
export const AdminNewSecretResponse = z.object({ secret: z.string(), oldUntil: Instant.nullable() });

/** POST /v1/admin/message-sources/:name/try: something comes in as if the source had brought it. */
export const AdminTrySource = z.object({
  name: z.string().trim().max(100).optional(),
  phone: z.string().trim().max(64).optional(),
  email: z.string().trim().max(320).optional(),
  text: z.string().trim().min(1).max(2000).optional(),
});
export type AdminTrySource = z.infer<typeof AdminTrySource>;

const Text = (max: number) => z.string().max(max);
/** How a service names a message, a conversation or a person. Whole numbers are taken where services use them as names. */
export const InboundName = z.union([
  z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u),
  z.int().transform(String),
]);

/** The body of POST /v1/inbound/:source from a service. */
export const InboundMessage = z.object({
  /** The service's own name of this message: the same again is the same message. */
  id: InboundName,
  /** All messages of a conversation say the same. */
  conversation: InboundName.nullish(),
  /** When it was written; the moment of arrival if it is left out, or lies ahead. */
  at: Instant.nullish(),
  from: z
    .object({
      /** Who it is in the service. Answers go there. */
      id: InboundName.nullish(),
      name: Text(200).nullish(),
      phone: Text(64).nullish(),
      email: Text(320).nullish(),
      /** Where the service knows who signed in: it is believed. */
      customerNumber: Text(40).nullish(),
    })
    .default({}),
  subject: Text(1000).nullish(),
  text: Text(INBOUND_MAX_BYTES).default(''),
  attachments: z
    .array(z.object({ name: Text(500), type: Text(200).default(''), bytes: z.int().min(0).default(0) }))
    .max(50)
    .default([]),
  /** Shown below the words. */
  fields: z.record(z.string().max(500), z.unknown()).default({}),
  /** An answering machine wrote it, or a button: nobody waits for an answer. */
  automatic: z.boolean().default(false),
});
export type InboundMessage = z.infer<typeof InboundMessage>;

/** What POST /v1/inbound/:source answers: 201 where it is new, 200 where it came before. */
export const InboundResponse = z.object({ repeated: z.boolean() });

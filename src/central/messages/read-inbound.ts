import {
  MESSAGE_FIELD_MAX,
  MESSAGE_MAX_ATTACHMENTS,
  MESSAGE_MAX_FIELDS,
  MESSAGE_SUBJECT_MAX,
  MESSAGE_TEXT_MAX,
  type MessageAttachment,
  type MessageField,
} from '../../shared/message.ts';
import { InboundMessage, InboundName } from '../../shared/message-source.ts';
import { CentralProblem } from '../problem.ts';
import { decoderOf, readUrlEncoded, typeOf } from './body-text.ts';
import { type FormEntry, isEmail, readForm } from './form-fields.ts';
import { cleanText, cutTo, oneLine } from './read-mail.ts';
import type { MessageSource } from './sources.ts';

/** What somebody wrote in a form or to a service. Every text is one that the database and the wire take. */
export interface ReadInbound {
  /** The sender's own name of it. */
  id: string;
  conversation: string | null;
  sender: string | null;
  at: string | null;
  name: string | null;
  phone: string | null;
  email: string | null;
  customerNumber: string | null;
  subject: string | null;
  text: string;
  cut: boolean;
  attachments: MessageAttachment[];
  fields: MessageField[];
  automatic: boolean;
}

export interface InboundBody {
  contentType: string | undefined;
  /** Of the header dangol-message-id. */
  id: string | undefined;
  body: Uint8Array;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** @throws CentralProblem BAD_INPUT (400; 415 of another type), which names what is wrong and nothing of what was written. */
export function readInbound(source: Pick<MessageSource, 'channel' | 'fields'>, given: InboundBody): ReadInbound {
  const { type, charset } = typeOf(given.contentType);
  if (source.channel === 'web' && type === FORM_TYPE) {
    return readEntries(source, given, readUrlEncoded(given.body, charset));
  }
  if (type !== JSON_TYPE) {
    const wanted = source.channel === 'web' ? `${JSON_TYPE} or ${FORM_TYPE}` : JSON_TYPE;
    throw new CentralProblem('BAD_INPUT', { status: 415, detail: `content-type: ${wanted} is taken` });
  }
  const json = parse(decoderOf(charset)(given.body));
  if (source.channel === 'message') return readMessage(given, json);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad('body: is no object of fields');
  return readEntries(source, given, Object.entries(json).map(asEntry));
}

const bad = (detail: string) => new CentralProblem('BAD_INPUT', { detail });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad('body: is no JSON');
  }
}

/** A value of any form as a line of text. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.map(String).join(', ');
  try {
    return JSON.stringify(value);
  } catch {
    // So deep that nobody wrote it.
    throw bad('body: is too deep');
  }
}

const asEntry = ([name, value]: [string, unknown]): FormEntry => [name, wordsOf(value)];

function readEntries({ fields }: Pick<MessageSource, 'fields'>, given: InboundBody, entries: FormEntry[]): ReadInbound {
  const form = readForm(fields, entries);
  return finished({
    ...{ id: idOf(given, form.id), conversation: null, sender: null, at: null, customerNumber: null },
    ...{ name: form.name, phone: form.phone, email: form.email, subject: form.subject, text: form.text },
    ...{ attachments: [], automatic: false, rest: form.rest },
  });
}

function readMessage(given: InboundBody, json: unknown): ReadInbound {
  const withId = typeof json === 'object' && json !== null && given.id !== undefined ? { id: given.id, ...json } : json;
  const read = InboundMessage.safeParse(withId);
  if (!read.success) {
    throw bad(
      read.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`).join('; '),
    );
  }
  const { id, conversation, at, from, subject, text, attachments, fields, automatic } = read.data;
  const rest = Object.entries(fields).map(asEntry);
  if (from.email && !isEmail(from.email)) rest.push(['email', from.email]);
  return finished({
    ...{ id, at: at ?? null, conversation: conversation ?? null, automatic },
    sender: from.id ?? null,
    name: from.name ?? '',
    phone: from.phone ?? '',
    email: from.email && isEmail(from.email) ? from.email : '',
    customerNumber: from.customerNumber ?? null,
    ...{ subject: subject ?? '', text, attachments, rest },
  });
}

function idOf(given: InboundBody, ofForm: string | null): string {
  const id = InboundName.safeParse(given.id ?? ofForm ?? undefined);
  if (id.success) return id.data;
  throw bad(
    'id: give each submission one of its own, in a field `id` or the header dangol-message-id (1 to 200 characters)',
  );
}

interface Raw extends Omit<ReadInbound, 'name' | 'phone' | 'email' | 'subject' | 'cut' | 'fields'> {
  name: string;
  phone: string;
  email: string;
  subject: string;
  rest: readonly FormEntry[];
}

function finished({ rest, ...raw }: Raw): ReadInbound {
  const text = cleanText(raw.text);
  const subject = oneLine(raw.subject, MESSAGE_SUBJECT_MAX) || null;
  const all = rest.flatMap(([name, value]) => {
    const words = cleanText(value);
    return words === '' ? [] : [{ name: oneLine(name, 100) || '-', value: cutTo(words, MESSAGE_FIELD_MAX), words }];
  });
  const fields = all.slice(0, MESSAGE_MAX_FIELDS).map(({ name, value }) => ({ name, value }));
  if (text === '' && subject === null && fields.length === 0 && raw.attachments.length === 0) {
    throw bad('text: nothing was written');
  }
  const fieldsCut = all.length > fields.length || all.some(({ value, words }) => value !== words);
  return {
    ...raw,
    name: oneLine(raw.name, 200) || null,
    phone: oneLine(raw.phone, 64) || null,
    email: oneLine(raw.email, 320).toLowerCase() || null,
    customerNumber: raw.customerNumber && (oneLine(raw.customerNumber, 40) || null),
    ...{ subject, fields, text: cutTo(text, MESSAGE_TEXT_MAX), cut: text.length > MESSAGE_TEXT_MAX || fieldsCut },
    attachments: raw.attachments.slice(0, MESSAGE_MAX_ATTACHMENTS).map(({ name, type, bytes }) => ({
      ...{ name: oneLine(name, 200), type: oneLine(type, 100), bytes },
    })),
  };
}

import { createHash } from 'node:crypto';
import { convert, type HtmlToTextOptions } from 'html-to-text';
import PostalMime, { type Address, type Email } from 'postal-mime';
import {
  MESSAGE_MAX_ATTACHMENTS,
  MESSAGE_SUBJECT_MAX,
  MESSAGE_TEXT_MAX,
  type MessageAttachment,
} from '../../shared/message.ts';
import { mended, readBytes, unread } from './charset.ts';

/** What a mail says, as far as it can be read. Every text is one that the database and the wire take. */
export interface ReadMail {
  /** The same for the same mail, wherever it came by: two mails under one Message-ID are two. */
  key: string;
  messageId: string | null;
  /** Message-IDs that it answers or follows, the nearest first. */
  follows: string[];
  from: string | null;
  subject: string | null;
  text: string;
  cut: boolean;
  damaged: boolean;
  attachments: MessageAttachment[];
  /** An answering machine wrote it: nobody waits for an answer. */
  automatic: boolean;
}

const FOLLOWS_AT_MOST = 50;

/** Addresses that write for others: the business's own, and its contact forms. Small letters. */
export type FormSenders = ReadonlySet<string>;

/** Reads a mail, however broken. Never throws: what cannot be read at all is shown as it came. */
export async function readMail(raw: Uint8Array, formSenders: FormSenders = new Set()): Promise<ReadMail> {
  const whole = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const bodyAt = endOfHead(whole);
  try {
    return await readParts(whole, bodyAt, formSenders);
  } catch {
    return unreadable(whole, bodyAt, createHash('sha256').update(whole).digest('base64url'));
  }
}

/** The bytes of one attachment, in the order in which `readMail` lists them; null: it cannot be read. */
export async function readAttachment(raw: Uint8Array, index: number): Promise<Uint8Array | null> {
  const whole = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const email = await tryParse(withReadableHead(whole, endOfHead(whole)));
  const content = email?.attachments[index]?.content;
  if (content === undefined) return null;
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
}

async function readParts(whole: Buffer, bodyAt: number, formSenders: FormSenders): Promise<ReadMail> {
  const source = withReadableHead(whole, bodyAt);
  const email = await parse(source);
  const messageId = email ? (idsIn(email.messageId ?? '')[0] ?? null) : null;
  const key = createHash('sha256')
    .update(messageId === null ? whole : `${messageId}\n`)
    .update(messageId === null ? '' : whole.subarray(bodyAt))
    .digest('base64url');
  if (email === null) return unreadable(whole, bodyAt, key);
  const text = cleanText(email.text ?? '');
  const subject = oneLine(email.subject ?? '', MESSAGE_SUBJECT_MAX);
  return {
    ...{ key, messageId, follows: followed(email), from: addressOf(email, formSenders), subject: subject || null },
    ...{ text: cutTo(text, MESSAGE_TEXT_MAX), cut: text.length > MESSAGE_TEXT_MAX },
    damaged: unread(text) + unread(subject) > 0,
    attachments: email.attachments.slice(0, MESSAGE_MAX_ATTACHMENTS).map((one) => ({
      name: oneLine(one.filename ?? '', 200),
      type: oneLine(one.mimeType, 100),
      bytes: typeof one.content === 'string' ? one.content.length : one.content.byteLength,
    })),
    automatic: isAutomatic(email),
  };
}

/** The parse that could read most: where characters are missing, the mail's own word on its character sets is not taken. */
async function parse(source: Buffer): Promise<Email | null> {
  const asTold = await tryParse(source);
  if (asTold === null) return null;
  const first = { ...asTold, text: mended(wordsOf(asTold)) };
  if (unread(first.text) === 0 && !KOREAN.test(source.toString('latin1'))) return first;
  const untold = source.toString('latin1').replace(/charset\s*=\s*("[^"\r\n]*"|[\w.:-]+)/gi, 'charset=us-ascii');
  const again = await tryParse(Buffer.from(untold, 'latin1'));
  if (again === null) return first;
  const text = mended(wordsOf(again));
  return doubtful(text) < doubtful(first.text) ? { ...first, text } : first;
}

/** What the platform does not read whole, however rightly it is labelled. */
const KOREAN = /charset\s*=\s*"?(?:euc-?kr|ks_?c|cp949|uhc|windows-949|ms949|korean)/i;

/** Signs that no writer meant: what could not be read, and control signs of Latin-1. */
const doubtful = (text: string) => unread(text) + (text.match(/[\u0080-\u009f]/g)?.length ?? 0);

/** Of a longer text nobody sees more than its beginning: the rest is not worked on. */
const LOOKED_AT = 4 * MESSAGE_TEXT_MAX;

const PAGE: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxInputLength: 1_000_000, maxDepth: 100, maxChildNodes: 10_000 },
  selectors: [{ selector: 'img', format: 'skip' }],
};

/** The plain part; of a mail without one the words of its page, of which nothing runs. */
function wordsOf({ text, html }: Email): string {
  if (text?.trim() || !html) return (text ?? '').slice(0, LOOKED_AT);
  return convert(html, PAGE).slice(0, LOOKED_AT);
}

async function tryParse(source: Buffer): Promise<Email | null> {
  try {
    return await PostalMime.parse(source, { rfc822Attachments: true });
  } catch {
    return null;
  }
}

/** The parser gave up: the head by hand, and the beginning of the rest as it came. */
function unreadable(whole: Buffer, bodyAt: number, key: string): ReadMail {
  const head = readBytes(whole.subarray(0, Math.min(bodyAt, 65_536))).replace(/\r?\n[ \t]+/g, ' ');
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  const body = cleanText(readBytes(whole.subarray(bodyAt, bodyAt + MESSAGE_TEXT_MAX)));
  return {
    ...{ key, messageId: idsIn(field('message-id'))[0] ?? null, follows: idsIn(field('in-reply-to')) },
    from: /[^\s<>"(),;:]+@[^\s<>"(),;:]+/.exec(field('from').slice(0, 1000))?.[0].toLowerCase().slice(0, 320) ?? null,
    subject: oneLine(field('subject'), MESSAGE_SUBJECT_MAX) || null,
    ...{ text: cutTo(body, MESSAGE_TEXT_MAX), cut: whole.length - bodyAt > MESSAGE_TEXT_MAX },
    ...{ damaged: true, attachments: [], automatic: false },
  };
}

function endOfHead(whole: Buffer): number {
  const ends = ['\r\n\r\n', '\n\n'].map((end) => ({ at: whole.indexOf(end), length: end.length }));
  const found = ends.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)[0];
  return found ? found.at + found.length : whole.length;
}

/** A head with bytes beyond ASCII that are no UTF-8 becomes UTF-8: the parser takes it for nothing else. */
function withReadableHead(whole: Buffer, bodyAt: number): Buffer {
  const head = whole.subarray(0, bodyAt);
  if (!head.some((byte) => byte > 127)) return whole;
  return Buffer.concat([Buffer.from(readBytes(head), 'utf8'), whole.subarray(bodyAt)]);
}

/**
 * Who wrote it: From says so. Where a contact form of ours writes under its own address, its Reply-To says who filled it in; of anybody
 * else a Reply-To proves nothing, and an answer goes to whom the desk shows.
 */
function addressOf({ replyTo, from, sender }: Email, formSenders: FormSenders): string | null {
  const [author] = [from, sender].flatMap(addressesIn);
  const [other] = (replyTo ?? []).flatMap(addressesIn);
  return (author === undefined || formSenders.has(author) ? (other ?? author) : author) ?? null;
}

const addressesIn = (one: Address | undefined) =>
  (one ? mailboxes(one) : [])
    .filter((address) => /^[^\s@]+@[^\s@]+$/.test(address))
    .map((address) => plain(address).toLowerCase().slice(0, 320));

const mailboxes = (one: Address) => (one.group ? one.group.map(({ address }) => address) : [one.address ?? '']);

function followed({ inReplyTo, references }: Email): string[] {
  const all = [...idsIn(inReplyTo ?? ''), ...idsIn(references ?? '').reverse()];
  return [...new Set(all)].slice(0, FOLLOWS_AT_MOST);
}

const idsIn = (text: string) =>
  [...text.matchAll(/<([^<>\s]{1,500})>/g)].flatMap(([, id]) => (id === undefined ? [] : [plain(id)]));

/** RFC 3834: whoever sends by machine says so. */
function isAutomatic({ headers }: Email): boolean {
  const says = (name: string) =>
    headers
      .find(({ key }) => key === name)
      ?.value.trim()
      .toLowerCase() ?? '';
  const auto = says('auto-submitted');
  return (auto !== '' && auto !== 'no') || ['bulk', 'list', 'junk'].includes(says('precedence'));
}

/** No NUL, no half of a surrogate pair: neither goes into a database's JSON. */
export function plain(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

export function cleanText(text: string): string {
  return plain(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ''))
    .replace(/\n{4,}/g, '\n\n\n')
    .trim();
}

export function oneLine(text: string, max: number): string {
  return cutTo(
    plain(text)
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
    max,
  );
}

/** At most so many UTF-16 units, never half a sign. */
export function cutTo(text: string, max: number): string {
  return text.length <= max
    ? text
    : text
        .slice(0, max)
        .toWellFormed()
        .replace(/\ufffd$/, '');
}

import { z } from 'zod';
import { Id } from './ids.ts';
import type { MessageAttachment } from './message.ts';

/** Larger ones stay at the centre: a desk gets them in one answer. */
export const ATTACHMENT_MAX_BYTES = 5_000_000;

/** Why somebody takes out what a customer sent: into the access log, like any export. */
export const AttachmentReason = z.string().trim().min(2).max(200);

/** POST /v1/messages/:id/attachments/:index. */
export const AttachmentRequest = z.object({ reason: AttachmentReason });

/** What a desk asks for: one of those that the message lists, by its place in the list. */
export const AttachmentOf = z.object({ messageId: Id, index: z.int().min(0).max(49), reason: AttachmentReason });
export type AttachmentOf = z.infer<typeof AttachmentOf>;

/**
 * One attachment, or why there is none: its kind could harm whoever opens it (told by its name, or by what is in it); it is larger than
 * a desk takes; or the source of the mail is not kept (any more).
 */
export const AttachmentAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('given'), base64: z.string().max(Math.ceil(ATTACHMENT_MAX_BYTES / 3) * 4) }),
  z.object({ state: z.literal('dangerous') }),
  z.object({ state: z.literal('too_large') }),
  z.object({ state: z.literal('gone') }),
]);
export type AttachmentAnswer = z.infer<typeof AttachmentAnswer>;

/** Images and plain texts are shown in the page, documents are saved and opened elsewhere, and what is dangerous is neither. */
export type AttachmentKind = 'image' | 'text' | 'document' | 'dangerous';

type Bytes = Uint8Array;
const begins = (...signature: number[]) => {
  return (bytes: Bytes) => signature.every((byte, index) => bytes[index] === byte);
};
const ascii = (bytes: Bytes, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
const isZip = begins(0x50, 0x4b, 0x03, 0x04);
const isText = (bytes: Bytes) => !bytes.includes(0) && !begins(0x4d, 0x5a)(bytes) && !begins(0x23, 0x21)(bytes);

interface Safe {
  kind: Exclude<AttachmentKind, 'dangerous'>;
  type: string;
  /** Whether the bytes are what the name says. */
  is: (bytes: Bytes) => boolean;
}
const image = (type: string, is: Safe['is']): Safe => ({ kind: 'image', type: `image/${type}`, is });
const paper = (is: Safe['is']): Safe => ({ kind: 'document', type: 'application/octet-stream', is });
const text: Safe = { kind: 'text', type: 'text/plain', is: isText };
const jpeg = image('jpeg', begins(0xff, 0xd8, 0xff));

/**
 * What a desk takes, by the end of its name: a list of what is allowed, because nobody knows all that is not. Pages, drawings that run
 * scripts, archives and office files with macros (also the old formats, which do not say whether they have any) are not on it. hwp is:
 * Korean offices send little else.
 */
const SAFE: Readonly<Record<string, Safe>> = {
  ...{
    png: image('png', begins(0x89, 0x50, 0x4e, 0x47)),
    jpg: jpeg,
    jpeg,
    gif: image('gif', begins(0x47, 0x49, 0x46)),
  },
  webp: image('webp', (bytes) => ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP'),
  ...{ txt: text, csv: text, log: text },
  pdf: paper((bytes) => ascii(bytes, 0, 1024).includes('%PDF-')),
  ...{ docx: paper(isZip), xlsx: paper(isZip), pptx: paper(isZip), hwpx: paper(isZip) },
  ...{ odt: paper(isZip), ods: paper(isZip), odp: paper(isZip) },
  hwp: paper(begins(0xd0, 0xcf, 0x11, 0xe0)),
};

/** For parts without a name: what is shown of them is a name of our own. */
const OF_TYPE: Readonly<Record<string, string>> = {
  ...{ 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif', 'image/webp': 'webp' },
  ...{ 'text/plain': 'txt', 'application/pdf': 'pdf' },
};

/** Signs that turn the direction of writing or are not seen: with them `gpj.exe` looks like `exe.jpg`. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function extensionOf({ name, type }: Pick<MessageAttachment, 'name' | 'type'>): string {
  const clean = name.replace(UNSEEN, '').replace(/[. ]+$/, '');
  if (clean === '') return OF_TYPE[type.toLowerCase()] ?? '';
  const [, extension] = /\.([^.\\/]+)$/.exec(clean) ?? [];
  return extension?.toLowerCase() ?? '';
}

const safeOf = (one: Pick<MessageAttachment, 'name' | 'type'>): Safe | null => {
  const extension = extensionOf(one);
  return Object.hasOwn(SAFE, extension) ? (SAFE[extension] ?? null) : null;
};

/** What may be done with it, as far as its name tells. */
export function attachmentKind(one: Pick<MessageAttachment, 'name' | 'type'>): AttachmentKind {
  return safeOf(one)?.kind ?? 'dangerous';
}

/** The media type as which the page may show it; never what the mail says. */
export function attachmentType(one: Pick<MessageAttachment, 'name' | 'type'>): string {
  return safeOf(one)?.type ?? 'application/octet-stream';
}

/** Whether its bytes are what its name says: a program that is called a picture is none. */
export function isWhatItSays(one: Pick<MessageAttachment, 'name' | 'type'>, bytes: Uint8Array): boolean {
  return safeOf(one)?.is(bytes) ?? false;
}

/** The name under which it is saved: no folder, no sign that is not seen, and the end that its kind has. */
export function attachmentFileName(one: Pick<MessageAttachment, 'name' | 'type'>): string {
  const extension = extensionOf(one);
  const stem = one.name
    .replace(UNSEEN, '')
    .replace(/[. ]+$/, '')
    .replace(/\.[^.\\/]+$/, '')
    .replace(/[\\/:*?"<>|]+/g, '_')
    .replace(/^[. ]+/, '')
    .slice(0, 100);
  return `${stem === '' ? 'attachment' : stem}.${extension}`;
}

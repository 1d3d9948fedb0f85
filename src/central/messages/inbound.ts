import { createHash, timingSafeEqual } from 'node:crypto';
import type { WrittenMessage } from '../../shared/message.ts';
import { INBOUND_CLOCK_SECONDS } from '../../shared/message-source.ts';
import { type Clock, instant } from '../clock.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import { CentralProblem } from '../problem.ts';
import { type InboundBody, type ReadInbound, readInbound } from './read-inbound.ts';
import { signature } from './service-reply.ts';
import { type MessageSource, viaOf } from './sources.ts';
import { type Incoming, rawOf, takeIn } from './take.ts';
import { whoseSender } from './whose-sender.ts';

export interface Signed {
  /** Of the headers dangol-timestamp and dangol-signature. */
  timestamp: string;
  signature: string;
  /** Of the header dangol-message-id, where it is sent. */
  id: string | undefined;
  body: Uint8Array;
}

/**
 * Whoever knows a secret of the source signed this body lately. The signature is looked at first: what else is wrong is said only to
 * the source itself. @throws CentralProblem WRONG_SIGNATURE.
 */
export function mustBeSigned(secrets: readonly string[], given: Signed, clock: Clock): void {
  const said = Buffer.from(given.signature);
  const fits = secrets.filter((secret) => {
    const wanted = Buffer.from(signature(secret, given.timestamp, given.body, given.id));
    return wanted.length === said.length && timingSafeEqual(wanted, said);
  });
  if (fits.length === 0) throw new CentralProblem('WRONG_SIGNATURE');
  const off = Math.floor(clock() / 1000) - Number(given.timestamp);
  if (Number.isInteger(off) && Math.abs(off) <= INBOUND_CLOCK_SECONDS) return;
  const detail = Number.isInteger(off)
    ? `dangol-timestamp is ${Math.abs(off)} s ${off > 0 ? 'behind' : 'ahead of'} this centre's clock; ${INBOUND_CLOCK_SECONDS} are allowed`
    : 'dangol-timestamp is no whole number of seconds since 1970';
  throw new CentralProblem('WRONG_SIGNATURE', { detail });
}

/**
 * Takes what a source brought, once, however often it is brought.
 * @throws CentralProblem BAD_INPUT (409): a service brought another message under the same id before.
 */
export async function takeInbound(
  { db, clock }: { db: Db; clock: Clock },
  source: MessageSource,
  given: InboundBody,
): Promise<{ repeated: boolean }> {
  const now = instant(clock);
  const read = readInbound(source, given);
  const incoming = incomingOf(source, read, given.body, now);
  const { fresh } = await withRetry(() => db.transaction().execute((trx) => takeIn(trx, incoming, now)));
  if (!fresh && source.channel === 'message') await mustSayTheSame(db, source, given, read);
  return { repeated: !fresh };
}

/**
 * What says that a form is the same one: its id and its words. Not the id alone: there are plugins that give every form the same
 * one, and nothing that was written may be lost.
 */
function keyOfForm({ id, ...words }: ReadInbound, raw: Uint8Array): string {
  const said = createHash('sha256').update(words.cut ? raw : JSON.stringify(words));
  return `${id}#${said.digest('base64url')}`;
}

/** A service answers by its ids, so one id is one message: what comes under an id that another one has is refused in words, not lost. */
async function mustSayTheSame(db: Db, source: MessageSource, given: InboundBody, read: ReadInbound): Promise<void> {
  const before = await rawOf(db, source.name, read.id);
  // Erased, or its keeping ended: nobody can tell.
  if (before === null || before.equals(given.body)) return;
  if (wordsOf(readInbound(source, { ...given, body: before })) === wordsOf(read)) return;
  const detail = 'id: another message came under this id; give each message one of its own in all conversations';
  throw new CentralProblem('BAD_INPUT', { status: 409, detail });
}

/** What makes it another message. How it was delivered, and what the service knows of the person, may change. */
const wordsOf = ({ conversation, sender, subject, text, attachments }: ReadInbound) =>
  JSON.stringify([conversation, sender, subject, text, attachments]);

function incomingOf(source: MessageSource, read: ReadInbound, raw: Uint8Array, now: string): Incoming {
  const { id, conversation, sender, subject, email, phone, customerNumber } = read;
  const at = read.at !== null && Date.parse(read.at) < Date.parse(now) ? new Date(read.at).toISOString() : now;
  return {
    ...{
      source: source.name,
      key: source.channel === 'web' ? keyOfForm(read, raw) : id,
      channel: source.channel,
      at,
      subject,
      queue: null,
      messageId: null,
      refs: null,
    },
    ...{ conversation, sender, raw, message: messageOf(source, read, at) },
    whose: (trx) =>
      whoseSender(trx, { source: source.name, sender, conversation, email, phone, customerNumber, subject }),
  };
}

function messageOf(source: MessageSource, read: ReadInbound, at: string): WrittenMessage {
  const { name, phone, email, sender, conversation, fields, attachments } = read;
  const dueAt = new Date(Date.parse(at) + source.replyHours * 3_600_000).toISOString();
  // A form is answered by mail; a service where it is told to whom.
  const address = source.channel === 'web' ? email : (sender ?? conversation);
  return {
    ...{ address, text: read.text, via: viaOf(source, { address }) },
    ...(name ? { name } : {}),
    ...(phone ? { phone } : {}),
    ...(fields.length > 0 ? { fields } : {}),
    ...(read.cut ? { cut: true } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(read.automatic ? {} : { dueAt }),
  };
}

/** How many of a source are taken in a minute, by this process. */
export function createSourceLimits(clock: Clock): (source: Pick<MessageSource, 'name' | 'perMinute'>) => void {
  const minutes = new Map<string, { from: number; count: number }>();
  return ({ name, perMinute }) => {
    const now = clock();
    const there = minutes.get(name);
    const minute = there && now - there.from < 60_000 && now >= there.from ? there : { from: now, count: 0 };
    minutes.set(name, minute);
    minute.count += 1;
    if (minute.count <= perMinute) return;
    throw new CentralProblem('TOO_MANY_TRIES', {
      detail: `more than ${perMinute} in a minute`,
      retryAfterSeconds: Math.ceil((minute.from + 60_000 - now) / 1000),
    });
  };
}

import { timingSafeEqual } from 'node:crypto';
import type { WrittenMessage } from '../../shared/message.ts';
import { INBOUND_CLOCK_SECONDS } from '../../shared/message-source.ts';
import { type Clock, instant } from '../clock.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import { CentralProblem } from '../problem.ts';
import type { ReadInbound } from './read-inbound.ts';
import { signature } from './service-reply.ts';
import { type MessageSource, viaOf } from './sources.ts';
import { type Incoming, takeIn } from './take.ts';
import { whoseSender } from './whose-sender.ts';

export interface Signed {
  /** Of the headers dangol-timestamp and dangol-signature. */
  timestamp: string;
  signature: string;
  body: Uint8Array;
}

/**
 * Whoever knows a secret of the source signed this body lately. The signature is looked at first: what else is wrong is said only to
 * the source itself. @throws CentralProblem WRONG_SIGNATURE.
 */
export function mustBeSigned(secrets: readonly string[], given: Signed, clock: Clock): void {
  const said = Buffer.from(given.signature);
  const fits = secrets.filter((secret) => {
    const wanted = Buffer.from(signature(secret, given.timestamp, given.body));
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

/** Takes what a source brought, once, however often it is brought. */
export async function takeInbound(
  { db, clock }: { db: Db; clock: Clock },
  source: MessageSource,
  read: ReadInbound,
  raw: Uint8Array,
): Promise<{ repeated: boolean }> {
  const now = instant(clock);
  const incoming = incomingOf(source, read, raw, now);
  const { fresh } = await withRetry(() => db.transaction().execute((trx) => takeIn(trx, incoming, now)));
  return { repeated: !fresh };
}

function incomingOf(source: MessageSource, read: ReadInbound, raw: Uint8Array, now: string): Incoming {
  const { id, conversation, sender, subject, email, phone, customerNumber } = read;
  const at = read.at !== null && Date.parse(read.at) < Date.parse(now) ? new Date(read.at).toISOString() : now;
  return {
    ...{ source: source.name, key: id, channel: source.channel, at, subject, queue: null, messageId: null, refs: null },
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
  const via = viaOf(source);
  return {
    ...{
      address,
      text: read.text,
      via: address === null && source.channel === 'message' ? { ...via, answers: false } : via,
    },
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

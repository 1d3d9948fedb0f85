import { sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { Interaction } from '../../shared/interaction.ts';
import type { Clock } from '../clock.ts';
import { instant } from '../clock.ts';
import type { Db } from '../db/store.ts';
import { readRecord } from '../records.ts';
import type { Account } from './account.ts';
import { claimNext, keepOutcome, MAIL, markHanded, type Outcome, type Outgoing } from './outgoing.ts';
import { quoted } from './quote.ts';
import { compose, type Delivery, deliver } from './smtp.ts';

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;
/** RFC 5321, 4.5.4.1 names four to five days; a service mail that is older is no service. */
const GIVE_UP_MS = 3 * 86_400_000;
const LOOK_EVERY_MS = 5_000;

export interface SenderParts {
  db: Db;
  clock: Clock;
  random: () => number;
  /** False while it is not known whether there is a mailbox, or its password cannot be read: what is in the queue waits. */
  ready: () => boolean;
  /** null: no mailbox. */
  account: () => Account | null;
  /** A practice centre without a mailbox says "sent" and sends nothing. */
  practice: boolean;
  toService: (one: Outgoing, answered: Interaction | null) => Promise<Delivery | 'practice'>;
  changed: () => void;
  warn: (event: string, why?: string) => void;
}

export interface Sender {
  /** There may be something to send. */
  wake: () => void;
  close: () => Promise<void>;
}

/** Sends what is in the queue, one after another, for ever. */
export function createSender(parts: SenderParts): Sender {
  let closed = false;
  let again = false;
  let running: Promise<void> | null = null;
  const run = async () => {
    do {
      again = false;
      while (!closed && parts.ready() && (await sendNext(parts)));
    } while (again && !closed);
  };
  const wake = () => {
    if (closed) return;
    again = true;
    running ??= run()
      .catch(() => parts.warn('message queue not worked off'))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(wake, LOOK_EVERY_MS);
  timer.unref();
  return {
    wake,
    close: async () => {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}

async function sendNext(parts: SenderParts): Promise<boolean> {
  const { db, clock, changed } = parts;
  const one = await claimNext(db, clock());
  if (one === null) return false;
  const delivery = await attempt(parts, one);
  await keepOutcome(db, one, outcomeOf(parts, one, delivery), instant(clock));
  changed();
  return true;
}

async function attempt(parts: SenderParts, one: Outgoing): Promise<Delivery | 'practice'> {
  const { db, clock } = parts;
  // Whoever began it ended between handing it over and the server's word.
  if (one.wasHanded && one.source === MAIL) return { done: false, reason: 'uncertain', final: true };
  const answered = one.answers === null ? null : await readRecord(db, 'interaction', one.answers);
  if (one.source !== MAIL) return parts.toService(one, answered);
  const account = parts.account();
  if (account === null && parts.practice) return 'practice';
  if (account === null) return { done: false, reason: 'no_mailbox', final: true };
  const { language } = (await readRecord(db, 'customer', one.customerId)) ?? { language: 'ko' as const };
  const earlier = one.answers === null ? null : await readSource(db, one.answers);
  const content = await compose({
    from: { name: account.name, address: account.address },
    ...{ to: one.address, subject: one.subject, messageId: one.messageId, at: new Date(clock()) },
    text: answered ? `${one.text}\n\n${quoted(answered, language)}` : one.text,
    inReplyTo: earlier?.messageId ?? null,
    references: earlier?.messageId ? [earlier.refs, `<${earlier.messageId}>`].filter(Boolean).join(' ') : null,
  });
  return deliver(account, { from: account.address, to: one.address, content }, () =>
    markHanded(db, one, instant(clock)),
  );
}

function outcomeOf({ clock, random }: SenderParts, one: Outgoing, delivery: Delivery | 'practice'): Outcome {
  if (delivery === 'practice') return { state: 'sent', practice: true };
  if (delivery.done) return { state: 'sent' };
  if (delivery.final) return { state: 'failed', reason: delivery.reason ?? 'refused' };
  const now = clock();
  if (now - one.begunAt > GIVE_UP_MS) return { state: 'failed', reason: delivery.reason ?? 'gave_up' };
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(one.tries, 20));
  const nextAt = new Date(now + longest / 2 + (random() * longest) / 2).toISOString();
  return { state: 'queued', reason: delivery.reason, nextAt };
}

/** Under which name it came, and what it followed. */
async function readSource(db: Db, id: Id): Promise<{ messageId: string | null; refs: string | null } | null> {
  const { rows } = await sql<{ messageId: string | null; refs: string | null }>`
    SELECT message_id AS "messageId", refs FROM taken_message WHERE interaction_id = ${id}`.execute(db);
  return rows[0] ?? null;
}

import { ImapFlow } from 'imapflow';
import type { Clock } from '../clock.ts';
import { instant } from '../clock.ts';
import { rejectionOfDatabase } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import type { Account } from './account.ts';
import { readMail } from './read-mail.ts';
import { readPlace, takeMail } from './take.ts';

/** A mail is kept whole up to here; of a larger one the beginning, and the rest stays with the server. */
const SOURCE_MAX_BYTES = 25 * 1024 * 1024;
/** Asked even where the server does not say that something came. */
const LOOK_EVERY_MS = 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;

export type MailboxState = 'off' | 'connecting' | 'up' | 'down' | 'not_let_in';

export interface MailboxParts {
  db: Db;
  clock: Clock;
  random: () => number;
  /** New interactions are there. */
  took: () => void;
  warn: (event: string, why?: string) => void;
}

export interface MailboxReader {
  /** null: off. The same account again changes nothing. */
  use: (account: Account | null) => void;
  state: () => MailboxState;
  close: () => Promise<void>;
}

/**
 * Reads a mailbox for ever: what came is taken in the order of the server, once. The mailbox itself is only read: what was taken
 * stands in the database, with the mails.
 */
export function createMailboxReader(parts: MailboxParts): MailboxReader {
  let account: Account | null = null;
  let state: MailboxState = 'off';
  let turn = 0;
  let running: Promise<void> = Promise.resolve();
  let stop: () => void = () => {};
  return {
    state: () => state,
    use: (next) => {
      if (JSON.stringify(next) === JSON.stringify(account)) return;
      account = next;
      turn += 1;
      stop();
      const mine = turn;
      state = next?.imap ? 'connecting' : 'off';
      if (!next?.imap) return;
      const isCurrent = () => mine === turn;
      const ended = new Promise<void>((resolve) => {
        stop = resolve;
      });
      const before = running;
      running = before.then(() => readForEver(parts, next, { isCurrent, ended, say: (now) => (state = now) }));
    },
    close: async () => {
      turn += 1;
      account = null;
      stop();
      await running;
    },
  };
}

interface Turn {
  isCurrent: () => boolean;
  ended: Promise<void>;
  say: (state: MailboxState) => void;
}

async function readForEver(parts: MailboxParts, account: Account, turn: Turn): Promise<void> {
  for (let failures = 0; turn.isCurrent(); ) {
    turn.say('connecting');
    const done = await readOnce(parts, account, turn);
    if (!turn.isCurrent()) return;
    failures = done.wasUp ? 1 : failures + 1;
    turn.say(done.notLetIn ? 'not_let_in' : 'down');
    parts.warn('mailbox lost', done.why);
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    await pause(FIRST_WAIT_MS + parts.random() * longest, turn.ended);
  }
}

async function readOnce(parts: MailboxParts, account: Account, turn: Turn) {
  const client = clientFor(account);
  const ears = new Ears();
  client.on('error', (error: Error) => ears.fail(error));
  client.on('close', () => ears.fail(new Error('closed')));
  client.on('exists', () => ears.hear());
  let wasUp = false;
  try {
    await Promise.race([client.connect(), turn.ended]);
    if (!turn.isCurrent()) return { wasUp, notLetIn: false, why: '' };
    const opened = await client.mailboxOpen(account.imap?.folder ?? 'INBOX', { readOnly: true });
    wasUp = true;
    turn.say('up');
    while (turn.isCurrent()) {
      ears.clear();
      await takeNew(parts, client, account, String(opened.uidValidity), turn);
      // Not awaited: it ends with the next command, or with the connection.
      void client.idle().catch((error: unknown) => ears.fail(error instanceof Error ? error : new Error('idle')));
      await Promise.race([ears.heard(), pause(LOOK_EVERY_MS, turn.ended)]);
    }
    return { wasUp, notLetIn: false, why: '' };
  } catch (error) {
    const failed = typeof error === 'object' && error !== null && 'authenticationFailed' in error;
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    return { wasUp, notLetIn: failed, why: failed ? 'not let in' : code || (error instanceof Error ? error.name : '') };
  } finally {
    client.close();
  }
}

function clientFor({ imap, password }: Account): ImapFlow {
  return new ImapFlow({
    host: imap?.host ?? '',
    port: imap?.port ?? 993,
    secure: imap?.security === 'tls',
    ...(imap?.security === 'starttls' ? { doSTARTTLS: true } : {}),
    ...(imap?.security === 'none' ? { doSTARTTLS: false } : {}),
    auth: { user: imap?.user ?? '', pass: password },
    logger: false,
    emitLogs: false,
    disableAutoIdle: true,
  });
}

async function takeNew(
  { db, clock, took, warn }: MailboxParts,
  client: ImapFlow,
  account: Account,
  uidValidity: string,
  turn: Turn,
): Promise<void> {
  const mailbox = mailboxName(account);
  const last = await readPlace(db, mailbox, uidValidity);
  const found = await client.search(
    { uid: `${last + 1}:*`, since: new Date(`${account.since}T00:00:00Z`) },
    { uid: true },
  );
  // `n:*` always names the last mail, also where it is older than n.
  const uids = (found || []).filter((uid) => uid > last).sort((a, b) => a - b);
  for (const uid of uids) {
    if (!turn.isCurrent()) return;
    const query = { size: true, internalDate: true, source: { start: 0, maxLength: SOURCE_MAX_BYTES } };
    const mail = await client.fetchOne(String(uid), query, { uid: true });
    // Somebody removed it meanwhile.
    if (!mail || mail.source === undefined) continue;
    const at = new Date(mail.internalDate ?? clock()).toISOString();
    const tooLarge = (mail.size ?? 0) > mail.source.length;
    const read = await readMail(mail.source, formSendersOf(account));
    if (read.damaged) warn('a mail is damaged: kept as it came');
    const taken = { mailbox, uidValidity, uid, at, raw: mail.source, tooLarge };
    const fresh = await takeMail(db, read, taken, instant(clock)).catch((error: unknown) => {
      if (rejectionOfDatabase(error) === null) throw error;
      // One mail that the database cannot hold must not hold up the others: its source is kept, and that it came.
      return takeMail(db, { ...read, ...NOTHING_READ }, taken, instant(clock));
    });
    if (fresh) took();
  }
}

/** The business's own address, where a form writes as the business itself, and the forms that have one of their own. */
const formSendersOf = ({ address, formSenders }: Account) =>
  new Set([address, ...formSenders].map((one) => one.toLowerCase()));

const NOTHING_READ = {
  from: null,
  subject: null,
  text: '',
  attachments: [],
  messageId: null,
  follows: [],
  damaged: true,
};

const mailboxName = ({ imap }: Account) => `${imap?.user}@${imap?.host}:${imap?.port}/${imap?.folder}`;

/** What the connection says between two looks; what it said before anybody listened counts as well. */
class Ears {
  #news = false;
  #failure: Error | null = null;
  #tell: (() => void) | null = null;
  hear(): void {
    this.#news = true;
    this.#tell?.();
  }
  fail(error: Error): void {
    this.#failure = error;
    this.#tell?.();
  }
  clear(): void {
    this.#news = false;
  }
  async heard(): Promise<void> {
    if (!this.#news && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
    this.#tell = null;
    if (this.#failure) throw this.#failure;
  }
}

function pause(ms: number, ended: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    void ended.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

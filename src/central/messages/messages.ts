import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/store.ts';
import type { Secrets } from '../secrets.ts';
import { readSetting } from '../settings.ts';
import { type Account, readAccount } from './account.ts';
import { createMailboxReader, type MailboxState } from './mailbox.ts';
import { createSender } from './sender.ts';
import { replyToService } from './service-reply.ts';

export interface MessagesParts {
  db: Db;
  clock: Clock;
  secrets: Secrets;
  practice: boolean;
  random?: () => number;
  /** Rows changed: the desks hear of it. */
  changed: () => void;
  warn: (facts: { event: string; why?: string }) => void;
}

/** Mails and messages of other services: taken for ever, sent for ever. */
export interface Messages {
  start: () => Promise<void>;
  settingChanged: () => Promise<void>;
  /** An agent wrote something. */
  wake: () => void;
  state: () => Promise<{ mailbox: MailboxState | 'password_unreadable'; waiting: number; failed: number }>;
  close: () => Promise<void>;
}

/** Another process of the centre may have been told of another mailbox. */
const REFRESH_MS = 10_000;

export function createMessages(parts: MessagesParts): Messages {
  const { db, clock, secrets, changed } = parts;
  const random = parts.random ?? Math.random;
  const warn = (event: string, why?: string) => parts.warn(why === undefined ? { event } : { event, why });
  let account: Account | null = null;
  let unreadable = false;
  let known = false;
  let timer: NodeJS.Timeout | undefined;
  const mailbox = createMailboxReader({ db, clock, random, took: changed, warn });
  const sender = createSender({
    ...{ db, clock, random, practice: parts.practice, changed, warn },
    ready: () => known && !unreadable,
    account: () => account,
    toService: (one, answered) => replyToService({ db, secrets, clock, practice: parts.practice }, one, answered),
  });
  const settingChanged = async () => {
    const found = await readAccount(db, secrets);
    const isSet = found !== null || (await readSetting(db, 'mailbox')) !== null;
    account = found;
    unreadable = found === null && isSet;
    known = true;
    mailbox.use(account);
    sender.wake();
  };
  return {
    start: async () => {
      await settingChanged();
      timer = setInterval(() => void settingChanged().catch(() => warn('mailbox setting not read')), REFRESH_MS);
      timer.unref();
    },
    settingChanged,
    wake: () => sender.wake(),
    state: async () => {
      const { rows } = await sql<{ waiting: number; failed: number }>`
        SELECT count(*) FILTER (WHERE state IN ('queued', 'sending'))::int AS waiting,
          count(*) FILTER (WHERE state = 'failed')::int AS failed FROM outgoing_message`.execute(db);
      const { waiting = 0, failed = 0 } = rows[0] ?? {};
      return { mailbox: unreadable ? 'password_unreadable' : mailbox.state(), waiting, failed };
    },
    close: async () => {
      clearInterval(timer);
      await Promise.all([mailbox.close(), sender.close()]);
    },
  };
}

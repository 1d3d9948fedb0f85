import type { z } from 'zod';
import type { AdminMailbox } from '../../shared/message.ts';
import type { Db } from '../db/store.ts';
import { CentralProblem } from '../problem.ts';
import type { Secrets } from '../secrets.ts';
import { readSetting, type StoredMailbox, writeSetting } from '../settings.ts';

/** A mailbox with its password, as it is used. */
export type Account = z.infer<typeof StoredMailbox> & { password: string };

/** Where the password comes from that stands in no database. */
export const MAIL_PASSWORD = 'DANGOL_MAIL_PASSWORD';

/** Keeps the mailbox. The password of another account or server is never used for this one. */
export async function putMailbox(db: Db, secrets: Secrets, wanted: AdminMailbox | null): Promise<void> {
  if (wanted === null) return writeSetting(db, 'mailbox', null);
  const { password, ...rest } = wanted;
  const before = await readSetting(db, 'mailbox');
  const same = before !== null && placesOf(before) === placesOf(rest);
  const sealed = password === undefined ? (same ? before.sealed : null) : secrets.seal(password);
  if (sealed === null && !process.env[MAIL_PASSWORD] && (rest.imap || rest.smtp)) {
    throw new CentralProblem('BAD_INPUT', { detail: `password: give one, or ${MAIL_PASSWORD} to the centre` });
  }
  await writeSetting(db, 'mailbox', { ...rest, sealed });
}

const placesOf = ({ imap, smtp }: Pick<AdminMailbox, 'imap' | 'smtp'>) =>
  JSON.stringify([imap, smtp].map((one) => one && [one.host, one.port, one.user, one.security]));

/** null: no mailbox, or its password cannot be read any more (`list mailbox` says which). */
export async function readAccount(db: Db, secrets: Secrets): Promise<Account | null> {
  const stored = await readSetting(db, 'mailbox');
  if (stored === null) return null;
  const password = stored.sealed === null ? (process.env[MAIL_PASSWORD] ?? null) : secrets.open(stored.sealed);
  return password === null ? null : { ...stored, password };
}

import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import { type Id, newId } from '../../shared/ids.ts';
import type { Channel, Interaction } from '../../shared/interaction.ts';
import type { WrittenMessage } from '../../shared/message.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import type { CentralTables } from '../db/tables.ts';
import { StartAgain } from '../effects/effect.ts';
import { readRecord, writeRecords } from '../records.ts';
import { readSetting } from '../settings.ts';
import type { ReadMail } from './read-mail.ts';
import { type Whose, whoseIs } from './whose.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Something that was written to the business, ready to become an interaction. */
export interface Incoming {
  /** Where it came from: 'mail', or the name of another service. With `key` it is taken once. */
  source: string;
  key: string;
  channel: Extract<Channel, 'email' | 'web' | 'message'>;
  at: string;
  subject: string | null;
  message: WrittenMessage;
  queue: string | null;
  whose: (trx: Kysely<CentralTables>) => Promise<Whose>;
  messageId: string | null;
  refs: string | null;
  /** As a service names them: who wrote it, in which conversation. */
  sender?: string | null;
  conversation?: string | null;
  raw: Uint8Array | null;
}

/**
 * Takes it, or finds that it was taken before. Part of the transaction that also keeps the place in the mailbox: cut anywhere, it
 * happens once.
 */
export async function takeIn(
  trx: Kysely<CentralTables>,
  incoming: Incoming,
  now: string,
): Promise<{ id: Id; fresh: boolean }> {
  const { source, key, messageId, refs, sender = null, conversation = null } = incoming;
  const raw = incoming.raw && (await pack(incoming.raw));
  const { rows } = await sql<{ id: Id }>`
    INSERT INTO taken_message (source, key, interaction_id, message_id, refs, sender, conversation, raw, taken_at)
    VALUES (${source}, ${key}, ${newId()}, ${messageId}, ${refs}, ${sender}, ${conversation}, ${raw}, ${now})
    ON CONFLICT (source, key) DO NOTHING RETURNING interaction_id::text AS id`.execute(trx);
  const id = rows[0]?.id;
  if (id === undefined) return { id: await takenBefore(trx, source, key), fresh: false };
  await writeRecords(trx, [{ table: 'interaction', id, data: await interactionOf(trx, incoming, id) }]);
  return { id, fresh: true };
}

async function takenBefore(trx: Kysely<CentralTables>, source: string, key: string): Promise<Id> {
  const { rows } = await sql<{ id: Id }>`
    SELECT interaction_id::text AS id FROM taken_message WHERE source = ${source} AND key = ${key}`.execute(trx);
  return rows[0]?.id ?? '';
}

/** The source of what was taken, as it came; null: it is not kept any more. */
export async function rawOf(db: Db, source: string, key: string): Promise<Buffer | null> {
  const { rows } = await sql<{ raw: Uint8Array | null }>`
    SELECT raw FROM taken_message WHERE source = ${source} AND key = ${key}`.execute(db);
  return rows[0]?.raw ? unpack(rows[0].raw) : null;
}

async function interactionOf(trx: Kysely<CentralTables>, incoming: Incoming, id: Id): Promise<Interaction> {
  const found = await incoming.whose(trx);
  // Waits for an erasure or a merge that is under way, as an agent's act would.
  const customer = found.customerId === null ? null : await readRecord(trx, 'customer', found.customerId, 'share');
  if (customer?.mergedInto) throw new StartAgain();
  const { customerId, answers, caseId } = customer ? found : { customerId: null, answers: null, caseId: null };
  const { channel, at, subject, message, queue } = incoming;
  return {
    ...{ id, customerId, channel, direction: 'in', startedAt: at, subject, queue },
    ...{
      answeredAt: null,
      endedAt: null,
      result: null,
      phone: null,
      agentId: null,
      agentName: null,
      dispositionCode: null,
    },
    message: { ...message, ...(answers ? { answers } : {}), ...(caseId ? { caseId } : {}) },
  };
}

export interface TakenMail {
  mailbox: string;
  uidValidity: string;
  uid: number;
  /** When the server got it. */
  at: string;
  raw: Uint8Array;
  /** The server has more of it than was fetched. */
  tooLarge: boolean;
}

/** Takes one mail and keeps the place behind it, together. @returns whether it was new. */
export async function takeMail(db: Db, mail: ReadMail, taken: TakenMail, now: string): Promise<boolean> {
  const { key, messageId, follows, from, subject, text, attachments, automatic } = mail;
  const setting = await readSetting(db, 'mailbox');
  const dueAt = new Date(Date.parse(taken.at) + (setting?.replyHours ?? 24) * 3_600_000).toISOString();
  const incoming: Incoming = {
    ...{ source: 'mail', key, channel: 'email', at: taken.at, subject, queue: null, messageId, raw: taken.raw },
    refs:
      [...follows]
        .reverse()
        .map((id) => `<${id}>`)
        .join(' ') || null,
    message: {
      ...{ address: from, text },
      ...(mail.cut ? { cut: true } : {}),
      ...(mail.damaged || taken.tooLarge ? { damaged: true } : {}),
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(automatic ? {} : { dueAt }),
    },
    whose: (trx) => whoseIs(trx, { from, follows, subject }),
  };
  return withRetry(() =>
    db.transaction().execute(async (trx) => {
      const { fresh } = await takeIn(trx, incoming, now);
      await keepPlace(trx, taken);
      return fresh;
    }),
  );
}

/** Behind which mail the mailbox was left. A mailbox that was made anew (another UIDVALIDITY) is begun anew. */
export async function readPlace(db: Db, mailbox: string, uidValidity: string): Promise<number> {
  const { rows } = await sql<{ uid: string }>`
    SELECT last_uid::text AS uid FROM mailbox_place WHERE mailbox = ${mailbox} AND uid_validity = ${uidValidity}`.execute(
    db,
  );
  return Number(rows[0]?.uid ?? 0);
}

async function keepPlace(trx: Kysely<CentralTables>, { mailbox, uidValidity, uid }: TakenMail): Promise<void> {
  await sql`
    INSERT INTO mailbox_place AS p (mailbox, uid_validity, last_uid) VALUES (${mailbox}, ${uidValidity}, ${uid})
    ON CONFLICT (mailbox) DO UPDATE SET uid_validity = excluded.uid_validity,
      last_uid = CASE WHEN p.uid_validity = excluded.uid_validity THEN greatest(p.last_uid, excluded.last_uid)
        ELSE excluded.last_uid END`.execute(trx);
}

import { type Kysely, sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { Sending, SendingReason } from '../../shared/message.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import type { CentralTables } from '../db/tables.ts';
import { readRecord, writeRecords } from '../records.ts';
import { readSetting } from '../settings.ts';

/** The name of the mailbox among the sources. */
export const MAIL = 'mail';

export interface NewMessage {
  id: Id;
  customerId: Id;
  source: string;
  address: string;
  subject: string;
  text: string;
  answers: Id | null;
  now: string;
}

/** Into the queue, under the name that the mail will have for ever: it is made of its own id. */
export async function queueMessage(trx: Kysely<CentralTables>, one: NewMessage): Promise<void> {
  const { id, customerId, source, address, subject, text, answers, now } = one;
  const mailbox = await readSetting(trx, 'mailbox');
  const messageId = `${id}@${mailbox?.address.split('@')[1] ?? 'dangol.invalid'}`;
  await sql`
    INSERT INTO outgoing_message (id, customer_id, source, address, subject, text, answers, message_id, state, next_at, begun_at)
    VALUES (${id}, ${customerId}, ${source}, ${address}, ${subject}, ${text}, ${answers}, ${messageId}, 'queued', ${now}, ${now})
    ON CONFLICT (id) DO NOTHING`.execute(trx);
}

export async function replaceOutgoing(trx: Kysely<CentralTables>, id: Id): Promise<void> {
  await sql`UPDATE outgoing_message SET state = 'replaced' WHERE id = ${id} AND state = 'failed'`.execute(trx);
}

export interface Outgoing {
  id: Id;
  customerId: Id;
  source: string;
  address: string;
  subject: string;
  text: string;
  answers: Id | null;
  messageId: string;
  tries: number;
  begunAt: number;
  /** Whoever tried before ended after the other side may have had it. */
  wasHanded: boolean;
}

/** Longer than any try (DELIVERY_MS): who holds a message longer than this is no more. */
const CLAIM_MS = 180_000;
/** A try ends after so long, whatever the other side does: well before somebody else may take the message over. */
export const DELIVERY_MS = 120_000;

/** The next message that may be tried now; nobody else gets it meanwhile. */
export async function claimNext(db: Db, now: number): Promise<Outgoing | null> {
  const at = new Date(now).toISOString();
  const until = new Date(now + CLAIM_MS).toISOString();
  const { rows } = await withRetry(() =>
    sql<Outgoing & { begun: Date }>`
      UPDATE outgoing_message o SET state = 'sending', claimed_until = ${until}, tries = o.tries + 1
      WHERE id = (
        SELECT id FROM outgoing_message
        WHERE (state = 'queued' AND next_at <= ${at}) OR (state = 'sending' AND claimed_until < ${at})
        ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id::text, customer_id::text AS "customerId", source, address, subject, text, answers::text,
        message_id AS "messageId", tries, begun_at AS begun, handed_at IS NOT NULL AS "wasHanded"`.execute(db),
  );
  const row = rows[0];
  return row ? { ...row, begunAt: row.begun.getTime() } : null;
}

/**
 * From now on the other side may have it. Committed before the first byte goes. @returns false: somebody else took the message over
 * meanwhile, and nothing of it may go from here.
 */
export async function markHanded(db: Db, { id, tries }: Pick<Outgoing, 'id' | 'tries'>, now: string): Promise<boolean> {
  const { rows } = await sql`
    UPDATE outgoing_message SET handed_at = ${now} WHERE id = ${id} AND state = 'sending' AND tries = ${tries} RETURNING 1`.execute(
    db,
  );
  return rows.length === 1;
}

export type Outcome =
  | { state: 'sent'; practice?: true }
  | { state: 'failed'; reason: SendingReason }
  | { state: 'queued'; reason: SendingReason | null; nextAt: string };

/**
 * What became of a try: in the queue, and in the row that the desks show, in one transaction. Nothing is left of an erased customer,
 * and of a message that somebody else took over meanwhile only they say what became of it.
 */
export async function keepOutcome(db: Db, one: Outgoing, outcome: Outcome, now: string): Promise<void> {
  const nextAt = outcome.state === 'queued' ? outcome.nextAt : now;
  await withRetry(() =>
    db.transaction().execute(async (trx) => {
      const row = await readRecord(trx, 'interaction', one.id, 'update');
      const { rows } = await sql`
        UPDATE outgoing_message SET state = ${outcome.state}, next_at = ${nextAt}, claimed_until = NULL, handed_at = NULL
        WHERE id = ${one.id} AND state = 'sending' AND tries = ${one.tries} RETURNING 1`.execute(trx);
      if (!row?.message || rows.length === 0) return;
      const sending: Sending = {
        ...{ state: outcome.state, at: now, tries: one.tries },
        reason: outcome.state === 'sent' ? null : outcome.reason,
        ...('practice' in outcome ? { practice: true } : {}),
      };
      await writeRecords(trx, [
        { table: 'interaction', id: one.id, data: { ...row, message: { ...row.message, sending } } },
      ]);
    }),
  );
}

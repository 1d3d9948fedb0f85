import { type Kysely, sql } from 'kysely';
import type { Interaction } from '../../shared/interaction.ts';
import type { MessageVia, WrittenMessage } from '../../shared/message.ts';
import {
  type AdminMessageSource,
  type AdminMessageSourceResponse,
  FormFields,
  OLD_SECRET_HOURS,
  type SourceChannel,
} from '../../shared/message-source.ts';
import { lockAdministration } from '../admin/natural-keys.ts';
import { newToken } from '../auth/tokens.ts';
import { type Clock, instant } from '../clock.ts';
import type { Db } from '../db/store.ts';
import type { CentralTables } from '../db/tables.ts';
import { CentralProblem } from '../problem.ts';
import { writeRecords } from '../records.ts';
import type { Secrets } from '../secrets.ts';

// Forms and services that bring what people write there. Their secrets lie sealed in the database.

export interface MessageSource {
  name: string;
  channel: SourceChannel;
  label: string;
  replyUrl: string | null;
  fields: FormFields;
  replyHours: number;
  perMinute: number;
  active: boolean;
}

interface StoredSource extends MessageSource {
  secret: string;
  oldSecret: string | null;
  oldUntil: Date | null;
}

export interface SourceParts {
  db: Db;
  clock: Clock;
  secrets: Secrets;
}

const COLUMNS = sql`name, channel, label, reply_url AS "replyUrl", fields, reply_hours AS "replyHours", per_minute AS "perMinute",
  active, secret, old_secret AS "oldSecret", old_until AS "oldUntil"`;

export async function readSource(db: Kysely<CentralTables>, name: string): Promise<StoredSource | null> {
  const { rows } = await sql<StoredSource>`SELECT ${COLUMNS} FROM message_source WHERE name = ${name}`.execute(db);
  const row = rows[0];
  return row ? { ...row, fields: FormFields.parse(row.fields) } : null;
}

/** What is signed with now, in both directions, the newest first. One that was sealed by another key is none. */
export function secretsOf({ secrets, clock }: SourceParts, source: StoredSource): string[] {
  const { secret, oldSecret, oldUntil } = source;
  const old = oldSecret !== null && oldUntil !== null && oldUntil.getTime() > clock() ? oldSecret : null;
  return [secret, old].flatMap((sealed) => (sealed === null ? [] : (secrets.open(sealed) ?? [])));
}

/** Creates the source, with a secret that is told this once, or changes it: what is left out stays. */
export async function putSource(parts: SourceParts, wanted: AdminMessageSource): Promise<AdminMessageSourceResponse> {
  const { db, clock, secrets } = parts;
  const secret = newToken('dgs');
  return db.transaction().execute(async (trx) => {
    await lockAdministration(trx);
    const before = await readSource(trx, wanted.name);
    const source = changed(before, wanted);
    await sql`
      INSERT INTO message_source (name, channel, label, secret, reply_url, fields, reply_hours, per_minute, active, created_at)
      VALUES (${source.name}, ${source.channel}, ${source.label}, ${secrets.seal(secret)}, ${source.replyUrl},
        ${JSON.stringify(source.fields)}::jsonb, ${source.replyHours}, ${source.perMinute}, ${source.active}, ${instant(clock)})
      ON CONFLICT (name) DO UPDATE SET label = excluded.label, reply_url = excluded.reply_url, fields = excluded.fields,
        reply_hours = excluded.reply_hours, per_minute = excluded.per_minute, active = excluded.active`.execute(trx);
    if (before !== null) await tellWaiting(trx, source);
    return { created: before === null, secret: before === null ? secret : null };
  });
}

/** What a message of this source says of it; one to a service that names nobody takes no answer. */
export const viaOf = (
  { name, label, channel, replyUrl, active }: MessageSource,
  { address }: Partial<Pick<WrittenMessage, 'address'>> = {},
): MessageVia => ({
  ...{ name, label, answers: channel === 'web' || (replyUrl !== null && active && address !== null) },
});

/** So many of its messages that wait hear of a change: whether there is a way to answer them. */
const TOLD_AT_MOST = 2_000;

async function tellWaiting(trx: Kysely<CentralTables>, source: MessageSource): Promise<void> {
  const via = viaOf(source);
  const mute = viaOf(source, { address: null });
  const { rows } = await sql<{ data: Interaction }>`
    SELECT r.data FROM taken_message t JOIN record r ON r.tbl = 'interaction' AND r.id = t.interaction_id
    WHERE t.source = ${source.name} AND NOT r.deleted AND r.data->'message'->'settled' IS NULL
      AND r.data->'message'->'via' IS DISTINCT FROM
        CASE WHEN r.data->'message'->>'address' IS NULL THEN ${JSON.stringify(mute)}::jsonb ELSE ${JSON.stringify(via)}::jsonb END
    ORDER BY t.taken_at DESC LIMIT ${TOLD_AT_MOST} FOR UPDATE OF r`.execute(trx);
  await writeRecords(
    trx,
    rows.flatMap(({ data }) => {
      if (!data.message) return [];
      const message = { ...data.message, via: viaOf(source, data.message) };
      return [{ table: 'interaction' as const, id: data.id, data: { ...data, message } }];
    }),
  );
}

function changed(before: MessageSource | null, wanted: AdminMessageSource): MessageSource {
  const channel = wanted.channel ?? before?.channel;
  const label = wanted.label ?? before?.label;
  if (channel === undefined || label === undefined) {
    throw new CentralProblem('BAD_INPUT', { detail: `${wanted.name} is new: channel and label are required` });
  }
  if (before && before.channel !== channel) {
    throw new CentralProblem('BAD_INPUT', { detail: `channel: ${wanted.name} is ${before.channel}, and stays it` });
  }
  if (channel === 'web' && wanted.replyUrl) {
    throw new CentralProblem('BAD_INPUT', { detail: 'replyUrl: what is written in a form is answered by mail' });
  }
  return {
    ...{ name: wanted.name, channel, label },
    replyUrl: wanted.replyUrl === undefined ? (before?.replyUrl ?? null) : wanted.replyUrl,
    fields: wanted.fields ?? before?.fields ?? {},
    replyHours: wanted.replyHours ?? before?.replyHours ?? 24,
    perMinute: wanted.perMinute ?? before?.perMinute ?? 600,
    active: wanted.active ?? before?.active ?? true,
  };
}

/** A new secret. The one before still signs for a day, what comes in and what goes out, so that the other side can change it in peace; or not, `atOnce`. */
export async function renewSecret(
  { db, clock, secrets }: SourceParts,
  name: string,
  { atOnce }: { atOnce: boolean },
): Promise<{ secret: string; oldUntil: string | null }> {
  const secret = newToken('dgs');
  const oldUntil = atOnce ? null : instant(() => clock() + OLD_SECRET_HOURS * 3_600_000);
  const { rows } = await sql`
    UPDATE message_source SET old_secret = ${atOnce ? sql`NULL` : sql`secret`}, old_until = ${oldUntil}, secret = ${secrets.seal(secret)}
    WHERE name = ${name} RETURNING 1`.execute(db);
  if (rows.length === 0) throw new CentralProblem('NOT_FOUND', { detail: `there is no source ${name}` });
  return { secret, oldUntil };
}

/** Every source without its secret, with what it brought so far. `secret`: whether the centre can read it. */
export async function listSources({ db, secrets }: SourceParts): Promise<object[]> {
  const { rows } = await sql<StoredSource & { taken: number; lastAt: Date | null }>`
    SELECT ${COLUMNS}, t.taken, t.last_at AS "lastAt" FROM message_source s
    LEFT JOIN LATERAL (SELECT count(*)::int AS taken, max(taken_at) AS last_at FROM taken_message WHERE source = s.name) t ON true
    ORDER BY name`.execute(db);
  return rows.map(({ secret, oldSecret: _, oldUntil, lastAt, ...rest }) => ({
    ...rest,
    secret: secrets.open(secret) === null ? 'unreadable' : 'kept',
    oldSecretUntil: oldUntil?.toISOString() ?? null,
    lastAt: lastAt?.toISOString() ?? null,
  }));
}

import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Id } from '../shared/ids.ts';
import { SYNC_TABLES, type SyncTable } from '../shared/sync-wire.ts';
import type { CentralTables } from './db/tables.ts';

/** One row to be written; `data` null deletes it. */
export type RecordWrite = {
  [T in SyncTable]: {
    table: T;
    id: Id;
    data: z.infer<(typeof SYNC_TABLES)[T]> | null;
    /** Set where an act replaces what somebody else said: the old row is kept in the history. */
    keepsLoser?: boolean;
    /** Not in the reply: a long history comes with the feed. */
    quiet?: boolean;
  };
}[SyncTable];

export type DataOf<T extends SyncTable> = z.infer<(typeof SYNC_TABLES)[T]>;

/** A row as the wire has it, its JSON made by the database: nothing is parsed on the way to a desk. */
export const ROW_JSON = sql<string>`'{"table":"' || r.tbl || '","id":"' || r.id || '","version":' || r.version
  || ',"deleted":' || r.deleted || ',"data":' || coalesce(r.data::text, 'null') || '}'`;

/** Whose row it is: for erasure, and for the scopes to come. */
function customerOf(write: RecordWrite): Id | null {
  if (write.table === 'customer') return write.id;
  return write.data !== null && 'customerId' in write.data ? write.data.customerId : null;
}

const TABLE_ORDER = Object.keys(SYNC_TABLES);

/** Stands for everybody where a row says whose it was. */
export const EVERYBODY = sql`'00000000-0000-0000-0000-000000000000'::uuid`;

/** Whose a row is that belongs to no customer: calls and notes are of the agent who had them, a mail of somebody unknown is everybody's. */
export function ownerOfNobodys(row: 'r' | 'excluded'): RawBuilder<unknown> {
  const [table, data] = [sql.ref(`${row}.tbl`), sql.ref(`${row}.data`)];
  return sql`CASE WHEN ${table} IN ('interaction', 'note', 'script_run')
    THEN coalesce((${data}->>'agentId')::uuid, (${data}->>'authorId')::uuid,
      CASE WHEN ${data}->'message' IS NOT NULL THEN ${EVERYBODY} END) ELSE ${EVERYBODY} END`;
}

/** A row that goes over to somebody else remembers whose it was: desks that held it there, and only they, have to hear of it. */
const [WAS, IS] = [
  sql`coalesce(r.customer_id, ${ownerOfNobodys('r')})`,
  sql`coalesce(excluded.customer_id, r.customer_id, ${ownerOfNobodys('excluded')})`,
];
const WAS_OF = sql`CASE WHEN excluded.deleted OR ${WAS} IS NULL OR ${WAS} = ${IS} OR ${WAS} = ANY (r.was_of)
  THEN r.was_of ELSE array_append(r.was_of, ${WAS}) END`;

/**
 * Postgres takes no row twice in one statement; the last word counts. Sorted, so that two writers never wait in a circle, and
 * parents come before their children.
 */
function inOrder(writes: RecordWrite[]): RecordWrite[] {
  const byKey = new Map(writes.map((write) => [`${write.table} ${write.id}`, write]));
  const place = (write: RecordWrite) => `${String(TABLE_ORDER.indexOf(write.table)).padStart(2, '0')} ${write.id}`;
  return [...byKey.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/**
 * Writes rows. One that already says the same is left alone: no new version, nothing in the feed. A row of an erased
 * customer is never filled again, whoever asks.
 * @returns the rows that changed, as JSON of SyncRow.
 */
export async function writeRecords(db: Kysely<CentralTables>, writes: RecordWrite[]): Promise<string[]> {
  if (writes.length === 0) return [];
  const { rows } = await sql<{ json: string }>`${upsert(writes)} RETURNING ${ROW_JSON} AS json`.execute(db);
  return rows.map(({ json }) => json);
}

/** The same for whoever only wants to know how many changed: nothing is sent back. */
export async function countWrittenRecords(db: Kysely<CentralTables>, writes: RecordWrite[]): Promise<number> {
  if (writes.length === 0) return 0;
  const { rows } = await sql<{ n: number }>`
    WITH written AS (${upsert(writes)} RETURNING 1) SELECT count(*)::int AS n FROM written`.execute(db);
  return rows[0]?.n ?? 0;
}

function upsert(writes: RecordWrite[]): RawBuilder<unknown> {
  const page = JSON.stringify(inOrder(writes).map((w) => ({ t: w.table, i: w.id, c: customerOf(w), d: w.data })));
  return sql`
    INSERT INTO record AS r (tbl, id, version, deleted, customer_id, data, xid, seq)
    SELECT t, i, 1, d IS NULL, c, d, pg_current_xact_id(), nextval('record_seq')
    FROM jsonb_to_recordset(${page}::jsonb) AS page (t text, i uuid, c uuid, d jsonb)
    ON CONFLICT (tbl, id) DO UPDATE SET
      version = r.version + 1, deleted = excluded.deleted, customer_id = coalesce(excluded.customer_id, r.customer_id),
      data = excluded.data, xid = excluded.xid, seq = excluded.seq,
      was_of = ${WAS_OF}
    WHERE r.data IS DISTINCT FROM excluded.data
      AND (excluded.deleted OR NOT EXISTS (SELECT FROM erased_customer e WHERE e.customer_id = r.customer_id))`;
}

/** Keeps what rows say now, before `writeRecords` replaces it. `opId` is the act that wins. */
export async function keepLosers(
  db: Kysely<CentralTables>,
  writes: RecordWrite[],
  opId: Id,
  at: string,
): Promise<void> {
  for (const { table, id } of writes.filter((write) => write.keepsLoser)) {
    await sql`
      INSERT INTO record_history (tbl, id, version, customer_id, data, replaced_by, replaced_at)
      SELECT tbl, id, version, customer_id, data, ${opId}, ${at}
      FROM record WHERE tbl = ${table} AND id = ${id} AND data IS NOT NULL
      ON CONFLICT DO NOTHING`.execute(db);
  }
}

/** The row as it stands, or null where there is none or it was deleted. `lock` holds it for the rest of the transaction. */
export async function readRecord<T extends SyncTable>(
  db: Kysely<CentralTables>,
  table: T,
  id: Id,
  lock: 'update' | 'share' | 'none' = 'none',
): Promise<DataOf<T> | null> {
  const locking = { update: sql`FOR UPDATE`, share: sql`FOR SHARE`, none: sql`` }[lock];
  const { rows } = await sql<{ data: DataOf<T> | null }>`
    SELECT data FROM record WHERE tbl = ${table} AND id = ${id} ${locking}`.execute(db);
  return rows[0]?.data ?? null;
}

/** The living row whose field says this, e.g. the disposition of a code: how administrators name things. */
export async function findRecord<T extends SyncTable>(
  db: Kysely<CentralTables>,
  table: T,
  field: keyof DataOf<T> & string,
  value: string,
): Promise<DataOf<T> | null> {
  const { rows } = await sql<{ data: DataOf<T> }>`
    SELECT data FROM record WHERE tbl = ${table} AND NOT deleted AND data->>${sql.lit(field)} = ${value}
    ORDER BY id LIMIT 1`.execute(db);
  return rows[0]?.data ?? null;
}

/** All living rows of a table that is small by nature (teams, dispositions …); at most 1,000. */
export async function listRecords<T extends SyncTable>(db: Kysely<CentralTables>, table: T): Promise<DataOf<T>[]> {
  const { rows } = await sql<{ data: DataOf<T> }>`
    SELECT data FROM record WHERE tbl = ${table} AND NOT deleted ORDER BY id LIMIT 1000`.execute(db);
  return rows.map(({ data }) => data);
}

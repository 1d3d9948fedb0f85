import { type Kysely, sql } from 'kysely';
import type { AdminPutResponse } from '../../shared/central-admin-api.ts';
import { newId } from '../../shared/ids.ts';
import { SYNC_TABLES } from '../../shared/sync-wire.ts';
import type { Db } from '../db/store.ts';
import type { CentralTables } from '../db/tables.ts';
import { type DataOf, findRecord, type RecordWrite, writeRecords } from '../records.ts';

/** One administrator at a time, so that a name is never given twice. */
export async function lockAdministration(trx: Kysely<CentralTables>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(4701, 1)`.execute(trx);
}

/** One giver of customer numbers at a time. A lock of its own: an import holds it for minutes. */
export async function lockCustomerNumbers(trx: Kysely<CentralTables>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(4701, 2)`.execute(trx);
}

/** Creates the row or changes the one that has this natural key. */
export async function putByKey<T extends 'team' | 'queue' | 'disposition' | 'break_reason' | 'text_block' | 'product'>(
  db: Db,
  table: T,
  key: keyof DataOf<T> & string,
  data: Omit<DataOf<T>, 'id'>,
): Promise<AdminPutResponse> {
  return db.transaction().execute(async (trx) => {
    await lockAdministration(trx);
    const existing = await findRecord(trx, table, key, String(Reflect.get(data, key)));
    const id = existing?.id ?? newId();
    const row = SYNC_TABLES[table].parse({ ...data, id });
    await writeRecords(trx, [{ table, id, data: row } as RecordWrite]);
    return { id, created: existing === null };
  });
}

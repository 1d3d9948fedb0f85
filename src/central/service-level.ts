import { type Kysely, sql } from 'kysely';
import type { AdminPutResponse, AdminServiceLevel } from '../shared/central-admin-api.ts';
import { newId } from '../shared/ids.ts';
import { clockAnew, type ServiceLevel, startClock } from '../shared/service-level.ts';
import type { Case } from '../shared/work.ts';
import { lockAdministration } from './admin/natural-keys.ts';
import { withRetry } from './db/database-error.ts';
import type { Db } from './db/store.ts';
import type { CentralTables } from './db/tables.ts';
import { listRecords, type RecordWrite, writeRecords } from './records.ts';

/** So many cases get their new clock in one transaction. */
const AT_ONCE = 500;

/** What the business promises of its cases; null: nothing. */
export async function readServiceLevel(db: Kysely<CentralTables>): Promise<ServiceLevel | null> {
  return (await listRecords(db, 'service_level'))[0] ?? null;
}

/** There is one for the whole business. Cases that are open get their clocks by it: what has happened to them stays. */
export async function putServiceLevel(db: Db, wanted: AdminServiceLevel): Promise<AdminPutResponse> {
  const done = await db.transaction().execute(async (trx) => {
    await lockAdministration(trx);
    const before = await readServiceLevel(trx);
    const id = before?.id ?? newId();
    await writeRecords(trx, [{ table: 'service_level', id, data: { ...wanted, id } }]);
    return { id, created: before === null };
  });
  const level = { ...wanted, id: done.id };
  let after: string | null = '00000000-0000-0000-0000-000000000000';
  while (after !== null) after = await setClocks(db, level, after);
  return done;
}

/** @returns where to go on; null: those were the last. */
async function setClocks(db: Db, level: ServiceLevel, after: string): Promise<string | null> {
  return withRetry(() =>
    db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ id: string; data: Case }>`
        SELECT id::text, data FROM record WHERE tbl = 'case' AND NOT deleted AND data->>'status' <> 'closed' AND id > ${after}
        ORDER BY id LIMIT ${AT_ONCE} FOR UPDATE`.execute(trx);
      // Of what was opened before there was any clock, nobody knows when it was answered first: it was there for somebody to see.
      const writes = rows.map(({ id, data }): RecordWrite => {
        return { table: 'case', id, data: clockAnew(data, level, data.openedAt) };
      });
      await writeRecords(trx, writes);
      return rows.length < AT_ONCE ? null : (rows.at(-1)?.id ?? null);
    }),
  );
}

/** A row that comes with data of another system, with the clock that it would have had here. */
export function withClock(write: RecordWrite, level: ServiceLevel | null): RecordWrite {
  if (write.table !== 'case' || write.data === null || write.data.clock || write.data.status === 'closed') return write;
  return { ...write, data: startClock(write.data, level, write.data.openedAt) };
}

import { sql } from 'kysely';
import type { AdminLoad, AdminPageResponse, RowError } from '../../shared/central-admin-api.ts';
import { SYNC_TABLES, SyncTable } from '../../shared/sync-wire.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import { countWrittenRecords, type RecordWrite } from '../records.ts';
import { readServiceLevel, withClock } from '../service-level.ts';
import { whatIsWrong } from '../sync/read-operation.ts';

function readRow(row: AdminLoad['rows'][number]): RecordWrite | string {
  const table = SyncTable.safeParse(row.table);
  if (!table.success) return 'table: no such table';
  const data = SYNC_TABLES[table.data].safeParse(row.data);
  if (!data.success) return whatIsWrong(data.error);
  return { table: table.data, id: data.data.id, data: data.data } as RecordWrite;
}

function customerIdOf(write: RecordWrite): string | null {
  if (write.table === 'customer') return write.id;
  return write.data !== null && 'customerId' in write.data ? write.data.customerId : null;
}

/** Which of these customers were erased: their rows never come back, also not by a load. */
async function erasedAmong(db: Db, writes: RecordWrite[]): Promise<Set<string>> {
  const ids = JSON.stringify([...new Set(writes.flatMap((write) => customerIdOf(write) ?? []))]);
  const { rows } = await sql<{ id: string }>`
    SELECT customer_id::text AS id FROM erased_customer
    WHERE customer_id IN (SELECT jsonb_array_elements_text(${ids}::jsonb)::uuid)`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Writes a page of rows as they are, in one transaction. A row that does not fit is named and the others are written. */
export async function loadPage(db: Db, page: AdminLoad): Promise<AdminPageResponse> {
  const errors: RowError[] = [];
  const fitting: { index: number; write: RecordWrite }[] = [];
  for (const [index, row] of page.rows.entries()) {
    const read = readRow(row);
    if (typeof read === 'string') errors.push({ index, code: 'INVALID', detail: read });
    else fitting.push({ index, write: read });
  }
  return withRetry(() =>
    db.transaction().execute(async (trx) => {
      const erased = await erasedAmong(
        trx,
        fitting.map(({ write }) => write),
      );
      const living = fitting.filter(({ index, write }) => {
        const gone = erased.has(customerIdOf(write) ?? '');
        if (gone) errors.push({ index, code: 'ERASED', detail: 'the customer was erased' });
        return !gone;
      });
      const level = living.some(({ write }) => write.table === 'case') ? await readServiceLevel(trx) : null;
      const changed = await countWrittenRecords(
        trx,
        living.map(({ write }) => withClock(write, level)),
      );
      errors.sort((a, b) => a.index - b.index);
      return { changed, unchanged: living.length - changed, errors };
    }),
  );
}

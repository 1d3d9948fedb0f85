import { type Kysely, sql } from 'kysely';
import type { SyncTable } from '../../shared/sync-wire.ts';
import type { CentralTables } from '../db/tables.ts';
import type { Scope } from '../scope.ts';

/** A heap up to this size is counted whole; of a larger one about as much is looked at and the count is an estimate. */
const WHOLE_UP_TO_BYTES = 64 * 1024 * 1024;

/**
 * How many living rows of each table a scope holds, for a progress bar: exact where that is quick, close where it is not
 * (counting ten million rows would hold up everybody else).
 */
export async function countRows(
  db: Kysely<CentralTables>,
  scope: Scope,
  tables: SyncTable[],
  wholeUpTo = WHOLE_UP_TO_BYTES,
): Promise<Map<SyncTable, number>> {
  const { rows: sizes } = await sql<{ name: string; bytes: number }>`
    SELECT inhrelid::regclass::text AS name, pg_relation_size(inhrelid)::float8 AS bytes
    FROM pg_inherits WHERE inhparent = 'record'::regclass`.execute(db);
  const counts = new Map<SyncTable, number>();
  for (const table of tables) {
    const bytes = sizes.find(({ name }) => name === `record_${table}`)?.bytes ?? 0;
    const percent = bytes <= wholeUpTo ? 100 : (100 * wholeUpTo) / bytes;
    const sample = percent === 100 ? sql`` : sql`TABLESAMPLE SYSTEM (${sql.lit(percent)}) REPEATABLE (1)`;
    const { rows } = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM ${sql.table(`record_${table}`)} r ${sample} WHERE NOT r.deleted AND ${scope.where}`.execute(
      db,
    );
    counts.set(table, Math.round(((rows[0]?.n ?? 0) * 100) / percent));
  }
  return counts;
}

import { SYNC_TABLES, type SyncRow, type SyncTable } from '../../../src/shared/sync-wire.ts';
import { sampleRows } from '../../fakes/sample-set.ts';
import { customerRows } from './fill-cache.ts';

export const LOAD_TABLES = Object.keys(SYNC_TABLES) as SyncTable[];

export interface LoadPlan {
  customers: number;
  now: number;
  /** Contacts and notes come in no order of customers, as in life; else customer by customer. */
  scattered: boolean;
}

/** Every row of the first load that the bench makes, table by table, each in the order of its ids. */
export function loadRows({ customers, now, scattered }: LoadPlan): Map<SyncTable, SyncRow[]> {
  const sample = sampleRows(now);
  const tables = new Map<SyncTable, SyncRow[]>(LOAD_TABLES.map((table) => [table, []]));
  const add = (row: SyncRow) => tables.get(row.table)?.push(row);
  for (const row of sample) add(row);
  for (let n = 0; n < customers; n += 1) {
    for (const row of customerRows(sample, n, now)) add(scattered ? elsewhere(row, n) : row);
  }
  for (const rows of tables.values()) rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  return tables;
}

/** The same row under an id that says nothing of its customer. */
function elsewhere(row: SyncRow, n: number): SyncRow {
  if (row.data === null || (row.table !== 'interaction' && row.table !== 'note')) return row;
  const mixed = Math.imul(n ^ (n >>> 13), 0x5bd1e995) >>> 0;
  const id = `${row.id.slice(0, 24)}${mixed.toString(16).padStart(12, '0')}`;
  return { ...row, id, data: { ...row.data, id } } as SyncRow;
}

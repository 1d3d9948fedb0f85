import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import type { WritableDb } from '../../../src/sync/sql-db.ts';
import { sampleRows } from '../../fakes/sample-set.ts';

/** One customer in ten has the long history of those who call; the benches read these. */
const CONTACTS_OF_CALLERS = 20;
const CONTACTS = 2;
export const CALLERS = 10;

/**
 * Fills a cache with customers that a bench calls by number: customer n has 010 and n in eight digits.
 * @returns how many rows were written.
 */
export function fillCache(cache: WritableDb, customers: number): number {
  const now = Date.now();
  const template = sampleRows(now);
  let rows = 0;
  for (let from = 0; from < customers; from += 200) {
    const many = Math.min(200, customers - from);
    const batch = Array.from({ length: many }, (_, n) => customerRows(template, from + n, now)).flat();
    rows += batch.length;
    cache.transaction(() => applyRows(cache, batch)).immediate();
  }
  return rows;
}

/** Customers as alike as twins, each with a history and notes of its own. */
export function customerRows(template: readonly SyncRow[], index: number, now: number): SyncRow[] {
  const id = `01990000-0000-7abc-8000-${String(index).padStart(12, '0')}`;
  const like = (table: SyncRow['table']) => template.find((row) => row.table === table);
  const copy = (row: SyncRow | undefined, kind: number, n: number, more: object): SyncRow[] => {
    if (!row?.data) return [];
    const rowId = `01990000-0000-7${kind}-8${String(n).padStart(3, '0')}-${String(index).padStart(12, '0')}`;
    return [{ ...row, id: rowId, data: { ...row.data, id: rowId, ...more } } as SyncRow];
  };
  const customer = like('customer');
  const last8 = String(index).padStart(8, '0');
  const history = Array.from({ length: index % CALLERS ? CONTACTS : CONTACTS_OF_CALLERS }, (_, n) => {
    const startedAt = new Date(now - n * 86_400_000 * 3).toISOString();
    const [interaction] = copy(like('interaction'), 100, n, { customerId: id, startedAt });
    const note = { customerId: id, interactionId: interaction?.id, at: startedAt };
    return [...(interaction ? [interaction] : []), ...(n % 2 ? copy(like('note'), 200, n, note) : [])];
  });
  return [
    {
      ...customer,
      id,
      data: { ...customer?.data, id, customerNumber: `C-${index + 2_000_000}`, name: nameOf(index) },
    } as SyncRow,
    ...copy(like('contact_point'), 300, 0, { customerId: id, value: `+8210${last8}`, e164: `+8210${last8}`, last8 }),
    ...copy(like('consent'), 400, 0, { customerId: id }),
    ...copy(like('holding'), 500, 0, { customerId: id }),
    ...copy(like('case'), 600, 0, { customerId: id }),
    ...copy(like('promise'), 700, 0, { customerId: id }),
    ...history.flat(),
  ];
}

/** The invented name of customer `index`. */
export function nameOf(index: number): string {
  const family = '김이박최정강조윤장임';
  const given = '민서지현수영호준하은우진';
  const at = (text: string, n: number) => text[n % text.length] ?? '';
  return at(family, index) + at(given, index * 7 + 3) + at(given, Math.floor(index / 10) * 5 + 1);
}

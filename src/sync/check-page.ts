import type { SnapshotPage, SyncTable } from '../shared/sync-wire.ts';
import { SyncFailure } from './transport.ts';

/** Ids must ascend within (after, next]: whatever the page does not name in that stretch is removed. Throws `nonsense`. */
export function checkPage(page: SnapshotPage, { table, after }: { table: SyncTable; after: string | null }): void {
  let last = after ?? '';
  for (const row of page.rows) {
    if (row.table !== table || row.id <= last) {
      throw new SyncFailure({ kind: 'nonsense' }, `snapshot of ${table}: rows out of order`);
    }
    last = row.id;
  }
  if (page.next !== null && (page.next < last || page.next <= (after ?? ''))) {
    throw new SyncFailure({ kind: 'nonsense' }, `snapshot of ${table}: the next page is not ahead`);
  }
}

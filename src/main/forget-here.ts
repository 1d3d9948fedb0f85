import type { WritableDb } from '../sync/sql-db.ts';

/**
 * Removes what this desk alone holds about customers whom the centre deleted: drafts and the journal of their calls. The
 * engine forgets their operations and truncates the logs.
 */
export function forgetHere(outbox: WritableDb, customerIds: readonly string[]): void {
  outbox
    .transaction(() => {
      for (const id of customerIds) {
        outbox.prepare('DELETE FROM draft WHERE customer_id = ?').run(id);
        outbox
          .prepare(`DELETE FROM call WHERE phase IN ('wrap_up', 'done') AND json_extract(snapshot, '$.customerId') = ?`)
          .run(id);
      }
    })
    .immediate();
}

import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/central/db/migrate.ts';
import { openPglite, openPostgres } from '../../../src/central/db/store.ts';
import { untiedOf } from '../../../src/central/erase.ts';
import { newId } from '../../../src/shared/ids.ts';
import { onBothStores } from './stores.ts';

const MANY = 20_000;

onBothStores('an erasure among many contacts', ({ newDatabase }) => {
  it('finds what was never tied to the customer by address and number, each by its index', async () => {
    const store = newDatabase ? await openPostgres(await newDatabase(), () => {}) : await openPglite(undefined);
    try {
      await migrate(store.db);
      await sql`
        INSERT INTO record (tbl, id, version, deleted, customer_id, xid, seq, data)
        SELECT 'contact_point', gen_random_uuid(), 1, false, gen_random_uuid(), pg_current_xact_id(), n,
          CASE WHEN n % 2 = 0 THEN jsonb_build_object('kind', 'email', 'value', 'u' || n || '@example.com', 'last8', null)
            ELSE jsonb_build_object('kind', 'phone', 'value', n::text, 'last8', lpad(n::text, 8, '0')) END
        FROM generate_series(1, ${MANY}) n`.execute(store.db);
      await sql`
        INSERT INTO record (tbl, id, version, deleted, customer_id, xid, seq, data)
        SELECT 'interaction', gen_random_uuid(), 1, false, CASE WHEN n % 4 = 0 THEN NULL ELSE gen_random_uuid() END,
          pg_current_xact_id(), ${MANY} + n,
          jsonb_build_object('message', jsonb_build_object('address', 'w' || n || '@example.com', 'phone', lpad(n::text, 8, '0')))
        FROM generate_series(1, ${MANY}) n`.execute(store.db);
      await sql`ANALYZE record`.execute(store.db);
      const { rows } = await sql<{ 'QUERY PLAN': string }>`EXPLAIN ${untiedOf(newId())}`.execute(store.db);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      for (const index of ['nobodys_message', 'nobodys_phone', 'contact_point_email', 'contact_point_last8']) {
        expect(plan).toContain(index);
      }
      expect(plan).not.toContain('Seq Scan');
    } finally {
      await store.close();
    }
  }, 60_000);
});

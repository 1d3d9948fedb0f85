import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/central/db/migrate.ts';
import { openPglite, openPostgres, type Store } from '../../../src/central/db/store.ts';
import { beginRun } from '../../../src/central/sync/epoch.ts';
import { snapshotPage, startBootstrap } from '../../../src/central/sync/feed.ts';
import { newId } from '../../../src/shared/ids.ts';
import { SNAPSHOT_MAX_ROWS } from '../../../src/shared/sync-wire.ts';
import { onBothStores } from './stores.ts';

const CUSTOMERS = 30_000;
const EVERYTHING = { name: 'business', where: sql<boolean>`true` };

onBothStores('the first load of a desk', ({ newDatabase }) => {
  /** A store as an import left it a moment ago: full, and the planner never told. */
  async function justImported(): Promise<Store> {
    const store = newDatabase ? await openPostgres(await newDatabase(), () => {}) : await openPglite(undefined);
    await migrate(store.db);
    await beginRun(store.db);
    await sql`INSERT INTO centre (epoch_id, secret) VALUES (gen_random_uuid(), 'of this test')`.execute(store.db);
    await sql`ALTER TABLE record_customer SET (autovacuum_enabled = false)`.execute(store.db);
    await sql`
      INSERT INTO record (tbl, id, version, deleted, xid, seq, data)
      SELECT 'customer', gen_random_uuid(), 1, false, pg_current_xact_id(), n, jsonb_build_object('name', repeat('단골', 60), 'n', n)
      FROM generate_series(1, ${CUSTOMERS}) n`.execute(store.db);
    return store;
  }
  const planOf = async (store: Store) => {
    const page = snapshotPage(EVERYTHING, { table: 'customer', after: null, limit: SNAPSHOT_MAX_ROWS }).compile(
      store.db,
    );
    const { rows } = await store.db.executeQuery<{ 'QUERY PLAN': string }>({ ...page, sql: `EXPLAIN ${page.sql}` });
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };

  it('reads each page by its index, right after a large import, too: no page sorts all customers', async () => {
    const store = await justImported();
    try {
      expect(await planOf(store)).toContain('Sort');
      const start: unknown = JSON.parse(await startBootstrap({ store, secret: newId(), clock: Date.now }, EVERYTHING));
      expect(start).toMatchObject({ tables: expect.arrayContaining([{ table: 'customer', count: CUSTOMERS }]) });
      const plan = await planOf(store);
      expect(plan).toContain('Index Scan');
      expect(plan).not.toContain('Sort');
    } finally {
      await store.close();
    }
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MIGRATIONS, migrate } from '../../../src/central/db/migrate.ts';
import { openPglite, openPostgres, type Store } from '../../../src/central/db/store.ts';
import { writeRecords } from '../../../src/central/records.ts';
import { countRows } from '../../../src/central/sync/row-counts.ts';
import { newId } from '../../../src/shared/ids.ts';
import { SYNC_TABLES } from '../../../src/shared/sync-wire.ts';
import { onBothStores } from './stores.ts';

onBothStores('the schema', (kind) => {
  let store: Store;
  beforeAll(async () => {
    store = kind.newDatabase ? await openPostgres(await kind.newDatabase(), () => {}) : await openPglite(undefined);
    await migrate(store.db);
  });
  afterAll(() => store.close());

  it('is made once; a second start changes nothing', async () => {
    await migrate(store.db);
    const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(store.db);
    expect(rows.map(({ name }) => name)).toEqual(MIGRATIONS.map(({ name }) => name));
  });

  it('has a place for every table that flows to the desks', async () => {
    const { rows } = await sql<{ name: string }>`
      SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'record'::regclass`.execute(store.db);
    expect(rows.map(({ name }) => name).sort()).toEqual(
      Object.keys(SYNC_TABLES)
        .map((table) => `record_${table}`)
        .sort(),
    );
  });

  it('counts a small table whole and estimates a large one', async () => {
    const scope = { name: 'all', where: sql<boolean>`true` };
    const writes = Array.from({ length: 4000 }, () => {
      const id = newId();
      return { table: 'team' as const, id, data: { id, name: '팀' } };
    });
    await writeRecords(store.db, writes);
    expect((await countRows(store.db, scope, ['team'])).get('team')).toBe(4000);
    const estimate = (await countRows(store.db, scope, ['team'], 300_000)).get('team') ?? 0;
    expect(estimate).toBeGreaterThan(2000);
    expect(estimate).toBeLessThan(8000);
  });

  const ID = '01a2054f-e791-72f5-b2b1-bd977c382229';
  it.each([
    [
      'the feed',
      `SELECT id FROM record WHERE (xid, seq) > ('7'::xid8, 3) AND xid < '9'::xid8 ORDER BY xid, seq LIMIT 500`,
    ],
    ['a snapshot page', `SELECT id FROM record WHERE tbl = 'customer' AND id > '${ID}' ORDER BY id LIMIT 5000`],
    ['a phone', `SELECT id FROM record WHERE tbl = 'contact_point' AND reverse(data->>'last8') = reverse('00001234')`],
    ['last digits', `SELECT id FROM record WHERE tbl = 'contact_point' AND reverse(data->>'last8') LIKE '4321%'`],
    ['a name', `SELECT id FROM record WHERE tbl = 'customer' AND lower(data->>'name') LIKE '홍%'`],
    ['a customer number', `SELECT id FROM record WHERE tbl = 'customer' AND data->>'customerNumber' = 'C-1'`],
    ['an erasure', `SELECT id FROM record WHERE customer_id = '${ID}'`],
    ['the notes of a call', `SELECT id FROM record WHERE tbl = 'note' AND data->>'interactionId' = '${ID}'`],
  ])('finds %s by an index, without sorting', async (_, query) => {
    const plan = await store.db.transaction().execute(async (trx) => {
      // On an empty database everything is cheap: take away what a full one would not choose.
      for (const way of ['enable_seqscan', 'enable_bitmapscan', 'enable_sort']) {
        await sql`SELECT set_config(${way}, 'off', true)`.execute(trx);
      }
      const { rows } = await sql<{ 'QUERY PLAN': string }>`EXPLAIN ${sql.raw(query)}`.execute(trx);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toMatch(/Index (Only )?Scan/);
    expect(plan).not.toMatch(/Seq Scan|-> {2}Sort/);
  });
});

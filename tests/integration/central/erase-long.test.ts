import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/central/db/migrate.ts';
import { openPglite } from '../../../src/central/db/store.ts';
import { eraseCustomer } from '../../../src/central/erase.ts';
import { newId } from '../../../src/shared/ids.ts';

/** One more than one transaction of an erasure takes. */
const CONTACTS = 5001;

it('an erasure of more rows than one transaction takes, of somebody whom others are related to, leaves none', async () => {
  const [gone, family] = [newId(), newId()];
  const store = await openPglite(undefined);
  try {
    await migrate(store.db);
    await sql`
      INSERT INTO record (tbl, id, version, deleted, customer_id, xid, seq, data)
      SELECT 'interaction', gen_random_uuid(), 1, false, ${gone}, pg_current_xact_id(), n, jsonb_build_object('subject', '문의 ' || n)
      FROM generate_series(1, ${CONTACTS}) n`.execute(store.db);
    await sql`
      INSERT INTO record (tbl, id, version, deleted, customer_id, xid, seq, data)
      VALUES ('relationship', ${newId()}, 1, false, ${family}, pg_current_xact_id(), ${CONTACTS + 1},
        ${JSON.stringify({ customerId: family, otherId: gone })}::jsonb)`.execute(store.db);
    expect(await eraseCustomer(store.db, () => Date.parse('2026-11-23T09:00:00.000Z'), gone, 'admin')).toBe(
      CONTACTS + 1,
    );
    const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM record WHERE NOT deleted`.execute(
      store.db,
    );
    expect(rows[0]?.n).toBe(0);
  } finally {
    await store.close();
  }
}, 60_000);

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/central/db/migrate.ts';
import { openPglite, type Store } from '../../../src/central/db/store.ts';
import { dropOldSources } from '../../../src/central/messages/old-sources.ts';
import { takeIn } from '../../../src/central/messages/take.ts';
import { readRecord } from '../../../src/central/records.ts';
import { writeSetting } from '../../../src/central/settings.ts';
import { newId } from '../../../src/shared/ids.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-23T09:00:00.000Z');

describe('the sources of mails and messages', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openPglite(undefined);
    await migrate(store.db);
  });
  afterEach(() => store.close());

  async function taken(daysAgo: number): Promise<string> {
    const at = new Date(NOW - daysAgo * DAY).toISOString();
    const { id } = await takeIn(
      store.db,
      {
        ...{
          source: 'mail',
          key: newId(),
          channel: 'email',
          at,
          subject: null,
          queue: null,
          messageId: 'a@b',
          refs: null,
        },
        ...{ raw: Buffer.from('source'), message: { address: null, text: 'words' } },
        whose: async () => ({ customerId: null, answers: null, caseId: null }),
      },
      at,
    );
    return id;
  }
  async function kept(): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      SELECT interaction_id::text AS id FROM taken_message WHERE raw IS NOT NULL`.execute(store.db);
    return rows.map(({ id }) => id).sort();
  }

  it('go after a year, or after as many days as the business says; words and place stay, and they are not taken again', async () => {
    const [old, older, young] = [await taken(100), await taken(366), await taken(1)];
    expect(await dropOldSources(store.db, () => NOW)).toBe(1);
    expect(await kept()).toEqual([old, young].sort());
    await writeSetting(store.db, 'messageKeeping', { sourceDays: 30 });
    expect(await dropOldSources(store.db, () => NOW)).toBe(1);
    expect(await kept()).toEqual([young]);
    expect((await readRecord(store.db, 'interaction', older))?.message?.text).toBe('words');
    const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM taken_message`.execute(store.db);
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('are kept for ever where the business says so', async () => {
    await taken(5000);
    await writeSetting(store.db, 'messageKeeping', { sourceDays: null });
    expect(await dropOldSources(store.db, () => NOW)).toBe(0);
    expect(await kept()).toHaveLength(1);
  });
});

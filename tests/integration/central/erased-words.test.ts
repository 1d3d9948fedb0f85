import pg from 'pg';
import { expect, it } from 'vitest';
import { newCall, newCustomer, newNote } from './kit.ts';
import { onPostgres } from './stores.ts';

onPostgres('work about an erased customer that comes late', (store) => {
  it('is refused, and the centre keeps nothing of what it says', async () => {
    const databaseUrl = await store.newDatabase();
    const centre = await store.start({ databaseUrl });
    const desk = await centre.desk('kim');
    const customer = newCustomer('홍길동');
    await desk.do(customer);
    await centre.admin('DELETE', `customers/${customer.customerId}`);
    const late = newNote('늦게 도착한 홍길동 고객의 말', customer.customerId);
    expect(await desk.do(late)).toMatchObject({ status: 'rejected', code: 'ERASED' });
    expect(await desk.do({ ...customer, name: '홍길동 다시' })).toMatchObject({ code: 'ERASED' });
    const client = new pg.Client(databaseUrl);
    await client.connect();
    try {
      const { rows } = await client.query(
        `SELECT count(*)::int AS n FROM operation WHERE payload::text LIKE '%홍길동%'`,
      );
      expect(rows).toEqual([{ n: 0 }]);
    } finally {
      await client.end();
    }
  });

  it('leaves nothing in the history where call and note stood with somebody else first', async () => {
    const databaseUrl = await store.newDatabase();
    const centre = await store.start({ databaseUrl });
    const desk = await centre.desk('kim');
    const wrong = newCustomer('김엑스');
    const erased = newCustomer('이와이', '010-0000-7777');
    const call = { ...newCall(wrong.customerId), phone: '+821000007777' };
    const acts = [wrong, erased, call, newNote('이와이만의 사연', wrong.customerId, call.interactionId)];
    for (const act of [...acts, { ...call, customerId: erased.customerId }])
      expect(await desk.do(act)).toMatchObject({ status: 'applied' });
    await centre.admin('DELETE', `customers/${erased.customerId}`);
    expect(await placesOf(databaseUrl, '이와이만의 사연', '+821000007777', '010-0000-7777')).toEqual([]);
    expect(await placesOf(databaseUrl, '김엑스')).toContain('record_customer');
  });
});

/** The tables that say one of these words in any column of text or JSON. */
async function placesOf(databaseUrl: string, ...words: string[]): Promise<string[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT DISTINCT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type IN ('text', 'json', 'jsonb') ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query(`SELECT 1 FROM "${name}" t WHERE t::text LIKE ANY ($1) LIMIT 1`, [
        words.map((word) => `%${word}%`),
      ]);
      if (rows.length > 0) found.push(name);
    }
    return found;
  } finally {
    await client.end();
  }
}

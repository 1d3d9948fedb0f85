import pg from 'pg';
import { expect, it } from 'vitest';
import { newCustomer, newNote } from './kit.ts';
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
});

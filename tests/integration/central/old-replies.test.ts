import { expect, it } from 'vitest';
import { newCustomer, newNote } from './kit.ts';
import { onBothStores } from './stores.ts';

const DAY = 86_400_000;

onBothStores('replies of long ago', (store) => {
  it('C1 after 30 days an operation is still done once and known, its reply without its rows; a refusal stays as it was', async () => {
    let passed = 0;
    const centre = await store.start({ clock: () => Date.now() + passed, tidyEveryMs: 50 });
    const desk = await centre.desk();
    const customer = desk.operation(newCustomer('홍길동'));
    const refused = desk.operation(newNote('아무에게도', newCustomer('nobody').customerId));
    const first = await desk.push(customer, refused);
    expect(first).toMatchObject([{ status: 'applied' }, { status: 'rejected', code: 'UNKNOWN_CUSTOMER' }]);

    passed = 29 * DAY;
    const young = desk.operation(newNote('어제', null));
    const [kept] = await desk.push(young);
    expect(await desk.push(customer, refused)).toEqual(first);

    passed = 31 * DAY;
    const reader = await centre.desk('park');
    for (;;) {
      const [repeated] = await desk.push(customer);
      if (repeated?.status === 'applied' && repeated.rows.length === 0) break;
      expect(repeated).toEqual(first[0]);
    }
    expect(await desk.push(refused, young)).toEqual([first[1], kept]);
    // Done once: one customer, at its first version, and its place is taken.
    const rows = (await reader.snapshot('customer')).filter(
      ({ data }) => data !== null && 'name' in data && data.name === '홍길동',
    );
    expect(rows).toMatchObject([{ version: 1 }]);
    const other = { ...desk.operation(newNote('Klon', null)), deviceSeq: customer.deviceSeq };
    expect((await desk.pushRaw([other])).text).toContain('DEVICE_FORKED');
    // A desk that was away so long still proves that this centre is no copy of before.
    const { epoch } = await reader.start();
    const again = await desk.pushRaw([desk.operation(newNote('weiter', null))], { epoch, acknowledged: customer.opId });
    expect(again.status).toBe(200);
  });
});

import { afterEach, beforeAll, expect, test } from 'vitest';
import { newCall, newCustomer, newNote, type TestCentre } from '../central/kit.ts';
import { onBothStores } from '../central/stores.ts';
import { type EngineDesk, startEngineDesk } from './kit.ts';

const OFTEN_MS = 300;

onBothStores('an audit over the real wire', (store) => {
  let centre: TestCentre;
  beforeAll(async () => {
    centre = await store.start();
  });
  const open: EngineDesk[] = [];
  afterEach(async () => {
    for (const desk of open.splice(0)) await desk.stop();
  });
  const seat = async (login: string) => {
    const desk = await startEngineDesk(centre, login, centre.url, OFTEN_MS);
    open.push(desk);
    await desk.until(() => desk.engine.status().phase === 'idle');
    return desk;
  };
  const audits = (desk: EngineDesk) => desk.events.filter((event) => event.type === 'audit');
  const ended = (desk: EngineDesk) => audits(desk).filter(({ table }) => table === null).length;
  const found = (desk: EngineDesk) => audits(desk).filter(({ table }) => table !== null);
  /** A whole audit that began after now. */
  const audited = async (desk: EngineDesk) => {
    const before = ended(desk);
    await desk.until(() => ended(desk) >= before + 2);
  };
  const fill = async () => {
    const desk = await centre.desk('lee');
    for (let n = 0; n < 150; n += 50) {
      const customers = Array.from({ length: 50 }, (_, i) => newCustomer(`손님 ${n + i} "가" \\ \u2028 é`));
      const operations = customers.flatMap((customer) => {
        const call = newCall(customer.customerId);
        return [customer, call].map((payload) => desk.operation(payload));
      });
      await desk.push(...operations);
    }
    await centre.admin('POST', 'customers', {
      customers: [
        {
          ...{ customerNumber: 'T-1', name: '숫자', phones: ['010-0000-4000'] },
          custom: { 무게: 0.0000001, large: 1e21, b: -2.5, 'a long key': true, é: 'x', z: null, 가나: 12 },
        },
      ],
    });
    await desk.push(desk.operation(newNote('한 줄\n두 줄\t"셋" 😀 \u0007', null)));
  };

  test('S36 finds nothing where nothing is wrong, whatever the rows say and while others write; then puts right what is', async () => {
    await fill();
    const desk = await seat('kim');
    await audited(desk);
    const writer = await centre.desk('park');
    for (let n = 0; n < 10; n += 1) {
      await writer.push(...Array.from({ length: 5 }, (_, i) => writer.operation(newCustomer(`바쁜 ${n} ${i}`))));
      desk.act(newNote(`메모 ${n}`, null));
    }
    await desk.until(() => desk.statuses().every((status) => status === 'acknowledged'));
    await audited(desk);
    expect(found(desk)).toEqual([]);

    const { cache } = desk.dbs;
    const all = () => cache.prepare('SELECT id, version, name, data FROM customer ORDER BY id').all();
    const right = all();
    cache.exec(`DELETE FROM customer WHERE rowid % 40 = 0;
      UPDATE customer SET data = json_set(data, '$.tier', 'vip') WHERE rowid % 40 = 1;
      UPDATE interaction SET version = version + 1 WHERE id = (SELECT max(id) FROM interaction);
      DELETE FROM note WHERE id = (SELECT min(id) FROM note)`);
    const notes = desk.notes().length;
    await audited(desk);
    expect(all()).toEqual(right);
    expect(desk.notes()).toHaveLength(notes + 1);
    const tables = new Set(found(desk).map(({ table }) => table));
    expect(tables).toEqual(new Set(['customer', 'interaction', 'note']));
    await audited(desk);
    const last = audits(desk).at(-1);
    expect(last).toMatchObject({ repaired: 0 });
  });

  test('S36 compares what this desk may hold: a customer of somebody else that a bug left here goes', async () => {
    const team = { name: '단골상사', currency: 'KRW', wrapUpSeconds: 30 };
    const policy = {
      ...{ timeZone: 'Asia/Seoul', country: 'KR', marketingFromMinute: 480, marketingToMinute: 1260 },
      ...{ consentMaxAgeDays: 730, doNotCallMaxAgeHours: 24 },
    };
    await centre.admin('PUT', 'business', { ...team, policy, deskHolds: 'assigned' });
    const desk = await seat('choi');
    const mine = newCustomer('내 손님');
    desk.act(mine, newNote('내 메모', mine.customerId));
    await desk.until(() => desk.statuses().every((status) => status === 'acknowledged'));
    await audited(desk);
    expect(found(desk)).toEqual([]);
    const other = newCustomer('남의 손님').customerId;
    desk.dbs.cache
      .prepare(
        `INSERT INTO customer (id, version, customer_number, name, data) SELECT ?, 1, 'X', '남', data FROM customer`,
      )
      .run(other);
    await audited(desk);
    expect(desk.dbs.cache.prepare('SELECT id FROM customer').pluck().all()).toEqual([mine.customerId]);
    await centre.admin('PUT', 'business', { ...team, policy, deskHolds: 'all' });
  });
});

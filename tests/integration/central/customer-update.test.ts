import { beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../../../src/shared/customer.ts';
import type { FieldChange } from '../../../src/shared/customer-edit.ts';
import { newCustomer, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('facts of a customer that two desks correct', (store) => {
  let centre: TestCentre;
  let kim: TestDesk;
  let lee: TestDesk;
  let now = Date.parse('2026-11-23T09:00:00Z');
  beforeAll(async () => {
    centre = await store.start({ clock: () => now });
    kim = await centre.desk('kim');
    lee = await centre.desk('lee');
  });

  const created = async (name: string) => {
    const payload = newCustomer(name);
    await kim.do(payload);
    return payload.customerId;
  };
  const say = (desk: TestDesk, customerId: string, changes: FieldChange[], baseVersion: number | null = 1) => {
    now += 1000;
    return desk.do({ kind: 'customer.update', customerId, changes }, { baseVersion });
  };
  const rowOf = async (customerId: string) => {
    const row = (await lee.snapshot('customer')).find(({ id }) => id === customerId);
    if (row?.table !== 'customer' || !row.data) throw new Error('no such customer');
    return { version: row.version, ...row.data } as Customer & { version: number };
  };

  it('different fields merge, and nobody has to decide anything', async () => {
    const id = await created('홍길동');
    await say(kim, id, [{ field: 'name', value: '홍길순', was: '홍길동' }]);
    await say(lee, id, [{ field: 'birthday', value: '1990-02-03', was: null }]);
    expect(await rowOf(id)).toMatchObject({ name: '홍길순', birthday: '1990-02-03' });
    expect((await rowOf(id)).contested).toBeUndefined();
  });

  describe('the same field', () => {
    it('has the later word, and beside it the other one: whose, and when', async () => {
      const id = await created('김철수');
      await say(kim, id, [{ field: 'name', value: '김철호', was: '김철수' }]);
      const kimAt = new Date(now).toISOString();
      await say(lee, id, [{ field: 'name', value: '김철후', was: '김철수' }]);
      const row = await rowOf(id);
      expect(row.name).toBe('김철후');
      expect(row.contested).toEqual([
        {
          ...{ field: 'name', value: '김철호', byName: '상담사 kim', at: kimAt },
          ...{ wonByName: '상담사 lee', wonAt: new Date(now).toISOString(), since: row.version },
        },
      ]);
    });

    it('is settled by whoever saw both: with the other value, or with this one', async () => {
      for (const taken of ['김철호', '김철후']) {
        const id = await created('김철수');
        await say(kim, id, [{ field: 'name', value: '김철호', was: '김철수' }]);
        await say(lee, id, [{ field: 'name', value: '김철후', was: '김철수' }]);
        const { version } = await rowOf(id);
        await say(kim, id, [{ field: 'name', value: taken, was: '김철후' }], version);
        const after = await rowOf(id);
        expect(after.name).toBe(taken);
        expect(after.contested).toBeUndefined();
      }
    });

    it('is not settled by a desk that never saw the other word, however often it writes', async () => {
      const id = await created('김철수');
      await say(kim, id, [{ field: 'name', value: '김철호', was: '김철수' }]);
      // An hour without the centre: two corrections, the second one over the first.
      await say(lee, id, [{ field: 'name', value: '김철후', was: '김철수' }]);
      await say(lee, id, [{ field: 'name', value: '김철훈', was: '김철후' }]);
      const row = await rowOf(id);
      expect(row.name).toBe('김철훈');
      expect(row.contested).toMatchObject([{ field: 'name', value: '김철호', byName: '상담사 kim' }]);
    });

    it('said twice the same way is no conflict, nor is a repeat', async () => {
      const id = await created('김철수');
      for (const desk of [kim, lee]) await say(desk, id, [{ field: 'custom.memo', value: '오후', was: null }]);
      expect(await rowOf(id)).toMatchObject({ custom: { memo: '오후' } });
      expect((await rowOf(id)).contested).toBeUndefined();
    });
  });

  it('the loser of data that no agent wrote says so; a value that the field cannot have is refused; nobody erased comes back', async () => {
    const id = await created('김철수');
    await say(lee, id, [{ field: 'name', value: '김영희', was: '김영수' }]);
    expect((await rowOf(id)).contested).toMatchObject([{ value: '김철수', byName: null }]);
    expect(await say(lee, id, [{ field: 'birthday', value: 'someday', was: null }])).toMatchObject({ code: 'INVALID' });
    const label = { ko: '좌석', en: 'Seats' };
    const seats = { entity: 'customer', key: 'seats', label, type: 'number', choices: [], order: 1 };
    await centre.admin('PUT', 'custom-fields', seats);
    const sit = (value: string | number) => say(lee, id, [{ field: 'custom.seats', value, was: null }]);
    expect(await sit('many')).toMatchObject({ code: 'INVALID' });
    expect(await sit(12)).toMatchObject({ status: 'applied' });
    await centre.admin('DELETE', `customers/${id}`);
    expect(await say(lee, id, [{ field: 'name', value: '김영희', was: '김철수' }])).toMatchObject({ code: 'ERASED' });
  });
});

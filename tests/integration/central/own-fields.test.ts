import { beforeAll, describe, expect, it } from 'vitest';
import type { Customer, CustomValues, FieldValue } from '../../../src/shared/customer.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { SyncTable } from '../../../src/shared/sync-wire.ts';
import { codeOf, newCustomer, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores("the business's own fields of cases and products", (store) => {
  let centre: TestCentre;
  let kim: TestDesk;
  let customerId: string;
  beforeAll(async () => {
    centre = await store.start();
    const label = { ko: '유형', en: 'Area' };
    const field = { label, choices: [], order: 1 };
    const area = { ...field, key: 'area', type: 'choice' };
    await centre.admin('PUT', 'custom-fields', { ...area, entity: 'case', choices: ['요금', '장애'] });
    await centre.admin('PUT', 'custom-fields', { ...area, entity: 'customer', choices: ['서울'] });
    await centre.admin('PUT', 'custom-fields', { ...field, key: 'visit', type: 'date', entity: 'case' });
    await centre.admin('PUT', 'custom-fields', { ...field, key: 'months', type: 'number', entity: 'product' });
    kim = await centre.desk('kim');
    const payload = newCustomer('홍길동');
    await kim.do(payload);
    customerId = payload.customerId;
  });

  const rowsOf = async (table: SyncTable) => (await kim.snapshot(table)).map(({ data }) => data);
  const caseOf = async (id: string) => (await rowsOf('case')).find((row) => row && 'id' in row && row.id === id);
  const open = async (custom: CustomValues) => {
    const caseId = newId();
    const of = { caseId, customerId, interactionId: null, subject: '끊김', priority: 'normal', dueAt: null } as const;
    return { caseId, reply: await kim.do({ kind: 'case.open', ...of, custom }) };
  };

  it('a key is one field of each kind of thing, and reaches the desks with what it is of', async () => {
    const fields = (await rowsOf('custom_field')).flatMap((row) => (row && 'entity' in row ? [row] : []));
    expect(fields.filter(({ key }) => key === 'area').map(({ entity, choices }) => [entity, choices])).toEqual(
      expect.arrayContaining([
        ['case', ['요금', '장애']],
        ['customer', ['서울']],
      ]),
    );
    const again = {
      entity: 'case',
      key: 'visit',
      type: 'date',
      label: { ko: '방문', en: 'Visit' },
      choices: [],
      order: 2,
    };
    expect(await centre.admin('PUT', 'custom-fields', again)).toMatchObject({ created: false });
  });

  it('a case has its values from the start, and each changes alone', async () => {
    const { caseId, reply } = await open({ area: '장애' });
    expect(reply).toMatchObject({ status: 'applied' });
    const of = { kind: 'case.change', caseId, customerId, interactionId: null, why: null } as const;
    await kim.do({ ...of, change: { custom: { visit: '2026-11-30' } } });
    expect(await caseOf(caseId)).toMatchObject({ custom: { area: '장애', visit: '2026-11-30' } });
    await kim.do({ ...of, change: { status: 'closed' } });
    expect(await caseOf(caseId)).toMatchObject({ status: 'closed', custom: { area: '장애', visit: '2026-11-30' } });
  });

  it.each<[string, CustomValues]>([
    ['a choice that is none', { area: '서울' }],
    ['a day that is none', { visit: '30.11.2026' }],
    ['a field that nobody has defined', { colour: 'red' }],
  ])('a case with %s is refused, and says which field', async (_, custom) => {
    const { caseId, reply } = await open(custom);
    const [key] = Object.keys(custom);
    expect(reply).toMatchObject({
      status: 'rejected',
      code: 'INVALID',
      detail: expect.stringContaining(`custom.${key}`),
    });
    expect(await caseOf(caseId)).toBeUndefined();
    const good = await open({});
    const of = { kind: 'case.change', caseId: good.caseId, customerId, interactionId: null, why: null } as const;
    expect(await kim.do({ ...of, change: { custom } })).toMatchObject({ status: 'rejected', code: 'INVALID' });
  });

  describe('several choices', () => {
    const interests = {
      ...{ entity: 'customer', key: 'interests', type: 'choices', label: { ko: '관심사', en: 'Interests' }, order: 3 },
      ...{ choices: ['골프', '여행', '낚시'], choiceNames: { 골프: { ko: '골프', en: 'Golf' } }, searchable: true },
    };
    const say = (desk: TestDesk, was: FieldValue, value: FieldValue) =>
      desk.do({ kind: 'customer.update', customerId, changes: [{ field: 'custom.interests', was, value }] });
    const told = async () => {
      const rows = (await kim.snapshot('customer')).map(({ data }) => data as Customer);
      return rows.find(({ id }) => id === customerId);
    };
    beforeAll(async () => {
      await centre.admin('PUT', 'custom-fields', interests);
    });

    it('what two desks added and took away without knowing of each other all holds; nothing is left to decide', async () => {
      const lee = await centre.desk('lee');
      expect(await say(kim, null, ['골프', '여행'])).toMatchObject({ status: 'applied' });
      await say(kim, ['골프', '여행'], ['골프']);
      await say(lee, ['골프', '여행'], ['골프', '여행', '낚시']);
      expect((await told())?.custom.interests).toEqual(['골프', '낚시']);
      expect((await told())?.contested).toBeUndefined();
      // The same choices in another order say the same.
      await say(lee, ['골프', '낚시'], ['낚시', '골프']);
      expect((await told())?.custom.interests).toEqual(['골프', '낚시']);
      await say(kim, ['골프', '낚시'], []);
      expect((await told())?.custom.interests).toEqual([]);
    });

    it.each<[string, FieldValue]>([
      ['one that is none', ['골프', '등산']],
      ['one twice', ['골프', '골프']],
      ['a text', '골프'],
    ])('%s is refused', async (_, value) => {
      expect(await say(kim, [], value)).toMatchObject({ status: 'rejected', code: 'INVALID' });
    });

    it.each<[string, object, string]>([
      ['found by what is masked', { key: 'memo', type: 'text', choices: [], choiceNames: {} }, 'not sensitive'],
      ['found by a day', { key: 'day', type: 'date', choices: [], choiceNames: {} }, 'only fields'],
      ['found by a field of cases', { entity: 'case' }, 'only fields of customers'],
      ['a name of a choice that is none', { choiceNames: { 등산: { ko: '등산', en: 'Hiking' } } }, '등산'],
      ['a choice twice', { choices: ['골프', '골프'] }, 'twice'],
    ])('a field is refused with its reason: %s', async (_, wrong, reason) => {
      const body = { ...interests, ...wrong };
      const reply = await centre.call('PUT', '/v1/admin/custom-fields', { token: centre.adminToken, body });
      expect([reply.status, codeOf(reply)]).toEqual([400, 'BAD_INPUT']);
      expect(JSON.stringify(reply.json)).toContain(reason);
    });
  });

  it('a product is put by its code, with values that fit', async () => {
    const product = { code: 'NET-1G', name: { ko: '기가', en: 'Giga' }, active: true };
    const put = (custom: CustomValues) =>
      centre.call('PUT', '/v1/admin/products', { token: centre.adminToken, body: { ...product, custom } });
    expect((await put({ months: 24 })).json).toMatchObject({ created: true });
    expect((await put({ months: 36 })).json).toMatchObject({ created: false });
    // What is not said stays.
    expect(await centre.admin('PUT', 'products', product)).toMatchObject({ created: false });
    const wrong = await put({ months: 'many' });
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'BAD_INPUT']);
    expect(await rowsOf('product')).toEqual([expect.objectContaining({ code: 'NET-1G', custom: { months: 36 } })]);
  });
});

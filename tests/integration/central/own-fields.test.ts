import { beforeAll, expect, it } from 'vitest';
import type { CustomValues } from '../../../src/shared/customer.ts';
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

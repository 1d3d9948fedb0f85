import { beforeAll, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { searchCustomers } from '../../../src/main/search.ts';
import type { CustomField } from '../../../src/shared/customer.ts';
import { Customer360 } from '../../../src/shared/customer-360.ts';
import { newId } from '../../../src/shared/ids.ts';
import { MASKED } from '../../../src/shared/masking.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { hostileStrings, namesOfEveryLength } from '../../fakes/hostile-strings.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';

const TEXTS = [...hostileStrings(), ...namesOfEveryLength()].map((text) => ({ text, id: newId() }));
const memo: CustomField = {
  ...{ id: newId(), entity: 'customer', key: 'memo', type: 'text', choices: [], order: 1 },
  label: { ko: '메모', en: 'Memo' },
};

let desk: TestContext;
beforeAll(() => {
  desk = openTestContext();
  const customers = TEXTS.map(({ text, id }) => {
    const data = { ...sampleCustomer(id, text), custom: { memo: text } };
    return { table: 'customer' as const, id, version: 1, deleted: false, data };
  });
  const field = { table: 'custom_field' as const, id: memo.id, version: 1, deleted: false, data: memo };
  desk.cache.transaction(() => applyRows(desk.cache, [field, ...customers])).immediate();
});

test('every name and every word of an own field is read as it came, and masked whatever it is', () => {
  const door = createCustomerDoor(desk);
  for (const { text, id } of TEXTS) {
    const read = (unmasked: boolean) =>
      door.readCustomer(
        { customerId: id, callId: null, unmasked },
        unmasked ? { action: 'peek', context: 'verify' } : null,
      );
    expect(read(true).customer).toMatchObject({ name: text, custom: { memo: text } });
    const masked = read(false);
    // As it crosses to the window.
    expect(Customer360.parse(JSON.parse(JSON.stringify(masked))).customer.custom).toEqual({ memo: MASKED });
  }
});

test('whatever is typed into the search is a search, and a name that has a letter is found by itself', () => {
  const lost: string[] = [];
  for (const { text, id } of TEXTS) {
    const { candidates, more } = searchCustomers(desk, text);
    // Of those who have the same words the first twenty are shown.
    const isFound = candidates.some((one) => one.id === id) || more === true;
    if (/\p{Letter}/u.test(text.slice(0, 50)) && !isFound) lost.push(text);
  }
  expect(lost).toEqual([]);
});

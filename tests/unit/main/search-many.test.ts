import { beforeEach, describe, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { createCustomer } from '../../../src/main/customer-acts.ts';
import { searchCustomers } from '../../../src/main/search.ts';
import type { Customer } from '../../../src/shared/customer.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const SAME = 60;
const HOUR = 3_600_000;
let desk: TestContext;
let ids: string[];

/** Sixty people of one name, X-0 to X-59, with numbers that end in 9000 to 9059; the last one was here last. */
beforeEach(() => {
  desk = openTestContext();
  const row = desk.cache.prepare('SELECT data FROM customer WHERE id = ?').get(SAMPLE.gold.id) as { data: string };
  const like = JSON.parse(row.data) as Customer;
  ids = Array.from({ length: SAME }, newId);
  const rows = ids.flatMap((id, n): SyncRow[] => [
    rowOf('customer', id, { ...like, id, customerNumber: `X-${n}`, name: n === 20 ? '김민수정' : '김민수' }),
    phoneOf(id, `010000${String(19000 + n)}`),
    ...(n >= 50 ? [callOf(id, NOON - (SAME - n) * HOUR)] : []),
  ]);
  desk.cache.transaction(() => applyRows(desk.cache, rows)).immediate();
});

function rowOf(table: string, id: string, data: object): SyncRow {
  return { table, id, version: 1, deleted: false, data: { ...data, id } } as SyncRow;
}
function phoneOf(customerId: string, value: string): SyncRow {
  const e164 = `+82${value.slice(1)}`;
  const point = { customerId, kind: 'phone', value, e164, last8: value.slice(-8), label: null, primary: true };
  return rowOf('contact_point', newId(), point);
}
function callOf(customerId: string, at: number): SyncRow {
  const known = desk.cache.prepare('SELECT data FROM interaction LIMIT 1').get() as { data: string };
  return rowOf('interaction', newId(), {
    ...JSON.parse(known.data),
    customerId,
    startedAt: new Date(at).toISOString(),
  });
}
const find = (text: string) => searchCustomers(desk, text);
const found = (text: string) => find(text).candidates.map(({ id }) => ids.indexOf(id));

describe('sixty people of one name', () => {
  test('the twenty likeliest are shown, who was here last first, and it is said that there are more', () => {
    expect(find('김민수').more).toBe(true);
    const [first, ...rest] = found('김민수').filter((n) => n >= 50);
    expect([first, ...rest]).toEqual([59, 58, 57, 56, 55, 54, 53, 52, 51, 50]);
    expect(found('김민수')).not.toContain(20);
    expect(find('한빛').more).toBe(false);
  });

  test('a name that is exactly that stands before one that only holds it', () => {
    expect(found('김민수정')).toEqual([20]);
    desk.cache.exec(`DELETE FROM interaction`);
    expect(found('ㄱㅁㅅ')).toHaveLength(20);
    expect(found('김민수')).not.toContain(20);
  });

  test.each([
    ['김민수 9059', [59]],
    ['김민수 010-0001-9059', [59]],
    ['9059 김민수', [59]],
    ['ㄱㅁㅅ 9057', [57]],
    ['김민수 X-59', [59]],
    ['김민수 x-7', [7]],
    ['길동 9059', []],
  ])('%s finds the one', (text, wanted) => {
    expect(found(text)).toEqual(wanted);
    expect(find(text).more).toBe(false);
  });

  test('a part of a customer number shows the exact one first', () => {
    expect(found('김민수 X-5')[0]).toBe(5);
    expect(found('X-5')[0]).toBe(5);
  });

  test('somebody created here is found by name and number, too', () => {
    const customerId = newId();
    const person = { customerId, name: '김민수', kind: 'person', language: 'ko', callId: null } as const;
    createCustomer(desk, createCustomerDoor(desk), { ...person, phone: '010-0000-4321' });
    expect(find('김민수 4321').candidates.map(({ id }) => id)).toEqual([customerId]);
    expect(find('김민수 9059').candidates).toHaveLength(1);
  });
});

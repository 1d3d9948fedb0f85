import { beforeEach, expect, test } from 'vitest';
import { callReasons } from '../../../src/main/call-reasons.ts';
import { type CustomerDoor, createCustomerDoor } from '../../../src/main/customer-360.ts';
import { mergeCustomers } from '../../../src/main/merges.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Order } from '../../../src/shared/order.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { SAMPLE, sampleId } from '../../fakes/sample-set.ts';

const { quiet, husband, wife } = SAMPLE;
let desk: TestContext;
let door: CustomerDoor;
beforeEach(() => {
  desk = openTestContext();
  door = createCustomerDoor(desk);
});

const daysAgo = (days: number) => new Date(desk.clock.now() - days * 86_400_000).toISOString();
function order(n: number, customerId: string, days: number, more: Partial<Order> = {}): Order {
  return {
    ...{
      id: sampleId(98, n),
      customerId,
      number: `D-${n}`,
      placedAt: daysAgo(days),
      status: 'delivered',
      failure: null,
    },
    ...{ changedAt: daysAgo(days), lines: [{ productId: null, name: '무선 이어폰', quantity: 1 }] },
    total: { amount: 10_000, currency: 'KRW' },
    ...more,
  };
}
function bought(...orders: Order[]): void {
  const rows = orders.map((data) => ({ table: 'order', id: data.id, version: 1, deleted: false, data }) as const);
  desk.cache.transaction(() => applyRows(desk.cache, rows)).immediate();
}
const view = (customerId: string) => door.readCustomer({ customerId, callId: null, unmasked: false }, null);

test('what was bought: the newest five, and how lately, how often and for how much within a year', () => {
  bought(...[3, 40, 90, 200, 364, 366, 800].map((days, n) => order(n, quiet.id, days)));
  const { orders, purchases } = view(quiet.id);
  expect(orders.map(({ number }) => number)).toEqual(['D-0', 'D-1', 'D-2', 'D-3', 'D-4']);
  expect(purchases).toEqual({ lastAt: daysAgo(3), count: 5, total: { amount: 50_000, currency: 'KRW' } });
});

test('what was not paid, came back or was called off is shown, and counts for nothing', () => {
  const statuses = ['payment_failed', 'returned', 'cancelled'] as const;
  bought(...statuses.map((status, n) => order(n, quiet.id, n + 1, { status })), order(9, quiet.id, 400));
  const { orders, purchases } = view(quiet.id);
  expect(orders.map(({ status }) => status)).toEqual([...statuses, 'delivered']);
  expect(purchases).toEqual({ lastAt: daysAgo(400), count: 0, total: null });
});

test('several currencies are not added up: every purchase counts, the sum is of the commonest', () => {
  const dollars = { total: { amount: 99_900, currency: 'USD' } };
  bought(order(1, quiet.id, 1), order(2, quiet.id, 2), order(3, quiet.id, 3, dollars));
  expect(view(quiet.id).purchases).toMatchObject({ count: 3, total: { amount: 20_000, currency: 'KRW' } });
});

test('whoever bought nothing has no figures, and costs no second statement', () => {
  expect(view(quiet.id)).toMatchObject({ orders: [], purchases: { lastAt: null, count: 0, total: null } });
});

test('two who are merged here have their orders together, before the centre knows it', () => {
  bought(order(1, husband.id, 10), order(2, wife.id, 5), order(3, wife.id, 6, { status: 'cancelled' }));
  mergeCustomers(desk, door, { mergeId: newId(), customerId: husband.id, goneId: wife.id, take: [] });
  const { orders, purchases } = view(husband.id);
  expect(orders.map(({ number, customerId }) => [number, customerId])).toEqual([
    ['D-2', husband.id],
    ['D-3', husband.id],
    ['D-1', husband.id],
  ]);
  expect(purchases).toEqual({ lastAt: daysAgo(5), count: 2, total: { amount: 20_000, currency: 'KRW' } });
});

test('why they call: a payment that failed, else the order that was told of last, neither after two weeks', () => {
  const now = desk.clock.now();
  const customer = sampleCustomer(quiet.id, '김민수');
  const reasons = (...orders: Order[]) =>
    callReasons({ customer, promises: [], cases: [], holdings: [], interactions: [], orders, now })
      .filter(({ code }) => code === 'payment_failed' || code === 'recent_order')
      .map(({ code, data }) => [code, data.number]);
  const failed = order(1, quiet.id, 3, { status: 'payment_failed', failure: '카드 한도 초과' });
  expect(reasons(failed, order(2, quiet.id, 8))).toEqual([['payment_failed', 'D-1']]);
  expect(reasons(order(2, quiet.id, 8), order(3, quiet.id, 9))).toEqual([['recent_order', 'D-2']]);
  expect(reasons(order(3, quiet.id, 1, { status: 'paid' }), failed)).toEqual([['recent_order', 'D-3']]);
  expect(reasons(order(2, quiet.id, 15))).toEqual([]);
});

import { expect, test } from 'vitest';
import { callReasons } from '../../../src/main/call-reasons.ts';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { NOON, openTestContext } from '../../fakes/host-context.ts';
import { sampleCustomer } from '../../fakes/sample-rows.ts';
import { SAMPLE, sampleId } from '../../fakes/sample-set.ts';

test('what we owe comes first, then what is open, then money', () => {
  const door = createCustomerDoor(openTestContext());
  const { reasons } = door.readCustomer({ customerId: SAMPLE.gold.id, callId: null, unmasked: false }, null);
  expect(reasons.map((reason) => reason.code)).toEqual([
    'promise_overdue',
    'open_case',
    'payment_overdue',
    'contract_ending',
    'recent_contact',
    'page_visited',
  ]);
  expect(reasons[2]?.data).toMatchObject({ amount: 55_000, currency: 'KRW', days: 2 });
  expect(reasons[3]?.data).toMatchObject({ productKo: '플러스 요금제', days: 20 });
});

test('the call that rings now is no reason for itself', () => {
  const door = createCustomerDoor(openTestContext());
  const { reasons } = door.readCustomer({ customerId: SAMPLE.gold.id, callId: sampleId(16, 1), unmasked: false }, null);
  expect(reasons.map((reason) => reason.code)).not.toContain('recent_contact');
});

test('a call that is still going on is no contact of the past, on whatever screen it is read', () => {
  const recent = (interactions: Interaction[]) => {
    const customer = sampleCustomer(SAMPLE.gold.id, '김민수');
    const reasons = callReasons({
      customer,
      promises: [],
      cases: [],
      holdings: [],
      orders: [],
      interactions,
      now: NOON,
    });
    return reasons.find((reason) => reason.code === 'recent_contact')?.rowId ?? null;
  };
  const at = (minutes: number) => new Date(NOON - minutes * 60_000).toISOString();
  const nobody = { phone: null, queue: null, agentId: null, agentName: null, subject: null, dispositionCode: null };
  const contact = (n: number, channel: 'phone' | 'email', endedAt: string | null): Interaction => {
    const times = { startedAt: at(n), answeredAt: channel === 'phone' ? at(n) : null, endedAt };
    return {
      id: sampleId(16, n),
      customerId: SAMPLE.gold.id,
      channel,
      direction: 'in',
      result: null,
      ...nobody,
      ...times,
    };
  };
  expect(recent([contact(1, 'phone', null), contact(60, 'phone', at(50))])).toBe(sampleId(16, 60));
  expect(recent([contact(1, 'phone', null)])).toBeNull();
  expect(recent([contact(30, 'email', null)])).toBe(sampleId(16, 30));
});

test('a birthday within a week, also over the turn of the year and on 29 February', () => {
  const days = (birthday: string, now: number) => {
    const customer = { ...sampleCustomer(SAMPLE.gold.id, '김민수'), birthday };
    const facts = { customer, promises: [], cases: [], holdings: [], orders: [], interactions: [], now };
    return callReasons(facts)[0]?.data.days ?? null;
  };
  expect(days('1984-11-23', NOON)).toBe(0);
  expect(days('1984-11-30', NOON)).toBe(7);
  expect(days('1984-12-01', NOON)).toBeNull();
  expect(days('1984-11-22', NOON)).toBeNull();
  expect(days('1984-01-02', Date.UTC(2026, 11, 30))).toBe(3);
  expect(days('2000-02-29', Date.UTC(2026, 1, 26))).toBe(3);
});

test('days are counted by the calendar of the business: half past eight in Seoul is still yesterday in Greenwich', () => {
  const early = Date.parse('2026-11-22T23:30:00Z');
  const desk = openTestContext(early);
  const dayOf = (code: string, change: object) => {
    const row = desk.cache.prepare('SELECT data, version FROM customer WHERE id = ?').get(SAMPLE.quiet.id);
    const { data, version } = row as { data: string; version: number };
    const next = { ...JSON.parse(data), ...change };
    const write = { table: 'customer', id: SAMPLE.quiet.id, version: version + 1, deleted: false, data: next } as const;
    desk.cache.transaction(() => applyRows(desk.cache, [write as never])).immediate();
    const door = createCustomerDoor(desk);
    const { reasons } = door.readCustomer({ customerId: SAMPLE.quiet.id, callId: null, unmasked: false }, null);
    return reasons.find((reason) => reason.code === code)?.data.days;
  };
  expect(dayOf('birthday', { birthday: '1990-11-23' })).toBe(0);
  expect(dayOf('birthday', { birthday: '1990-11-24' })).toBe(1);
  expect(dayOf('birthday', { birthday: '1990-11-22' })).toBeUndefined();
  if (desk.rules) desk.rules = { ...desk.rules, timeZone: 'Nowhere/Atlantis' };
  expect(dayOf('birthday', { birthday: '1990-11-22' })).toBe(0);
  const customer = sampleCustomer(SAMPLE.gold.id, '김민수');
  const holding = { id: sampleId(12, 1), customerId: customer.id, productId: sampleId(7, 1), quantity: 1 } as const;
  const held = { ...holding, status: 'active', startedOn: '2025-01-01', monthlyFee: null, product: null } as const;
  const ends = (endsOn: string) => {
    const facts = { customer, promises: [], cases: [], orders: [], interactions: [], now: early, today: '2026-11-23' };
    return callReasons({ ...facts, holdings: [{ ...held, endsOn }] })[0]?.data.days;
  };
  expect([ends('2026-11-22'), ends('2026-11-23'), ends('2026-11-24')]).toEqual([undefined, 0, 1]);
});

test('somebody of whom nothing is known gives no reasons', () => {
  const customer = sampleCustomer(SAMPLE.wife.id, '성춘향');
  expect(
    callReasons({ customer, promises: [], cases: [], holdings: [], orders: [], interactions: [], now: NOON }),
  ).toEqual([]);
});

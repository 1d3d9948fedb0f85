import { expect, test } from 'vitest';
import { callReasons } from '../../../src/main/call-reasons.ts';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
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
    const reasons = callReasons({ customer, promises: [], cases: [], holdings: [], interactions, now: NOON });
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
    const facts = { customer, promises: [], cases: [], holdings: [], interactions: [], now };
    return callReasons(facts)[0]?.data.days ?? null;
  };
  expect(days('1984-11-23', NOON)).toBe(0);
  expect(days('1984-11-30', NOON)).toBe(7);
  expect(days('1984-12-01', NOON)).toBeNull();
  expect(days('1984-11-22', NOON)).toBeNull();
  expect(days('1984-01-02', Date.UTC(2026, 11, 30))).toBe(3);
  expect(days('2000-02-29', Date.UTC(2026, 1, 26))).toBe(3);
});

test('somebody of whom nothing is known gives no reasons', () => {
  const customer = sampleCustomer(SAMPLE.wife.id, '성춘향');
  expect(callReasons({ customer, promises: [], cases: [], holdings: [], interactions: [], now: NOON })).toEqual([]);
});

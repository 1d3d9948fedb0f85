import { beforeEach, describe, expect, test } from 'vitest';
import { checkDial, type DialRequest } from '../../../src/main/gate.ts';
import { MARKETING_CALLS } from '../../../src/main/marketing-calls.ts';
import type { DialVerdict } from '../../../src/shared/host-types.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { SyncTable } from '../../../src/shared/sync-wire.ts';
import { noteCentreClock } from '../../../src/sync/centre-clock.ts';
import { forgetCustomers } from '../../../src/sync/forget.ts';
import { appendOperation } from '../../../src/sync/outbox.ts';
import { advanceBootstrap, beginBootstrap } from '../../../src/sync/sync-state.ts';
import { accessLog, NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE, sampleId } from '../../fakes/sample-set.ts';

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

const HOUR = 3_600_000;
function dial(number: string, more: Partial<DialRequest> = {}): DialVerdict {
  return checkDial(desk, { number, customerId: null, purpose: 'marketing', overrideReason: null, ...more });
}
function rules(verdict: DialVerdict): string[] {
  return verdict.allowed ? [] : verdict.refusals.map((refusal) => refusal.rule);
}

describe('emergency numbers', () => {
  test.each(['112', '119', '1-1-9', '911'])('%s passes whatever else is true', (number) => {
    desk.rules = null;
    expect(dial(number)).toMatchObject({ allowed: true, emergency: true });
  });
  test('also when nobody is signed in', () => {
    desk.seat = {
      ...desk.seat,
      reader: () => {
        throw new Error('nobody');
      },
    };
    expect(dial('119')).toMatchObject({ allowed: true, emergency: true });
    expect(() => dial('01000001001')).toThrow('nobody');
  });
});

describe('a number that the business does not pay for', () => {
  const service = { purpose: 'service' } as const;
  test.each([
    '060-700-1234',
    '0601234',
    '+82 60 123 4567',
    '00700 1 900 555 0123',
    '+979 1 2345 6789',
    'tel:+449098790123',
  ])('premium: %s is refused, and no reason opens that', (number) => {
    for (const purpose of ['service', 'marketing'] as const) {
      const verdict = dial(number, { purpose, overrideReason: '고객 요청' });
      expect(verdict.allowed ? [] : verdict.refusals).toContainEqual({
        rule: 'premium_number',
        data: {},
        overridable: false,
      });
    }
    expect(accessLog(desk)).toEqual([]);
  });
  test('also before the centre has told any rule, and from a centre that knows no such rule', () => {
    desk.rules = null;
    expect(rules(dial('060-700-1234', service))).toEqual(['premium_number']);
    expect(dial('+881 6 1234 5678', service)).toMatchObject({
      refusals: [{ rule: 'forbidden_number', data: { prefix: '+881' }, overridable: false }],
    });
  });
  test('the administrator decides: premium allowed, other beginnings forbidden', () => {
    if (desk.rules) desk.rules = { ...desk.rules, premiumNumbers: 'allow', forbiddenPrefixes: ['+1'] };
    expect(dial('060-700-1234', service)).toMatchObject({ allowed: true, target: '+82607001234' });
    expect(dial('+881 6 1234 5678', service)).toMatchObject({ allowed: true });
    expect(rules(dial('+14155550123', service))).toEqual(['forbidden_number']);
  });
  test('emergency numbers, extensions and usual numbers pass all the same', () => {
    if (desk.rules) desk.rules = { ...desk.rules, forbiddenPrefixes: ['+1', '+8211', '+82119'] };
    for (const number of ['119', '112', '911', '101', '6001', '010-0000-1234', '1588-1234'])
      expect(dial(number, service)).toMatchObject({ allowed: true });
  });
});

describe('a marketing call', () => {
  test('passes with fresh consent, a fresh list and at a decent hour', () => {
    expect(dial('010-0000-1001')).toEqual({
      allowed: true,
      target: SAMPLE.gold.phone,
      emergency: false,
      overridden: [],
      doNotCall: false,
    });
    expect(accessLog(desk)).toMatchObject([{ action: 'dial', context: 'marketing' }]);
  });
  test('to a listed number is forbidden, and no reason opens that', () => {
    expect(rules(dial('01000001006', { overrideReason: '고객 요청' }))).toEqual(['do_not_call', 'no_consent']);
    expect(accessLog(desk)).toEqual([]);
  });
  test('needs consent: none, refused, or older than two years', () => {
    expect(rules(dial(SAMPLE.unknownPhone))).toEqual(['no_consent']);
    expect(rules(dial(SAMPLE.husband.phone, { customerId: SAMPLE.husband.id }))).toEqual(['consent_expired']);
    expect(rules(dial(SAMPLE.quiet.phone, { customerId: SAMPLE.quiet.id }))).toContain('no_consent');
  });
  test("a number that two people share has nobody's consent until it is said whom the call is for", () => {
    expect(rules(dial('01000001002'))).toEqual(['no_consent']);
  });
  test('consent withdrawn here counts at once, before the centre knows', () => {
    const act = { authorId: SAMPLE.agent.id, authorName: '', claimedAt: new Date(NOON).toISOString() };
    const word = { channel: 'phone', purpose: 'marketing', status: 'refused', source: 'call' } as const;
    const payload = { kind: 'consent.set', consentId: newId(), customerId: SAMPLE.gold.id, ...word } as const;
    desk.outbox.transaction(() => appendOperation(desk.outbox, { ...act, payload })).immediate();
    const verdict = dial(SAMPLE.gold.phone, { overrideReason: '고객 요청' });
    expect(verdict).toMatchObject({ allowed: false, refusals: [{ rule: 'no_consent', overridable: false }] });
  });
  test('a list that is a day old forbids; so does one that never came', async () => {
    await desk.clock.advance(24 * HOUR);
    expect(rules(dial(SAMPLE.gold.phone))).toEqual(['do_not_call_stale']);
    desk.rules = null;
    expect(rules(dial(SAMPLE.gold.phone))).toEqual(['do_not_call_stale']);
  });
  test('a list is not younger than the moment at which this desk last had everything', async () => {
    await desk.clock.advance(HOUR);
    const write = desk.outbox.prepare(`INSERT OR REPLACE INTO keep (name, value) VALUES ('sync.caught_up', ?)`);
    write.run(new Date(NOON).toISOString());
    if (desk.rules) desk.rules = { ...desk.rules, doNotCallLoadedAt: new Date(NOON + HOUR).toISOString() };
    expect(dial(SAMPLE.gold.phone).allowed).toBe(true);
    write.run(new Date(NOON - 24 * HOUR).toISOString());
    expect(rules(dial(SAMPLE.gold.phone))).toEqual(['do_not_call_stale']);
  });
});

describe('while the desk is loaded', () => {
  const at = (table: SyncTable) => {
    beginBootstrap(desk.cache, { epoch: newId(), cursor: '1', tables: [], serverTime: new Date(NOON).toISOString() });
    advanceBootstrap(desk.cache, table, null, 0);
  };
  test.each(['customer', 'consent', 'do_not_call'] as const)(
    'at %s nobody knows who wants no calls: a marketing call is refused, and no reason opens that',
    (table) => {
      at(table);
      desk.cache.exec('DELETE FROM do_not_call');
      expect(dial(SAMPLE.gold.phone, { overrideReason: '고객 요청' })).toMatchObject({
        allowed: false,
        refusals: [{ rule: 'do_not_call_missing', data: {}, overridable: false }],
      });
      expect(dial(SAMPLE.gold.phone, { purpose: 'service' })).toMatchObject({ allowed: true });
      expect(accessLog(desk)).toMatchObject([{ action: 'dial', context: 'service' }]);
    },
  );
  test('so it is in a cache that was made anew while the centre is away', () => {
    desk.cache.prepare('UPDATE sync_state SET cursor = NULL').run();
    expect(rules(dial(SAMPLE.gold.phone))).toEqual(['do_not_call_missing']);
  });
  test('once the list is here it counts, whatever else is still to come', () => {
    at('holding');
    expect(dial(SAMPLE.gold.phone).allowed).toBe(true);
    expect(rules(dial('01000001006'))).toContain('do_not_call');
  });
});

describe('the hour', () => {
  test.each([
    [8, 0, true],
    [20, 59, true],
    [21, 0, false],
    [7, 59, false],
  ])('%i:%i in Seoul', (hour, minute, allowed) => {
    desk = openTestContext(Date.UTC(2026, 10, 23, hour - 9, minute));
    expect(rules(dial(SAMPLE.gold.phone))).toEqual(allowed ? [] : ['calling_hours']);
  });
  test('is that of the called person: noon in Seoul is night in America', () => {
    const verdict = dial('+14155550123', { overrideReason: '예약된 통화' });
    expect(verdict.allowed ? [] : verdict.refusals).toContainEqual({
      rule: 'calling_hours',
      data: { localTime: '00:00', timeZone: 'America/New_York', hours: '08:00–21:00' },
      overridable: false,
    });
  });
});

describe('a clock that is off', () => {
  const heard = (serverTime: number) => noteCentreClock(desk.outbox, desk.clock)(new Date(serverTime).toISOString());
  test('three hours behind: the hour is that of the centre, once it has answered', () => {
    desk = openTestContext(Date.UTC(2026, 10, 23, 10, 0));
    expect(rules(dial(SAMPLE.gold.phone))).toEqual([]);
    heard(Date.UTC(2026, 10, 23, 13, 0));
    expect(rules(dial(SAMPLE.gold.phone))).toEqual(['calling_hours']);
    heard(Date.UTC(2026, 10, 23, 10, 0, 10));
    expect(rules(dial(SAMPLE.gold.phone))).toEqual([]);
  });
  test('put back since the last answer: nobody knows the hour, and no reason opens that', () => {
    const write = desk.outbox.prepare(`INSERT OR REPLACE INTO keep (name, value) VALUES ('sync.last_contact', ?)`);
    write.run(new Date(NOON + 240_000).toISOString());
    expect(dial(SAMPLE.gold.phone).allowed).toBe(true);
    write.run(new Date(NOON + 3 * HOUR).toISOString());
    expect(dial(SAMPLE.gold.phone, { overrideReason: '고객 요청' })).toMatchObject({
      allowed: false,
      refusals: [{ rule: 'clock_off', overridable: false }],
    });
    expect(dial(SAMPLE.gold.phone, { purpose: 'service' })).toMatchObject({ allowed: true });
  });
});

describe('the rest', () => {
  test('an override passes with its reason in the log', () => {
    desk.sitting = { ...SAMPLE.agent, role: 'supervisor' };
    const verdict = dial(SAMPLE.husband.phone, { customerId: SAMPLE.husband.id, overrideReason: '고객이 요청' });
    expect(verdict).toMatchObject({ allowed: true, overridden: [{ rule: 'consent_expired' }] });
    expect(accessLog(desk)).toMatchObject([
      { action: 'dial_override', customerId: SAMPLE.husband.id, context: 'consent_expired: 고객이 요청' },
      { action: 'dial', customerId: SAMPLE.husband.id, context: 'marketing' },
    ]);
  });
  test('who may override is a right: without it the gate says who has it, and nothing is logged', () => {
    const call = { customerId: SAMPLE.husband.id, overrideReason: '고객이 요청' };
    const refused = (needsRight: boolean) => ({
      allowed: false,
      refusals: [{ rule: 'consent_expired', overridable: false }],
      needsRight,
    });
    expect(dial(SAMPLE.husband.phone, call)).toMatchObject(refused(true));
    if (desk.rules) desk.rules = { ...desk.rules, dialOverride: 'everybody' };
    expect(dial(SAMPLE.husband.phone, { ...call, overrideReason: null })).toEqual({
      allowed: false,
      refusals: [expect.objectContaining({ rule: 'consent_expired', overridable: true })],
    });
    expect(accessLog(desk)).toEqual([]);
    expect(dial(SAMPLE.husband.phone, call)).toMatchObject({ allowed: true });
    if (desk.rules) desk.rules = { ...desk.rules, dialOverride: 'nobody' };
    desk.sitting = { ...SAMPLE.agent, role: 'administrator' };
    expect(dial(SAMPLE.husband.phone, call)).toMatchObject(refused(false));
  });
  test('a customer is called as often as the business allows, and an index finds the calls', async () => {
    if (desk.rules) desk.rules = { ...desk.rules, marketingAttempts: { times: 2, withinHours: 24 } };
    const call = () => dial(SAMPLE.gold.phone, { customerId: SAMPLE.gold.id });
    expect([call().allowed, call().allowed]).toEqual([true, true]);
    dial(SAMPLE.gold.phone, { customerId: SAMPLE.gold.id, purpose: 'service' });
    expect(call()).toMatchObject({
      refusals: [{ rule: 'attempts_used', data: { made: 2, times: 2, withinHours: 24 } }],
    });
    const plan = desk.outbox.prepare(`EXPLAIN QUERY PLAN ${MARKETING_CALLS}`).all('[]') as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('INDEX marketing_call_who'));
    await desk.clock.advance(24 * HOUR);
    if (desk.rules) desk.rules = { ...desk.rules, doNotCallLoadedAt: new Date(desk.clock.now()).toISOString() };
    expect(call()).toMatchObject({ allowed: true });
  });
  test('a number that is typed counts like a number on the screen, and nobody’s number by itself; an erasure takes it along', () => {
    if (desk.rules)
      desk.rules = { ...desk.rules, dialOverride: 'everybody', marketingAttempts: { times: 2, withinHours: 8760 } };
    const typed = () => rules(dial(SAMPLE.gold.phone));
    expect([typed(), typed(), typed()]).toEqual([[], [], ['attempts_used']]);
    expect(rules(dial(SAMPLE.gold.phone, { customerId: SAMPLE.gold.id }))).toEqual(['attempts_used']);
    const stranger = () => dial(SAMPLE.unknownPhone, { overrideReason: '고객이 요청' });
    expect([stranger(), stranger()]).toMatchObject([{ overridden: [{ rule: 'no_consent' }] }, { allowed: true }]);
    expect(stranger()).toMatchObject({ overridden: [{ rule: 'no_consent' }, { rule: 'attempts_used' }] });
    desk.outbox.transaction(() => forgetCustomers(desk.outbox, [SAMPLE.gold.id])).immediate();
    expect(typed()).toEqual([]);
  });
  test('calls stay counted when the access log was cleared, as long as the longest window', async () => {
    if (desk.rules) desk.rules = { ...desk.rules, marketingAttempts: { times: 1, withinHours: 8760 } };
    expect(dial(SAMPLE.gold.phone).allowed).toBe(true);
    desk.outbox.exec('DELETE FROM access_log');
    await desk.clock.advance(300 * 24 * HOUR);
    expect(rules(dial(SAMPLE.gold.phone))).toContain('attempts_used');
    await desk.clock.advance(66 * 24 * HOUR);
    expect(rules(dial(SAMPLE.gold.phone))).not.toContain('attempts_used');
  });
  test('of several who share a number, what one refused counts for all', () => {
    const act = { authorId: SAMPLE.agent.id, authorName: '', claimedAt: new Date(NOON).toISOString() };
    const word = { channel: 'phone', purpose: 'marketing', status: 'refused', source: 'call' } as const;
    const payload = { kind: 'consent.set', consentId: newId(), customerId: SAMPLE.husband.id, ...word } as const;
    desk.outbox.transaction(() => appendOperation(desk.outbox, { ...act, payload })).immediate();
    expect(dial('01000001002')).toMatchObject({
      refusals: [{ rule: 'no_consent', data: { status: 'refused' }, overridable: false }],
    });
  });
  test('whom the business does not call for marketing: its own field says so, also before the centre knows', () => {
    const call = () => rules(dial(SAMPLE.gold.phone, { customerId: SAMPLE.gold.id, overrideReason: '고객이 요청' }));
    const act = { authorId: SAMPLE.agent.id, authorName: '', claimedAt: new Date(NOON).toISOString() };
    const changes = [{ field: 'custom.no_marketing', value: true, was: null }];
    const payload = { kind: 'customer.update', customerId: SAMPLE.gold.id, changes } as const;
    desk.outbox.transaction(() => appendOperation(desk.outbox, { ...act, payload })).immediate();
    expect(call()).toEqual([]);
    if (desk.rules) desk.rules = { ...desk.rules, blockedBy: 'no_marketing' };
    expect(call()).toEqual(['blocked_customer']);
  });
  test('a service call asks for no marketing consent, and what it was said to be for is in the log', () => {
    expect(dial(SAMPLE.quiet.phone, { purpose: 'service' })).toMatchObject({ allowed: true, overridden: [] });
    expect(accessLog(desk)).toMatchObject([{ action: 'dial', customerId: null, context: 'service' }]);
  });
  test('a service call to a number that wants no advertising is allowed, and says so', () => {
    expect(dial('01000001006', { purpose: 'service' })).toMatchObject({ allowed: true, doNotCall: true });
  });
  test('a colleague is inside the house', () => {
    expect(dial('1002')).toMatchObject({ allowed: true, target: '1002' });
    expect(dial('*43')).toMatchObject({ allowed: true, target: '*43' });
  });
  test.each(['', 'abc', 'sip:evil@example.com', '12345678901234567890'])('%j is no number', (number) => {
    expect(rules(dial(number))).toEqual(['not_a_number']);
  });
  test('a masked number is dialled by its contact point', () => {
    const verdict = dial('010-****-1001', { contactPointId: sampleId(9, 1), customerId: null, purpose: 'service' });
    expect(verdict).toMatchObject({ allowed: true, target: SAMPLE.gold.phone });
    // Whose number it was comes from the row, not from the page; the number itself is in no log.
    expect(accessLog(desk)).toMatchObject([{ action: 'dial', customerId: SAMPLE.gold.id, context: 'service' }]);
    expect(JSON.stringify(accessLog(desk))).not.toContain('00001001');
    expect(() => dial('', { contactPointId: newId() })).toThrow('NOT_FOUND');
  });
});

test('a colleague’s line passes whatever it is called; other words are no number', () => {
  expect(dial(' agent2 ')).toMatchObject({ allowed: true, target: 'agent2' });
  expect(rules(dial('agent3'))).toEqual(['not_a_number']);
});

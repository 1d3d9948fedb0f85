import { describe, expect, test } from 'vitest';
import { judgeCall } from '../../../../src/shared/legal-gate/judge-call.ts';
import { createLocalClock } from '../../../../src/shared/legal-gate/local-time.ts';
import { legalCase } from '../../../fakes/legal-cases.ts';
import { rulesByTable } from '../../../fakes/legal-table.ts';
import { seededRandom } from '../../../fakes/sim-clock.ts';

const clock = createLocalClock();
const rules = ({ facts, policy }: ReturnType<typeof legalCase>) =>
  judgeCall(facts, policy, clock).map(({ rule }) => rule);

describe('the gate and a table that was written without it', () => {
  test('say the same of 10,000 seeded calls, and every rule speaks in some of them', () => {
    const random = seededRandom(20_261_123);
    const spoken = new Map<string, number>();
    for (let i = 0; i < 10_000; i += 1) {
      const one = legalCase(random);
      const found = rules(one).toSorted();
      const wanted = rulesByTable(one.facts, one.policy).toSorted();
      if (found.join() !== wanted.join()) expect(found, JSON.stringify(one)).toEqual(wanted);
      for (const rule of found.length > 0 ? found : ['passes']) spoken.set(rule, (spoken.get(rule) ?? 0) + 1);
    }
    expect([...spoken.keys()].toSorted()).toEqual([
      ...['attempts_used', 'blocked_customer', 'calling_hours', 'clock_off', 'consent_expired', 'consent_unknown'],
      ...['do_not_call', 'do_not_call_missing', 'do_not_call_stale', 'forbidden_number', 'no_consent', 'passes'],
      'premium_number',
    ]);
    expect(spoken.get('passes')).toBeGreaterThan(100);
  }, 60_000);
});

describe('what law and policy say together', () => {
  const random = seededRandom(7);
  const { facts: any, policy } = legalCase(random);
  const at = (iso: string) => Date.parse(iso);
  const consent = (purpose: 'marketing' | 'night_marketing', when: string) =>
    ({
      id: any.number,
      customerId: any.number,
      channel: 'phone',
      purpose,
      status: 'granted',
      at: when,
      source: '',
    }) as const;
  const good = (now: string, number = '+821000001234') => ({
    ...any,
    number,
    purpose: 'marketing' as const,
    product: 'general' as const,
    now: at(now),
    clock: { centreAhead: 0, wentBack: false },
    doNotCall: { here: true, listed: false, loadedAt: now, hadAllAt: null },
    consents: [consent('marketing', '2026-11-01T00:00:00.000Z')],
    consentsWhole: true,
    blocked: null,
    attempts: [],
  });
  const usual = {
    ...policy,
    marketingFromMinute: 480,
    marketingToMinute: 1260,
    consentMaxAgeDays: 730,
    doNotCallMaxAgeHours: 24,
    forbiddenPrefixes: [],
    marketingAttempts: undefined,
  };
  const said = (facts: Parameters<typeof judgeCall>[0], rule: object = {}) => judgeCall(facts, { ...usual, ...rule });
  const hours = (overridable: boolean, text = expect.any(String)) =>
    expect.objectContaining({ rule: 'calling_hours', overridable, data: expect.objectContaining({ hours: text }) });
  const nightInSeoul = '2026-11-23T13:00:00.000Z';
  const noonInParis = '2026-11-23T11:00:00.000Z';

  test('a policy that allows more than the law changes nothing; one that allows less may be overridden', () => {
    const all = { marketingFromMinute: 0, marketingToMinute: 1440 };
    expect(said(good(nightInSeoul), all)).toEqual([hours(false, '08:00–21:00')]);
    const evening = good('2026-11-23T10:30:00.000Z');
    expect(said(evening)).toEqual([]);
    expect(said(evening, { marketingToMinute: 1080 })).toEqual([hours(true, '08:00–18:00')]);
  });
  test('the night is open to who agreed to it, within two years, and never for financial products', () => {
    const consents = (when: string) => [...good(nightInSeoul).consents, consent('night_marketing', when)];
    const agreed = { ...good(nightInSeoul), consents: consents('2026-01-01T00:00:00.000Z') };
    expect(said(agreed)).toEqual([]);
    expect(said({ ...agreed, consents: consents('2024-01-01T00:00:00.000Z') })).toEqual([hours(false)]);
    expect(said({ ...agreed, product: 'financial' })).toEqual([hours(false)]);
  });
  test('France: working days, 10 to 13 and 14 to 20, four calls in 30 days', () => {
    const call = good(noonInParis, '+33639981234');
    expect(said(call)).toEqual([]);
    expect(said({ ...call, now: at('2026-11-23T12:30:00.000Z') })).toEqual([hours(false, '10:00–13:00, 14:00–20:00')]);
    const sunday = good('2026-11-22T11:00:00.000Z', '+33639981234');
    expect(said(sunday)).toEqual([hours(false, '')]);
    const attempts = [1, 5, 9, 29].map((days) => call.now - days * 86_400_000);
    expect(said({ ...call, attempts })).toMatchObject([
      { rule: 'attempts_used', data: { made: 4 }, overridable: false },
    ]);
    expect(said({ ...call, attempts: attempts.slice(1) })).toEqual([]);
  });
  test('a country that nobody looked at has all of its clocks: an hour must be decent in each', () => {
    // 11:30 in Brasília is 9:30 in Acre; at 10:30 the west still sleeps.
    expect(said(good('2026-11-23T14:30:00.000Z', '+5511961234567'))).toEqual([]);
    expect(said(good('2026-11-23T12:30:00.000Z', '+5511961234567'))).toEqual([hours(false)]);
  });
  test('before the centre has told a policy, Korea’s figures hold', () => {
    expect(judgeCall(good(noonInParis), null)).toEqual([]);
    const old = good(noonInParis);
    const stale = { ...old, doNotCall: { ...old.doNotCall, loadedAt: '2026-11-22T11:00:00.000Z' } };
    expect(judgeCall(stale, null)).toMatchObject([
      { rule: 'do_not_call_stale', data: { ageHours: 24, maxAgeHours: 24 } },
    ]);
  });
});

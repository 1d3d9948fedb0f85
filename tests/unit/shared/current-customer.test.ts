import { describe, expect, it } from 'vitest';
import { type CurrentFacts, CurrentRule, currentCustomer, unaskable } from '../../../src/shared/current-customer.ts';
import type { CustomField } from '../../../src/shared/customer.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Holding } from '../../../src/shared/work.ts';

const own = (key: string, type: CustomField['type']): CustomField => {
  return { id: newId(), entity: 'customer', key, type, label: { ko: `한${key}`, en: key }, choices: [], order: 1 };
};
const FIELDS = [own('points', 'number'), own('seen', 'date'), own('plan', 'choice')];
const product = (code: string) => ({ id: newId(), code, name: { ko: `한${code}`, en: code }, active: true });
const holding = (code: string, more: Partial<Holding>) => ({
  ...{ id: newId(), customerId: newId(), productId: newId(), status: 'active' as const },
  ...{ startedOn: '2026-11-11', endsOn: null, monthlyFee: null, ...more },
  product: product(code),
});
const facts = (
  holdings: CurrentFacts['holdings'],
  custom = {},
  owed = 0,
  orderedOn: string | null = null,
): CurrentFacts => ({
  customer: { custom, balanceOwed: { amount: owed, currency: 'KRW' } },
  ...{ holdings, customFields: FIELDS, orderedOn, today: '2026-11-23' },
});
const judge = (rule: CurrentRule, of: CurrentFacts) => {
  const { current, because } = currentCustomer(CurrentRule.parse(rule), of);
  return [current, because.map(({ code, holds, data }) => ({ code, holds, ...data }))];
};

describe('a current customer', () => {
  const bought: CurrentRule = { any: [{ kind: 'bought', withinDays: 90 }] };
  it.each<[string, CurrentFacts, unknown]>([
    [
      'bought 12 days ago',
      facts([holding('A', {})]),
      [true, [{ code: 'bought', holds: true, days: 12, withinDays: 90 }]],
    ],
    [
      'on the last day',
      facts([holding('A', { startedOn: '2026-08-25' })]),
      [true, [expect.objectContaining({ days: 90 })]],
    ],
    [
      'a day later',
      facts([holding('A', { startedOn: '2026-08-24' })]),
      [false, [expect.objectContaining({ days: 91, holds: false })]],
    ],
    ['never', facts([]), [false, [{ code: 'bought', holds: false, withinDays: 90 }]]],
    [
      'only from tomorrow on',
      facts([holding('A', { startedOn: '2026-11-24' })]),
      [false, [{ code: 'bought', holds: false, withinDays: 90 }]],
    ],
    [
      'something that has ended since',
      facts([holding('A', { status: 'ended' })]),
      [true, [expect.objectContaining({ days: 12 })]],
    ],
  ])('who bought %s', (_, of, verdict) => {
    expect(judge(bought, of)).toEqual(verdict);
  });

  it('by what they ordered, where that is later than what they own', () => {
    const days = (orderedOn: string | null, holdings: CurrentFacts['holdings']) =>
      currentCustomer(bought, facts(holdings, {}, 0, orderedOn)).because[0]?.data.days;
    const old = [holding('A', { startedOn: '2020-01-01' })];
    expect([days('2026-11-20', old), days('2026-11-20', []), days(null, []), days('2019-01-01', old)]).toEqual([
      ...[3, 3, undefined, 2518],
    ]);
  });

  it('has a contract that runs, to its last day', () => {
    const rule: CurrentRule = { all: [{ kind: 'contract' }] };
    const until = (endsOn: string | null, more = {}) => judge(rule, facts([holding('A', { endsOn, ...more })]))[0];
    expect(judge(rule, facts([holding('A', {}), holding('B', { endsOn: '2026-12-01' })]))).toEqual([
      true,
      [{ code: 'contract', holds: true, endsOn: '2026-12-01', productKo: '한B', productEn: 'B' }],
    ]);
    expect([until('2026-11-23'), until('2026-11-22'), until(null), until('2027-01-01', { status: 'ended' })]).toEqual([
      ...[true, false, false, false],
    ]);
  });

  it('uses a product, or one of those that count', () => {
    const using = (codes: string[] | undefined, of: CurrentFacts) =>
      judge({ any: [{ kind: 'in_use', ...(codes ? { codes } : {}) }] }, of)[0];
    const has = facts([holding('TV', {}), holding('NET', { status: 'suspended' })]);
    expect([using(undefined, has), using(['TV'], has), using(['NET'], has), using(undefined, facts([]))]).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('by balance and by own fields; a value is not told', () => {
    const one = (condition: CurrentRule, of: CurrentFacts) => judge(condition, of)[0];
    expect(one({ any: [{ kind: 'balance', above: 0 }] }, facts([], {}, 1))).toBe(true);
    expect(one({ any: [{ kind: 'balance', above: 0 }] }, facts([], {}, 0))).toBe(false);
    expect(judge({ any: [{ kind: 'field_above', key: 'points', above: 1000 }] }, facts([], { points: 1001 }))).toEqual([
      true,
      [{ code: 'field', holds: true, labelKo: '한points', labelEn: 'points' }],
    ]);
    expect(one({ any: [{ kind: 'field_within', key: 'seen', days: 7 }] }, facts([], { seen: '2026-11-16' }))).toBe(
      true,
    );
    expect(one({ any: [{ kind: 'field_within', key: 'seen', days: 7 }] }, facts([], { seen: 'nonsense' }))).toBe(false);
    expect(one({ any: [{ kind: 'field_is', key: 'plan', values: ['a', 'b'] }] }, facts([], { plan: 'b' }))).toBe(true);
    expect(one({ any: [{ kind: 'field_is', key: 'plan', values: ['a'] }] }, facts([], {}))).toBe(false);
  });

  it('any and all, also of groups: what decided is said, what did not is not', () => {
    const rule: CurrentRule = {
      any: [{ kind: 'balance', above: 0 }, { all: [{ kind: 'contract' }, { kind: 'in_use', codes: ['TV'] }] }],
    };
    const tv = holding('TV', { endsOn: '2027-01-01' });
    const codes = (of: CurrentFacts) => currentCustomer(rule, of).because.map(({ code, holds }) => `${code} ${holds}`);
    expect(codes(facts([tv]))).toEqual(['contract true', 'in_use true']);
    expect(codes(facts([holding('TV', {})]))).toEqual(['balance false', 'contract false']);
  });

  it('a rule asks only for fields that are there and fit', () => {
    expect(unaskable({ any: [{ kind: 'field_above', key: 'points', above: 1 }] }, FIELDS)).toBeNull();
    expect(unaskable({ any: [{ all: [{ kind: 'field_is', key: 'nope', values: ['x'] }] }] }, FIELDS)).toMatch(
      /^nope: there is no/,
    );
    expect(unaskable({ all: [{ kind: 'field_within', key: 'plan', days: 1 }] }, FIELDS)).toMatch(
      /^plan: not to be asked/,
    );
  });

  it.each([
    {},
    { any: [] },
    { any: [{ kind: 'bought', withinDays: 0 }] },
    { any: [{ kind: 'x' }] },
    { any: [], all: [] },
  ])('%j is no rule', (rule) => {
    expect(CurrentRule.safeParse(rule).success).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomField } from '../../../src/shared/customer.ts';
import { checkRules } from '../../../src/shared/rules/check-rules.ts';
import { evaluate } from '../../../src/shared/rules/evaluate.ts';
import { catalogueOf, type Facts, type FactValue, OPERATORS_OF } from '../../../src/shared/rules/facts.ts';
import { type Operator, type Rule, RuleGroup } from '../../../src/shared/rules/rule.ts';

const rule = (field: string, operator: Operator, value: Rule['value']): Rule => ({ field, operator, value });
const all = (...rules: RuleGroup['rules']): RuleGroup => ({ combinator: 'and', rules });
const any = (...rules: RuleGroup['rules']): RuleGroup => ({ combinator: 'or', rules });
const says = (one: Rule, facts: Facts) => evaluate(all(one), facts);

const own: CustomField = {
  ...{ id: '01890000-0000-7000-8000-000000000001', entity: 'customer', key: 'plan', order: 1 },
  ...{ label: { ko: '요금제', en: 'Plan' }, type: 'choice', choices: ['a', 'b'] },
};
const catalogue = catalogueOf([own, { ...own, entity: 'case', key: 'plant' }]);

/** Facts of three names, some of them unknown, and rules over just these. */
const names = ['customer.tier', 'orders.count', 'products.owned'] as const;
const values: Record<(typeof names)[number], FactValue[]> = {
  'customer.tier': [null, 'gold', 'vip'],
  'orders.count': [null, 0, 2, 5],
  'products.owned': [null, [], ['A'], ['A', 'B']],
};
const arbitraryRule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({
    field: fc.constant('customer.tier'),
    operator: fc.constantFrom<Operator>('=', '!=', 'null', 'notNull'),
    value: fc.constantFrom('gold', 'vip'),
  }),
  fc.record({
    field: fc.constant('orders.count'),
    operator: fc.constantFrom<Operator>('<', '>=', '=', '!='),
    value: fc.constant(2),
  }),
  fc.record({
    field: fc.constant('orders.count'),
    operator: fc.constantFrom<Operator>('between', 'notBetween', 'in', 'notIn'),
    value: fc.constant<number[]>([0, 2]),
  }),
  fc.record({
    field: fc.constant('products.owned'),
    operator: fc.constantFrom<Operator>('contains', 'doesNotContain', 'null'),
    value: fc.constantFrom('A', 'B'),
  }),
);
const arbitraryTree = fc.letrec<{ tree: RuleGroup; member: Rule | RuleGroup }>((tie) => ({
  member: fc.oneof({ maxDepth: 3, withCrossShrink: true }, arbitraryRule, tie('tree')),
  tree: fc.record({
    combinator: fc.constantFrom('and' as const, 'or' as const),
    not: fc.boolean(),
    rules: fc.array(tie('member'), { maxLength: 3 }),
  }),
})).tree;
const arbitraryFacts = fc.record(
  {
    'customer.tier': fc.constantFrom(...values['customer.tier']),
    'orders.count': fc.constantFrom(...values['orders.count']),
    'products.owned': fc.constantFrom(...values['products.owned']),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Facts>;

/** Every way in which the unknown facts may turn out. */
function completions(facts: Facts): Facts[] {
  return names
    .filter((name) => facts[name] === undefined)
    .reduce<Facts[]>(
      (known, name) => known.flatMap((one) => values[name].map((value) => ({ ...one, [name]: value }))),
      [facts],
    );
}

describe('what rules say of facts', () => {
  it('a verdict that is given holds however the unknown turns out; of known facts there is always one', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryFacts, (tree, facts) => {
        const verdict = evaluate(tree, facts);
        const later = completions(facts).map((one) => evaluate(tree, one));
        for (const one of later) expect(one).not.toBeNull();
        if (verdict !== null) expect(new Set(later)).toEqual(new Set([verdict]));
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  it('and, or and not are duals', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTree, { maxLength: 3 }), arbitraryFacts, (trees, facts) => {
        const none = { ...any(...trees), not: true };
        expect(evaluate(none, facts)).toBe(evaluate(all(...trees.map((one) => ({ ...one, not: !one.not }))), facts));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('compares by the kind of the fact: Hangul in both writings, capitals, days, sizes, lists', () => {
    expect(says(rule('call.queue', 'contains', '상담'), { 'call.queue': '상담'.normalize('NFD') })).toBe(true);
    expect(says(rule('call.queue', 'beginsWith', 'SUP'), { 'call.queue': 'support' })).toBe(true);
    expect(says(rule('call.queue', 'doesNotEndWith', 'port'), { 'call.queue': 'support' })).toBe(false);
    expect(says(rule('custom.day', '<', '2026-11-23'), { 'custom.day': '2026-11-22' })).toBe(true);
    expect(says(rule('orders.count', '>', 9), { 'orders.count': 10 })).toBe(true);
    expect(says(rule('orders.count', 'notBetween', [1, 3]), { 'orders.count': 3 })).toBe(false);
    expect(says(rule('orders.count', 'in', []), { 'orders.count': 3 })).toBe(false);
    expect(says(rule('products.owned', 'contains', 'B'), { 'products.owned': ['A', 'B'] })).toBe(true);
    expect(says(rule('products.owned', 'null', null), { 'products.owned': [] })).toBe(true);
  });

  it('what is known to be empty is not equal to anything; what is not known decides nothing', () => {
    expect(says(rule('orders.daysSinceLast', '<', 30), { 'orders.daysSinceLast': null })).toBe(false);
    expect(says(rule('orders.daysSinceLast', '!=', 30), { 'orders.daysSinceLast': null })).toBe(true);
    expect(says(rule('orders.daysSinceLast', '!=', 30), {})).toBeNull();
    expect(
      evaluate(any(rule('orders.count', '>', 1), rule('customer.tier', '=', 'vip')), { 'customer.tier': 'vip' }),
    ).toBe(true);
    expect(evaluate(all(), {})).toBe(true);
    expect(evaluate(any(), {})).toBe(false);
  });
});

describe('what is wrong with rules', () => {
  const codes = (one: Rule) => checkRules(all(one), catalogue).map(({ code }) => code);

  it.each([
    [rule('custom.gone', '=', 'x'), ['UNKNOWN_FIELD']],
    // A field of cases is none of customers.
    [rule('custom.plant', '=', 'a'), ['UNKNOWN_FIELD']],
    [rule('orders.count', 'contains', 'x'), ['WRONG_OPERATOR']],
    [rule('orders.count', '=', 'many'), ['WRONG_TYPE']],
    [rule('orders.count', 'between', [1]), ['WRONG_TYPE']],
    [rule('orders.count', '=', null), ['WRONG_TYPE']],
    [rule('custom.plan', '=', 'c'), ['UNKNOWN_CHOICE']],
    [rule('custom.plan', 'in', ['a', 'b']), []],
    [rule('customer.tier', 'notNull', null), []],
  ])('%j: %j', (one, wanted) => {
    expect(codes(one)).toEqual(wanted);
  });

  it('a tree with more rules than anybody reads', () => {
    const group = all(...Array.from({ length: 50 }, () => rule('orders.count', '>', 1)));
    expect(checkRules(all(group, group, group, group, group), catalogue)[0]).toMatchObject({ code: 'TOO_MANY_RULES' });
  });

  it('groups nest four deep and no deeper, and a hundred thousand of them are refused without falling over', () => {
    const nest = (depth: number): RuleGroup => (depth === 1 ? all(rule('orders.count', '>', 1)) : all(nest(depth - 1)));
    expect(RuleGroup.safeParse(nest(4)).success).toBe(true);
    expect(RuleGroup.safeParse(nest(5)).success).toBe(false);
    let deep: RuleGroup = all();
    for (let depth = 0; depth < 100_000; depth += 1) deep = all(deep);
    expect(RuleGroup.safeParse(deep).success).toBe(false);
  });

  it('every kind of fact may be asked whether it is there', () => {
    for (const operators of Object.values(OPERATORS_OF))
      expect(operators).toEqual(expect.arrayContaining(['null', 'notNull']));
  });
});

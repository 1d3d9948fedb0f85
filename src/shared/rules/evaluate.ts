import { assertNever } from '../assert-never.ts';
import { valuesOf } from './check-rules.ts';
import type { Facts, FactValue } from './facts.ts';
import { isGroup, type Operator, type Rule, type RuleGroup, type Scalar } from './rule.ts';

/** true, false, or null: what is known does not decide it (Kleene's logic). */
export type Verdict = boolean | null;

/**
 * What a tree of rules says of these facts. An empty 'and' is true and an empty 'or' is false; a rule that means nothing (see
 * checkRules) decides nothing.
 */
export function evaluate(tree: RuleGroup, facts: Facts): Verdict {
  const verdicts = tree.rules.map((one) => (isGroup(one) ? evaluate(one, facts) : verdictOf(one, facts)));
  const all = tree.combinator === 'and' ? every(verdicts) : not(every(verdicts.map(not)));
  return tree.not ? not(all) : all;
}

const not = (verdict: Verdict): Verdict => (verdict === null ? null : !verdict);

function every(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(null) ? null : true;
}

/** The operators that say the contrary of another one: of every known fact exactly one of the two is true. */
const CONTRARY: Partial<Record<Operator, Operator>> = {
  '!=': '=',
  notNull: 'null',
  notIn: 'in',
  notBetween: 'between',
  doesNotContain: 'contains',
  doesNotBeginWith: 'beginsWith',
  doesNotEndWith: 'endsWith',
};

function verdictOf(rule: Rule, facts: Facts): Verdict {
  const fact = facts[rule.field];
  const values = valuesOf(rule);
  if (fact === undefined || values === null) return null;
  const contrary = CONTRARY[rule.operator];
  return contrary ? not(holds(contrary, fact, values)) : holds(rule.operator, fact, values);
}

/** Of a fact that is known. What is known to be empty is neither equal to anything nor before or after it. */
function holds(operator: Operator, fact: FactValue, values: readonly Scalar[]): boolean {
  if (operator === 'null') return fact === null || fact === '' || (isList(fact) && fact.length === 0);
  const [first, second] = values;
  if (fact === null || (first === undefined && operator !== 'in')) return false;
  if (isList(fact)) return operator === 'contains' && fact.includes(String(first));
  switch (operator) {
    case '=':
      return same(fact, first);
    case 'in':
      return values.some((value) => same(fact, value));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return inOrder(operator, fact, first);
    case 'between':
      return inOrder('>=', fact, first) && inOrder('<=', fact, second);
    case 'contains':
      return plain(fact).includes(plain(first));
    case 'beginsWith':
      return plain(fact).startsWith(plain(first));
    case 'endsWith':
      return plain(fact).endsWith(plain(first));
    case '!=':
    case 'notIn':
    case 'notBetween':
    case 'notNull':
    case 'doesNotContain':
    case 'doesNotBeginWith':
    case 'doesNotEndWith':
      return false;
    default:
      return assertNever(operator);
  }
}

const isList = (fact: FactValue): fact is readonly string[] => Array.isArray(fact);
/** Hangul has two writings, and nobody means capitals. */
const plain = (value: unknown): string => String(value).normalize('NFC').toLowerCase();

function same(fact: Scalar, value: Scalar | undefined): boolean {
  return typeof fact === 'string' && typeof value === 'string' ? plain(fact) === plain(value) : fact === value;
}

/** Numbers by size, days (YYYY-MM-DD) by their text. */
function inOrder(operator: '<' | '<=' | '>' | '>=', fact: Scalar, value: Scalar | undefined): boolean {
  if (value === undefined || typeof fact !== typeof value) return false;
  if (operator === '<') return fact < value;
  if (operator === '<=') return fact <= value;
  return operator === '>' ? fact > value : fact >= value;
}

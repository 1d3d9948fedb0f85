import { Day } from '../text.ts';
import { type Catalogue, type FactKind, OPERATORS_OF } from './facts.ts';
import { type Rule, type RuleGroup, rulesOf, type Scalar } from './rule.ts';

/** What is wrong with a rule. Words for it are made by whoever shows it. */
export type RuleFaultCode = 'UNKNOWN_FIELD' | 'WRONG_OPERATOR' | 'WRONG_TYPE' | 'UNKNOWN_CHOICE' | 'TOO_MANY_RULES';
export interface RuleFault {
  code: RuleFaultCode;
  /** The field that the rule names. */
  field: string;
}

/** Of one tree, in all its groups. */
const MOST_RULES = 200;

/** Everything that is wrong with a tree of rules, in its order; empty: it means something. */
export function checkRules(tree: RuleGroup, catalogue: Catalogue): RuleFault[] {
  const rules = rulesOf(tree);
  const tooMany: RuleFault[] = rules.length > MOST_RULES ? [{ code: 'TOO_MANY_RULES', field: '' }] : [];
  return [...tooMany, ...rules.flatMap((rule) => faultOf(rule, catalogue))];
}

function faultOf(rule: Rule, catalogue: Catalogue): RuleFault[] {
  const { field } = rule;
  const kind = catalogue.get(field);
  if (kind === undefined) return [{ code: 'UNKNOWN_FIELD', field }];
  if (!OPERATORS_OF[kind.type].includes(rule.operator)) return [{ code: 'WRONG_OPERATOR', field }];
  const values = valuesOf(rule);
  if (values === null || !values.every((value) => fits(kind, value))) return [{ code: 'WRONG_TYPE', field }];
  const { choices } = kind;
  if (choices && !values.every((value) => choices.includes(String(value)))) return [{ code: 'UNKNOWN_CHOICE', field }];
  return [];
}

/** The values that a rule compares with; null: not so many as its operator needs. */
export function valuesOf({ operator, value }: Rule): Scalar[] | null {
  switch (operator) {
    case 'null':
    case 'notNull':
      return [];
    case 'in':
    case 'notIn':
      return Array.isArray(value) ? value : null;
    case 'between':
    case 'notBetween':
      return Array.isArray(value) && value.length === 2 ? value : null;
    default:
      return value === null || Array.isArray(value) ? null : [value];
  }
}

function fits({ type }: FactKind, value: Scalar): boolean {
  if (type === 'number') return typeof value === 'number';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'date') return Day.safeParse(value).success;
  return typeof value === 'string';
}

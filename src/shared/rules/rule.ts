import { z } from 'zod';

/**
 * Rules as data: one form for scripts, offers and segments. It is the form of react-querybuilder (RuleGroupType), so that its
 * builder edits it as it is, and simple enough to become SQL at the centre.
 */
/** Of one group; deeper trees have their own. */
const MAX_RULES = 50;
const MAX_VALUES = 200;

export const OPERATORS = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'doesNotContain',
  'beginsWith',
  'doesNotBeginWith',
  'endsWith',
  'doesNotEndWith',
  'in',
  'notIn',
  'between',
  'notBetween',
  'null',
  'notNull',
] as const;
export type Operator = (typeof OPERATORS)[number];

const Scalar = z.union([z.string().max(200), z.number(), z.boolean()]);
export type Scalar = z.infer<typeof Scalar>;

/** What a rule compares with: one value, several ('in', and two of them for 'between'), or null for 'null' and 'notNull'. */
export const RuleValue = z.union([Scalar, z.array(Scalar).max(MAX_VALUES), z.null()]);
export type RuleValue = z.infer<typeof RuleValue>;

export const Rule = z.object({
  /** Of the builder; means nothing. */
  id: z.string().max(60).optional(),
  field: z.string().min(1).max(120),
  operator: z.enum(OPERATORS),
  value: RuleValue,
});
export type Rule = z.infer<typeof Rule>;

export interface RuleGroup {
  id?: string | undefined;
  combinator: 'and' | 'or';
  /** The contrary of all of it. */
  not?: boolean | undefined;
  rules: (Rule | RuleGroup)[];
}

const group = <T extends z.ZodType>(member: T) =>
  z.object({
    id: z.string().max(60).optional(),
    combinator: z.enum(['and', 'or']),
    not: z.boolean().optional(),
    rules: z.array(member).max(MAX_RULES),
  });

/** Groups within groups, four deep: what nests deeper does not parse. A schema that calls itself would run out of stack first. */
export const RuleGroup: z.ZodType<RuleGroup> = group(
  z.union([Rule, group(z.union([Rule, group(z.union([Rule, group(Rule)]))]))]),
);

export const isGroup = (one: Rule | RuleGroup): one is RuleGroup => 'rules' in one;

/** Every single rule of a tree, in its order. */
export function rulesOf(tree: RuleGroup): Rule[] {
  return tree.rules.flatMap((one) => (isGroup(one) ? rulesOf(one) : [one]));
}

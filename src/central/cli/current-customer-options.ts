import { type CurrentCondition, CurrentRule } from '../../shared/current-customer.ts';
import { maybe, type Options } from './command-options.ts';
import { parseJson, readFile } from './files.ts';
import { CommandProblem } from './terminal.ts';

const HOW =
  'conditions are: bought:DAYS, contract, in-use, in-use:CODE|CODE, balance:MORE-THAN, KEY=VALUE|VALUE, KEY>NUMBER, KEY<DAYSd';

/** What `current-customer` says, as the request wants it; null: the business no longer says it. @throws CommandProblem */
export function currentRuleOf(options: Options, file: string | undefined): CurrentRule | null {
  if (options.off) return null;
  const [any, all] = [maybe(options, 'any'), maybe(options, 'all')];
  if (file === undefined && (any === null) === (all === null)) {
    throw new CommandProblem(`either --any or --all, a FILE.json, or --off; ${HOW}`);
  }
  const said =
    file === undefined ? { [any === null ? 'all' : 'any']: conditionsOf(any ?? all ?? '') } : parseJson(readFile(file));
  const rule = CurrentRule.safeParse(said);
  if (rule.success) return rule.data;
  throw new CommandProblem(`not understood; ${HOW}`);
}

const conditionsOf = (text: string) => text.split(',').map((part) => conditionOf(part.trim()));

function conditionOf(text: string): CurrentCondition {
  const [, word, rest] = /^(bought|contract|in-use|balance)(?::(.+))?$/.exec(text) ?? [];
  if (word === 'bought') return { kind: 'bought', withinDays: Number(rest) };
  if (word === 'contract' && rest === undefined) return { kind: 'contract' };
  if (word === 'in-use') return { kind: 'in_use', ...(rest === undefined ? {} : { codes: rest.split('|') }) };
  if (word === 'balance') return { kind: 'balance', above: Number(rest) };
  const [, key = '', sign, value = ''] = /^([a-z][a-zA-Z0-9_]*)([=<>])(.+)$/.exec(text) ?? [];
  if (sign === '=') return { kind: 'field_is', key, values: value.split('|') };
  if (sign === '>') return { kind: 'field_above', key, above: Number(value) };
  if (sign === '<' && /^\d+d$/.test(value)) return { kind: 'field_within', key, days: Number(value.slice(0, -1)) };
  throw new CommandProblem(`"${text}" is not understood; ${HOW}`);
}

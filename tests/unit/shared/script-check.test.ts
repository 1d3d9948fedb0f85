import { expect, it } from 'vitest';
import { canonicalJson } from '../../../src/shared/canonical-json.ts';
import { ScriptContent, type Step } from '../../../src/shared/script.ts';
import { checkScript } from '../../../src/shared/script-check.ts';
import { askFor, branch, choose, end, say, script, tick } from '../../fixtures/scripts.ts';

const field = (
  entity: 'customer' | 'case',
  key: string,
  type: 'text' | 'choice' | 'number' | 'boolean',
  choices: string[] = [],
) => ({
  ...{ id: '01890000-0000-7000-8000-000000000001', entity, key, type, choices, order: 1 },
  label: { ko: key, en: key },
});
const around = {
  customFields: [
    field('customer', 'plan', 'choice', ['a', 'b']),
    field('case', 'cause', 'text'),
    field('customer', 'ok', 'boolean'),
  ],
  dispositionCodes: new Set(['sold', 'refused']),
};
const faults = (content: ScriptContent) =>
  checkScript(content, around).map(({ code, stepId, detail }) => [code, stepId, detail]);
const vip = { combinator: 'and' as const, rules: [{ field: 'customer.tier', operator: '=' as const, value: 'vip' }] };
const when = (name: string, value: string) => ({
  ...{ combinator: 'and' as const },
  rules: [{ field: name, operator: '=' as const, value }],
});

it('a script in which every way ends has no fault', () => {
  const steps = [
    say('hello', 'time', '안녕하세요, {{customer}} 고객님.'),
    choose('time', 'notice', 'yes', ['no', 'bye']),
    tick('notice', 'is_vip', ['recording']),
    branch('is_vip', 'done', { when: vip, to: 'thanks' }, { when: when('answer.time', 'yes'), to: 'thanks' }),
    say('thanks', 'done'),
    end('done', 'completed', 'sold'),
    end('bye', 'cut_short', 'refused'),
  ];
  expect(faults(script(steps, { requires: ['recording'] }))).toEqual([]);
});

it.each<[string, Step[], unknown[]]>([
  ['a loop in which nothing is asked', [say('a', 'b'), say('b', 'a')], [['ENDLESS_LOOP', 'a', 'a b']]],
  [
    'a loop that only a fact would leave',
    [say('a', 'b'), branch('b', 'a', { when: vip, to: 'z' }), end('z')],
    [['ENDLESS_LOOP', 'a', 'a b']],
  ],
  [
    'a loop that asks, and goes on whatever was answered',
    [choose('a', 'b', 'yes', 'no'), branch('b', 'a', { when: vip, to: 'z' }), end('z')],
    [['ENDLESS_LOOP', 'a', 'a b']],
  ],
  ['a loop that an answer leaves', [choose('a', 'b', ['yes', 'z'], 'no'), say('b', 'a'), end('z')], []],
  [
    'a loop that a rule over its answer leaves',
    [choose('a', 'b', 'yes', 'no'), branch('b', 'a', { when: when('answer.a', 'yes'), to: 'z' }), end('z')],
    [],
  ],
  [
    'a silent round within a loop that may be left',
    [choose('a', 'b', ['yes', 'z'], 'no'), say('b', 'c'), branch('c', 'a', { when: vip, to: 'b' }), end('z')],
    [['ENDLESS_LOOP', 'b', 'b c']],
  ],
  ['a step that leads to itself', [say('a', 'a')], [['ENDLESS_LOOP', 'a', 'a']]],
  [
    'a way into a loop that ends nowhere',
    [say('a', 'b'), say('b', 'b')],
    [
      ['DEAD_END', 'a', ''],
      ['ENDLESS_LOOP', 'b', 'b'],
    ],
  ],
  [
    'a step that is nowhere',
    [say('a', 'gone'), end('z')],
    [
      ['UNKNOWN_STEP', 'a', 'gone'],
      ['UNREACHABLE', 'z', ''],
      ['DEAD_END', 'a', ''],
    ],
  ],
  ['two steps of one name', [say('a', 'z'), end('z'), end('z')], [['DUPLICATE_STEP', 'z', '']]],
  [
    'a field that nobody has',
    [branch('a', 'z', { when: when('custom.gone', 'x'), to: 'z' }), end('z')],
    [['UNKNOWN_FIELD', 'a', 'custom.gone']],
  ],
  [
    'an answer that nobody gives',
    [branch('a', 'z', { when: when('answer.b', 'x'), to: 'z' }), end('z')],
    [['UNKNOWN_FIELD', 'a', 'answer.b']],
  ],
  [
    'an option that the question does not have',
    [choose('a', 'b', 'yes', 'no'), branch('b', 'z', { when: when('answer.a', 'maybe'), to: 'z' }), end('z')],
    [['UNKNOWN_CHOICE', 'b', 'answer.a']],
  ],
  ['a result that the business does not have', [end('z', 'completed', 'gone')], [['UNKNOWN_DISPOSITION', 'z', 'gone']]],
  [
    'a merge field that nobody can fill',
    [say('a', 'z', '{{custmer}}'), end('z')],
    [['UNKNOWN_MERGE_FIELD', 'a', 'custmer']],
  ],
  ['two options of one code', [choose('a', 'z', 'yes', 'yes'), end('z')], [['DUPLICATE_OPTION', 'a', 'yes']]],
  [
    'a scale of nothing',
    [askFor('a', 'z', { type: 'scale', of: 'plain', from: 5, to: 5 }), end('z')],
    [['EMPTY_SCALE', 'a', '']],
  ],
  [
    'an answer that its field cannot have',
    [askFor('a', 'z', { type: 'date' }, { to: { of: 'customer', field: 'custom.plan' } }), end('z')],
    [['TARGET_MISFIT', 'a', 'custom.plan']],
  ],
  [
    'an answer for a field that nobody has',
    [askFor('a', 'z', { type: 'text' }, { to: { of: 'case', key: 'plan' } }), end('z')],
    [['UNKNOWN_FIELD', 'a', 'custom.plan']],
  ],
  [
    'an answer for a field of cases',
    [askFor('a', 'z', { type: 'text' }, { to: { of: 'case', key: 'cause' } }), end('z')],
    [],
  ],
])('%s', (_, steps, wanted) => {
  expect(faults(script(steps))).toEqual(wanted);
});

it('an end that is reached without what must be said, also where another way says it', () => {
  const steps = [choose('a', 'notice', 'yes', ['short', 'z']), tick('notice', 'z', ['marketing']), end('z')];
  expect(faults(script(steps, { requires: ['marketing'] }))).toEqual([['MISSING_STATEMENT', 'z', 'marketing']]);
  const cut = [
    choose('a', 'notice', 'yes', ['short', 'y']),
    tick('notice', 'z', ['marketing']),
    end('z'),
    end('y', 'cut_short'),
  ];
  expect(faults(script(cut, { requires: ['marketing'] }))).toEqual([]);
});

it('500 steps are a script, 501 are none', () => {
  const long = (count: number) => {
    const steps = Array.from({ length: count - 1 }, (_, i) => say(`s${i}`, i === count - 2 ? 'z' : `s${i + 1}`));
    return script([...steps, end('z')]);
  };
  expect(ScriptContent.safeParse(long(500)).success).toBe(true);
  expect(faults(long(500))).toEqual([]);
  expect(ScriptContent.safeParse(long(501)).success).toBe(false);
  expect(faults(long(501))).toEqual([['TOO_MANY_STEPS', null, '501']]);
});

it('the same content has the same writing, in whatever order it was written', () => {
  expect(canonicalJson({ b: [1, { d: null, c: '한' }], a: undefined, A: true })).toBe(
    '{"A":true,"b":[1,{"c":"한","d":null}]}',
  );
  expect(canonicalJson({ z: 1, a: 2 })).toBe(canonicalJson({ a: 2, z: 1 }));
});

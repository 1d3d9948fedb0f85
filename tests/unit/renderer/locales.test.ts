import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KEY_TABLE } from '../../../src/renderer/keys/key-table.ts';
import { Role } from '../../../src/shared/agent.ts';
import { CallReason } from '../../../src/shared/customer-360.ts';
import { ErrorCode, NextStep } from '../../../src/shared/errors.ts';
import { GateRefusal } from '../../../src/shared/host-types.ts';
import { CallResult, Channel } from '../../../src/shared/interaction.ts';
import { RejectionCode } from '../../../src/shared/sync-wire.ts';

const FILES = [
  'ui',
  'audio',
  'call',
  'customer',
  'keys',
  'errors',
  'ledger',
  'identity',
  'knowledge',
  'pbx',
  'message',
  'people',
  'privacy',
  'script',
  'shell',
] as const;

function flatten(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    flatten(inner, path === '' ? key : `${path}.${key}`),
  );
}

function words(language: 'ko' | 'en'): Map<string, string> {
  const read = (file: string): unknown => JSON.parse(readFileSync(`assets/locales/${language}/${file}.json`, 'utf8'));
  return new Map(
    FILES.flatMap((file) => flatten(read(file), '').map(([key, text]) => [`${file}:${key}`, text] as const)),
  );
}

const ko = words('ko');
const en = words('en');
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe('the words of the screens', () => {
  test('Korean and English have the same keys and the same facts in each', () => {
    expect([...ko.keys()].sort()).toEqual([...en.keys()].sort());
    for (const [key, text] of ko) expect([key, placeholders(text)]).toEqual([key, placeholders(en.get(key) ?? '')]);
  });

  test('nothing is left empty but the step that is none', () => {
    for (const [key, text] of [...ko, ...en])
      if (key !== 'errors:next.none') expect([key, text.trim()]).not.toEqual([key, '']);
  });

  test('every key that a screen names is there', () => {
    const named = globSync('src/renderer/**/*.{ts,tsx}').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([\w:.-]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(named.length).toBeGreaterThan(100);
    for (const key of named) expect([...ko.keys()]).toContain(key.includes(':') ? key : `ui:${key}`);
  });

  test('every code that can reach a screen has its words', () => {
    const needed = [
      ...ErrorCode.options.flatMap((code) => [`errors:${code}.what`, `errors:${code}.safe`]),
      ...NextStep.options.map((next) => `errors:next.${next}`),
      ...GateRefusal.shape.rule.options.map((rule) => `call:refusal.${rule}`),
      ...CallReason.shape.code.options.map((code) => `customer:reason.${code}`),
      ...Channel.options.flatMap((c) => [
        `customer:channel.${c}`,
        `customer:contact.${c}_in`,
        `customer:contact.${c}_out`,
      ]),
      ...CallResult.options.filter((result) => result !== 'answered').map((result) => `customer:result.${result}`),
      ...RejectionCode.options.map((code) => `ui:attention.code.${code}`),
      ...Role.options.map((role) => `ui:role.${role}`),
      ...KEY_TABLE.map((row) => `keys:${row.act}`),
    ];
    for (const key of needed) expect([...ko.keys()]).toContain(key);
  });

  test('Korean is Korean: no sentence without a Hangul letter, no English where Korean has the word', () => {
    for (const [key, text] of ko) {
      if (
        /^(customer:tier\.vip|customer:consent_sign\..*|customer:reason\.recent_contact|errors:next\.none|ui:bootstrap\.count)$/.test(
          key,
        )
      )
        continue;
      expect([key, /\p{Script=Hangul}/u.test(text)]).toEqual([key, true]);
    }
  });
});

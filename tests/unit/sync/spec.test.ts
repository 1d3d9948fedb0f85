import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(root + path, 'utf8');

/** Where each letter's rules stand, and where their tests are. */
const BOOKS = [
  { letters: 'SC', rules: 'src/sync/SPEC.md', least: 50 },
  { letters: 'D', rules: 'src/main/db/README.md', least: 14 },
];
const TESTS = [
  ...['tests/unit/sync', 'tests/unit/main', 'tests/integration/sync'],
  ...['tests/integration/central', 'tests/integration/main'],
];
/** The title of a test or of a helper that makes tests of many seeds. */
const TITLE = /(?:(?:test|it)(?:\.each\([^`]*?\)|\.skipIf\(.*?\))?\(|title =)\s*(['"`])([^\n]+?)\1/g;

describe.each(BOOKS)('the rules of $rules', ({ letters, rules: book, least }) => {
  const id = new RegExp(`\\b[${letters}]\\d+\\b`, 'g');
  const rules = [...read(book).matchAll(new RegExp(`\\*\\*([${letters}]\\d+)\\*\\*`, 'g'))].map(
    (match) => match[1] ?? '',
  );
  const titles = TESTS.flatMap((path) =>
    readdirSync(root + path)
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...read(`${path}/${name}`).matchAll(TITLE)].map((match) => match[2] ?? '')),
  );
  const tested = new Set(titles.flatMap((title) => title.match(id) ?? []));

  test('have numbers of their own', () => {
    expect(rules.length).toBeGreaterThanOrEqual(least);
    expect(new Set(rules).size).toBe(rules.length);
  });

  test('have a test each', () => {
    expect(rules.filter((rule) => !tested.has(rule))).toEqual([]);
    expect([...tested].filter((one) => !rules.includes(one))).toEqual([]);
  });
});

test('every rule of the sync engine names what it comes from, and all fifteen are covered', () => {
  const covered = [...read('src/sync/SPEC.md').matchAll(/^\| (\d+) +\|/gm)].map((match) => Number(match[1]));
  expect(covered).toEqual(Array.from({ length: 15 }, (_, n) => n + 1));
});

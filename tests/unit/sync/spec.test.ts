import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const folder = (path: string) => new URL(`../../../${path}/`, import.meta.url);
const read = (path: string) => readFileSync(folder('.').pathname + path, 'utf8');

describe('the rules of src/sync/SPEC.md', () => {
  const rules = [...read('src/sync/SPEC.md').matchAll(/\*\*(S\d+)\*\*/g)].map((match) => match[1] ?? '');
  const titles = ['tests/unit/sync', 'tests/integration/sync'].flatMap((path) =>
    readdirSync(folder(path))
      .filter((name) => name.endsWith('.test.ts'))
      .flatMap((name) => [...read(`${path}/${name}`).matchAll(/test(?:\.each\(.*\))?\(\s*['"`]([^'"`]+)/g)])
      .map((match) => match[1] ?? ''),
  );

  test('have numbers of their own', () => {
    expect(rules.length).toBeGreaterThan(30);
    expect(new Set(rules).size).toBe(rules.length);
  });

  test('have a test each', () => {
    const tested = new Set(titles.flatMap((title) => title.match(/\bS\d+\b/g) ?? []));
    expect(rules.filter((rule) => !tested.has(rule))).toEqual([]);
    expect([...tested].filter((id) => !rules.includes(id))).toEqual([]);
  });
});

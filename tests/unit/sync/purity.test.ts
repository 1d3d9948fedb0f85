import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What a deterministic simulator cannot hold still. Types (`typeof fetch`) and injected ones (`options.fetch`) are fine. */
const WORLD =
  /\bDate\.now\b|\bnew Date\(\)|\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b|\bMath\.random\b|(?<!typeof |\.)\bfetch\(|\bnew WebSocket\b|\bcrypto\.|\bperformance\.|from 'node:|from 'better-sqlite3'/;

test('S43 nothing in src/sync reads a clock, starts a timer, rolls a dice or opens a connection of its own', () => {
  const folder = new URL('../../../src/sync/', import.meta.url).pathname;
  const found = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const lines = readFileSync(folder + name, 'utf8').split('\n');
      return lines.flatMap((line, i) => (WORLD.test(line) ? [`${name}:${i + 1} ${line.trim()}`] : []));
    });
  expect(found).toEqual([]);
});

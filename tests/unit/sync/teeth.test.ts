import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { BREAKS, breakNamed, broken } from '../../chaos/teeth/breaks.ts';

const source = (file: string) => readFileSync(new URL(`../../../src/sync/${file}`, import.meta.url), 'utf8');
const run = promisify(execFile);

/** Seeds within which these were found when they were written, and some more: a simulator that got blunt is noticed here. */
const QUICKLY = [
  ['the cursor is stored before its rows', 60],
  ['what was done later goes first', 5],
  ['acknowledged before its rows are in the cache', 15],
  ['a customer who left the scope stays', 15],
] as const;

describe('the simulator notices a broken engine', () => {
  test('every break still finds what it replaces, and has a name of its own', () => {
    for (const one of BREAKS) {
      for (const { file } of one.edits) expect(broken(one, file, source(file)), one.name).not.toBe(source(file));
    }
    expect(new Set(BREAKS.map(({ name }) => name)).size).toBe(BREAKS.length);
    const gone = { name: 'x', rule: 'S1', edits: [{ file: 'push.ts', from: 'no such line', to: '' }] };
    expect(() => broken(gone, 'push.ts', source('push.ts'))).toThrow('0 times');
  });

  test.each(QUICKLY)('%s', { timeout: 120_000 }, async (name, seeds) => {
    const file = new URL('../../chaos/teeth/broken-run.ts', import.meta.url).pathname;
    const args = [file, '--break', breakNamed(name).name, '--seeds', String(seeds)];
    const { stdout } = await run(process.execPath, args);
    expect(JSON.parse(stdout)).toMatchObject({ seed: expect.any(Number), failure: expect.any(String) });
  });
});

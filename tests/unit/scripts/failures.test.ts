import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { playwrightFailures, readFailures, vitestFailures } from '../../../scripts/lib/failures.mjs';
import { root } from '../../../scripts/lib/paths.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dangol-failures-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A report as the runner writes it, cut down to what is read. */
function report(content: unknown): string {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const vitestReport = {
  testResults: [
    {
      name: join(root, 'tests/unit/a.test.ts'),
      status: 'failed',
      message: '',
      assertionResults: [
        { fullName: 'a b', status: 'passed', failureMessages: [] },
        {
          fullName: 'a c',
          status: 'failed',
          failureMessages: ['Error: \u001b[31mno\u001b[39m\n    at a.test.ts:3\n    at node_modules/vitest/x.js:1'],
        },
      ],
    },
    { name: join(root, 'tests/unit/d.test.ts'), status: 'failed', message: 'Cannot find it', assertionResults: [] },
  ],
};

const playwrightReport = {
  config: { rootDir: join(root, 'tests/e2e') },
  errors: [{ message: 'the page was not built' }],
  suites: [
    {
      title: 'e.spec.ts',
      suites: [
        {
          title: 'pop',
          specs: [
            {
              title: 'rings',
              file: 'e.spec.ts',
              ok: false,
              tests: [{ results: [{ error: { message: 'timed out' } }] }],
            },
            { title: 'pops', file: 'e.spec.ts', ok: true, tests: [{ results: [{}] }] },
          ],
        },
      ],
    },
  ],
};

test('vitest: each failed test, and a file that could not be loaded, with the lines that are ours', () => {
  expect(vitestFailures(report(vitestReport))).toEqual([
    'FAILED tests/unit/a.test.ts › a c\n    Error: no\n        at a.test.ts:3',
    'FAILED tests/unit/d.test.ts › (the file itself)\n    Cannot find it',
  ]);
});

test('Playwright: each failed test, and what went wrong outside of any', () => {
  expect(playwrightFailures(report(playwrightReport))).toEqual([
    'FAILED tests/e2e/e.spec.ts › pop › rings\n    timed out',
    'FAILED tests/e2e › (outside of any test)\n    the page was not built',
  ]);
});

test('no report: nothing to tell', () => {
  expect([...vitestFailures(join(folder, 'none')), ...playwrightFailures(join(folder, 'none'))]).toEqual([]);
});

test('they are found again in what the command printed', () => {
  const told = vitestFailures(report(vitestReport)).join('\n');
  expect(readFailures(`many lines\n\n${told}\n3 passed, 2 failed, 0 skipped\n`)).toBe(told);
  expect(readFailures('3 passed, 0 failed, 0 skipped\n')).toBe('');
});

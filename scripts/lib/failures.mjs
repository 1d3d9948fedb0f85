// What failed, told once more at the very end: a long record is often read, or kept, from its end only.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './paths.mjs';

const HEAD = 'FAILED ';
const MESSAGE_LINES = 12;

/** `FAILED file › test`, then the first lines of its message, indented. */
function told(file, test, message) {
  const lines = stripVTControlCharacters(message ?? '').split('\n');
  const body = lines.filter((line) => line.trim() && !line.includes('node_modules')).slice(0, MESSAGE_LINES);
  return [`${HEAD}${relative(root, file)} › ${test}`, ...body.map((line) => `    ${line.slice(0, 300)}`)].join('\n');
}

/** The failures of vitest's JSON report, each as told() gives it; none where there is no report. */
export function vitestFailures(file) {
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap(({ name, status, message, assertionResults }) => {
    if (status === 'failed' && assertionResults.length === 0) return [told(name, '(the file itself)', message)];
    const failed = assertionResults.filter((test) => test.status === 'failed');
    return failed.map((test) => told(name, test.fullName, test.failureMessages.join('\n')));
  });
}

/** The failures of Playwright's JSON report, in the same way. */
export function playwrightFailures(file) {
  if (!existsSync(file)) return [];
  const { suites, errors, config } = JSON.parse(readFileSync(file, 'utf8'));
  const inSuite = (suite, titles) => [
    ...(suite.suites ?? []).flatMap((inner) => inSuite(inner, [...titles, inner.title])),
    ...(suite.specs ?? [])
      .filter((spec) => !spec.ok)
      .map((spec) => {
        const results = spec.tests.flatMap((test) => test.results);
        const message = results.find(({ error }) => error)?.error?.message;
        return told(`${config.rootDir}/${spec.file}`, [...titles, spec.title].join(' › '), message);
      }),
  ];
  return [
    ...suites.flatMap((suite) => inSuite(suite, [])),
    ...errors.map((error) => told(config.rootDir, '(outside of any test)', error.message)),
  ];
}

/** The part of a command's output that told its failures; '' where nothing failed. */
export function readFailures(output) {
  const lines = stripVTControlCharacters(output).split('\n');
  const first = lines.findIndex((line) => line.startsWith(HEAD));
  if (first < 0) return '';
  const last = lines.findIndex((line, at) => at > first && !line.startsWith(HEAD) && !line.startsWith('    '));
  return lines.slice(first, last < 0 ? undefined : last).join('\n');
}

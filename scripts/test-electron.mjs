// npm run test:electron: the desk in a real Electron. Plain JavaScript: Node 20 runs this before anything is installed.
// Arguments go on to vitest: npm run test:electron -- hand-over, npm run test:electron -- -t ring.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closingLine, vitestCounts } from './lib/counts.mjs';
import { ensureDisplay } from './lib/display.mjs';
import { findElectron } from './lib/electron-binary.mjs';
import { vitestFailures } from './lib/failures.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePage } from './lib/page.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';
import { say } from './lib/say.mjs';

/** The one test that a closed network cannot run: its name says why. */
const KNOWN_SKIP = /needs an Electron >= 36/;
const strict = process.env.DANGOL_CI_STRICT === '1';

function end(counts) {
  process.stdout.write(`${closingLine(counts)}\n`);
  process.exit(counts.failed > 0 || (counts.passed === 0 && counts.skipped === 0) ? 1 : 0);
}

/** Nothing ran: says why, and counts every test as skipped; as failed where everything must run. */
function skipAll(reason) {
  const tests = readdirSync(inRoot('tests/electron'))
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap(
      (name) => readFileSync(inRoot('tests/electron', name), 'utf8').match(/^\s*it(\.each|\.skipIf)?\(/gm) ?? [],
    );
  say(`\nThe tests in Electron ${strict ? 'must run here and cannot' : 'are skipped'}: ${reason}.`);
  say(
    '  -> They run on Linux x64 (as root on Debian everything they need is installed), or where Electron can be fetched.\n',
  );
  end(strict ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: tests.length });
}

/** Skipped tests by name, so that one that nobody expected is not overlooked. */
function skippedNames(report) {
  if (!existsSync(report)) return [];
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap((file) => file.assertionResults);
  return tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName);
}

await ensureInstalled();
const electron = await findElectron({ forTests: true });
if (!electron) skipAll('there is no Electron');
const display = await ensureDisplay();
if ('reason' in display) skipAll(display.reason);
await ensurePage();
say(`Testing in Electron ${electron.version}${electron.kind === 'test-aid' ? ' (from npm, for tests only)' : ''}.`);

const folder = mkdtempSync(join(tmpdir(), 'dangol-electron-'));
const report = join(folder, 'report.json');
const vitest = [inRoot('node_modules/vitest/vitest.mjs'), 'run', '--project', 'electron'];
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const code = await runNode([...vitest, ...reporters, ...process.argv.slice(2)], { env: display.env });
display.stop();
const counts = vitestCounts(report, code);
const chosen = process.argv.length > 2;
const unexpected = skippedNames(report).filter((name) => !KNOWN_SKIP.test(name));
if (strict && !chosen && unexpected.length > 0) {
  say(`Skipped, and must run here:\n${unexpected.map((name) => `  ${name}`).join('\n')}`);
  counts.failed += unexpected.length;
  counts.skipped -= unexpected.length;
}
process.stdout.write(
  vitestFailures(report)
    .map((failure) => `${failure}\n`)
    .join(''),
);
rmSync(folder, { recursive: true, force: true });
end(counts);

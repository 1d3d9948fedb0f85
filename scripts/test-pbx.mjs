// npm run test:pbx: the desk against a real Asterisk. Plain JavaScript: Node 20 runs this before anything is installed.
// Arguments go on to vitest: npm run test:pbx -- desk, npm run test:pbx -- -t hold.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closingLine, vitestCounts } from './lib/counts.mjs';
import { ensureDisplay } from './lib/display.mjs';
import { findElectron } from './lib/electron-binary.mjs';
import { vitestFailures } from './lib/failures.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePage } from './lib/page.mjs';
import { inRoot } from './lib/paths.mjs';
import { preparePbx, runWithPbx } from './lib/pbx.mjs';
import { say } from './lib/say.mjs';

/** Nothing ran: how many tests that are, and whether it may be so. */
function skip(reason) {
  const files = readdirSync(inRoot('tests/pbx'), { recursive: true }).filter((name) =>
    String(name).endsWith('.test.ts'),
  );
  const tests = files.flatMap(
    (name) => readFileSync(inRoot('tests/pbx', String(name)), 'utf8').match(/^\s*test(\.each)?\(/gm) ?? [],
  );
  const strict = process.env.DANGOL_CI_STRICT === '1';
  say(`\nThe tests against Asterisk ${strict ? 'must run here and cannot' : 'are skipped'}: ${reason}.`);
  say('  -> They run as root on Debian, with its mirror in reach.\n');
  console.log(
    closingLine(strict ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: tests.length }),
  );
  process.exit(strict ? 1 : 0);
}

/** One test rings in the Electron window. Where there is none it is skipped, with the reason in its name. */
async function electronWindow() {
  const electron = await findElectron({ forTests: true });
  const display = electron ? await ensureDisplay() : { reason: 'there is no Electron' };
  if (!('reason' in display)) return display;
  return { env: { DANGOL_NO_ELECTRON: display.reason }, stop: () => {} };
}

await ensureInstalled();
const pbx = await preparePbx();
if ('reason' in pbx) skip(pbx.reason);
await ensurePage();
const window = await electronWindow();
say(`Testing against ${pbx.version}, with nothing in reach but loopback.`);

const folder = mkdtempSync(join(tmpdir(), 'dangol-pbx-'));
const report = join(folder, 'report.json');
const vitest = [inRoot('node_modules/vitest/vitest.mjs'), 'run', '--project', 'pbx'];
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const code = await runWithPbx(pbx, [...vitest, ...reporters, ...process.argv.slice(2)], window.env);
window.stop();
const counts = vitestCounts(report, code);
if (process.env.DANGOL_CI_STRICT === '1' && window.env.DANGOL_NO_ELECTRON) counts.failed += 1;
process.stdout.write(
  vitestFailures(report)
    .map((failure) => `${failure}\n`)
    .join(''),
);
rmSync(folder, { recursive: true, force: true });
console.log(closingLine(counts));
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

// npm run test:pbx: the desk against a real Asterisk. Plain JavaScript: Node 20 runs this before anything is installed.
// Arguments go on to vitest: npm run test:pbx -- desk, npm run test:pbx -- -t hold.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureAsteriskRoot } from '../tests/pbx/rig/asterisk-root.mjs';
import { debianRelease, ensureDebianPackages, isRoot } from './lib/apt.mjs';
import { closingLine, vitestCounts } from './lib/counts.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inLoopbackOnly, PBX_EXTRA_ADDRESS } from './lib/loopback-only.mjs';
import { ensurePage } from './lib/page.mjs';
import { inRoot, node24 } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { say, withProgress } from './lib/say.mjs';

const packages = ['debootstrap', 'iproute2', 'util-linux', 'sip-tester', 'chromium'];

/** Everything the tests need, or the reason for which they cannot run here. */
async function prepare() {
  const { debian } = debianRelease();
  if (process.platform !== 'linux' || !debian)
    return { reason: 'Asterisk is taken from Debian, and this machine is not Debian' };
  if (!isRoot()) return { reason: 'installing and starting Asterisk in a folder of its own needs root' };
  const installed = await ensureDebianPackages(packages);
  if (!installed.ok) return { reason: installed.reason };
  const asterisk = await withProgress('Installing Asterisk into a folder of its own', () => ensureAsteriskRoot());
  return asterisk.ok ? { root: asterisk.root, version: asterisk.version } : { reason: asterisk.reason };
}

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

await ensureInstalled();
const { reason, root, version } = await prepare();
if (reason) skip(reason);
await ensurePage();
say(`Testing against ${version}, with nothing in reach but loopback.`);

const folder = mkdtempSync(join(tmpdir(), 'dangol-pbx-'));
const report = join(folder, 'report.json');
const vitest = [inRoot('node_modules/vitest/vitest.mjs'), 'run', '--project', 'pbx'];
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const [command, ...args] = inLoopbackOnly([node24(), ...vitest, ...reporters, ...process.argv.slice(2)]);
const code = await run(command, args, { env: { DANGOL_PBX_ROOT: root, DANGOL_PBX_EXTRA_ADDRESS: PBX_EXTRA_ADDRESS } });
const counts = vitestCounts(report, code);
rmSync(folder, { recursive: true, force: true });
console.log(closingLine(counts));
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

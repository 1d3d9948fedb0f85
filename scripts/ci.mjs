// .ci/run: check, test, test:pbx, test:electron, then what failed once more, and one line with the total counts.
// As root on Debian everything can be had, so nothing may be skipped there but what is named in knownSkips.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { add, closingLine, noCounts, readClosingLine } from './lib/counts.mjs';
import { readFailures } from './lib/failures.mjs';
import { root } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

const strict = process.getuid?.() === 0 && existsSync('/etc/debian_version');
/** The whole host in a utility process needs an Electron >= 36, which a closed network does not have. */
const knownSkips = { 'test:electron': 1 };

function npmRun(script) {
  const viaNode = process.env.npm_execpath?.endsWith('.js') ?? false;
  const command = viaNode ? process.execPath : 'npm';
  const args = viaNode ? [process.env.npm_execpath, 'run', script] : ['run', script];
  return new Promise((resolve) => {
    const env = { ...process.env, ...(strict ? { DANGOL_CI_STRICT: '1', DANGOL_REQUIRE_POSTGRES: '1' } : {}) };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output = (output + chunk).slice(-200_000);
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
  });
}

let total = noCounts();
const failures = [];
for (const script of ['check', 'test', 'test:pbx', 'test:electron']) {
  const begun = Date.now();
  say(`\n==== npm run ${script}`);
  const { code, output } = await npmRun(script);
  const counts = readClosingLine(output) ?? { passed: 0, failed: 1, skipped: 0 };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.failed > 0) failures.push(readFailures(output) || `FAILED ${script}:\n${output.trim().slice(-3000)}`);
  if (strict && counts.skipped > (knownSkips[script] ?? 0)) {
    say(`${script}: ${counts.skipped} skipped, ${knownSkips[script] ?? 0} expected here: that counts as a failure.`);
    counts.failed += 1;
  }
  say(`==== ${script}: ${closingLine(counts)} in ${Math.round((Date.now() - begun) / 1000)} s`);
  total = add(total, counts);
}
process.stdout.write(`\n${failures.join('\n')}\n${closingLine(total)}\n`);
process.exit(total.failed === 0 ? 0 : 1);

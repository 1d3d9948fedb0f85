// npm run check: types, lint and format, unused code, import table.
import { ensureInstalled } from './lib/install.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';
import { say } from './lib/say.mjs';

await ensureInstalled();
const steps = [
  ['types', ['node_modules/typescript/bin/tsc', '-p', '.']],
  ['lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  ['unused code', ['node_modules/knip/bin/knip.js', '--no-progress']],
  [
    'import table',
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'tests/unit/house', '--reporter=dot'],
  ],
];
let failed = 0;
for (const [name, [script, ...args]] of steps) {
  say(`check: ${name}`);
  if ((await runNode([inRoot(script), ...args])) !== 0) {
    say(`check: ${name} FAILED`);
    failed += 1;
  }
}
process.stdout.write(`${steps.length - failed} passed, ${failed} failed, 0 skipped\n`);
process.exit(failed === 0 ? 0 : 1);

// npm test: unit and integration tests, then the desk in a real browser. Ends with one line of counts.
import { mkdirSync, rmSync } from 'node:fs';
import { ensureBrowser } from './lib/browser.mjs';
import { add, closingLine, noCounts, playwrightCounts, vitestCounts } from './lib/counts.mjs';
import { playwrightFailures, vitestFailures } from './lib/failures.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensureMailServer } from './lib/mail-server.mjs';
import { ensurePage } from './lib/page.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensurePostgres } from './lib/postgres.mjs';
import { runNode } from './lib/run.mjs';
import { fail, say } from './lib/say.mjs';

await ensureInstalled();
const browser = await ensureBrowser();
if (!browser) {
  fail(
    'no Chromium for the tests in a browser.',
    'Install one (apt-get install chromium, or npx playwright install chromium).',
  );
}
await ensurePostgres();
await ensureMailServer();
await ensurePage();
const reports = inRoot('.cache', 'reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const env = { DANGOL_CHROMIUM: browser };

let counts = noCounts();
const failures = [];
for (const project of ['unit', 'integration']) {
  say(`\n== ${project} tests`);
  const file = `${reports}/${project}.json`;
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runNode([inRoot('node_modules/vitest/vitest.mjs'), ...args], { env });
  counts = add(counts, vitestCounts(file, code));
  failures.push(...vitestFailures(file));
}
say('\n== end-to-end tests');
const file = `${reports}/e2e.json`;
const code = await runNode([inRoot('node_modules/@playwright/test/cli.js'), 'test', '--reporter=list,json'], {
  env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
});
counts = add(counts, playwrightCounts(file, code));
failures.push(...playwrightFailures(file));
process.stdout.write(`\n${failures.map((failure) => `${failure}\n`).join('')}${closingLine(counts)}\n`);
process.exit(counts.failed === 0 ? 0 : 1);

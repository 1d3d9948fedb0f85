// npm run chaos: the sync engine under seeded faults, for as long as you like.
// npm run chaos -- --seeds N      so many seeds (2000), --from N the first one (1)
//                  --minutes M    at most so long
//                  --storm S      seconds of faults in each run (40)
//                  --centre real  over the real centre on an embedded database instead of the oracle (slower)
//                  --trace        what happens in each run
// npm run chaos -- telephony      what strangers may send over SIP, races of calls (CANCEL, hang-up, glare, forks) and of transfers
//                  --mutations N  so many messages (1000000), --races N so many races (10000), --from N the first seed (1)
//                  --transfers N  so many transfers (1000)
// npm run chaos -- processes      desks and a centre on PostgreSQL, each a process: cut off, stopped, killed
//                  --desks N --seconds S --seed N   (10 for 300)
// npm run chaos -- kills          a desk that is killed while it writes: --kills N (1000) --seed N
// npm run chaos -- teeth          the engine broken in every way we know: how many seeds does the simulator need to notice?
//                  --seeds N      give up after so many (2000), --storm S as above (10), --only TEXT breaks with this in their name
// npm run chaos -- gate           the legal gate against a table that was written without it: --cases N (1000000) --seed N
import { readFileSync } from 'node:fs';
import { ensureBrowser } from './lib/browser.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePostgres } from './lib/postgres.mjs';
import { runNode } from './lib/run.mjs';

await ensureInstalled();
const [subject, ...rest] = process.argv.slice(2);
if (process.argv.includes('--help')) {
  const lines = readFileSync(import.meta.filename, 'utf8').split('\n');
  console.log(lines.flatMap((line) => /^\/\/ (.*)/.exec(line)?.slice(1) ?? []).join('\n'));
} else if (subject === 'telephony') {
  process.env.DANGOL_CHROMIUM = (await ensureBrowser()) ?? '';
  process.exitCode = await runNode(['tests/chaos/telephony.ts', ...rest]);
} else if (subject === 'gate') {
  process.exitCode = await runNode(['tests/chaos/gate.ts', ...rest]);
} else if (subject === 'teeth') {
  process.exitCode = await runNode(['tests/chaos/teeth/run.ts', ...rest]);
} else if (subject === 'processes' || subject === 'kills') {
  if (subject === 'processes') await ensurePostgres();
  process.exitCode = await runNode(['tests/chaos/fire.ts', subject, ...rest]);
} else {
  process.exitCode = await runNode(['tests/chaos/run.ts', ...process.argv.slice(2)]);
}

// npm run chaos: the sync engine under seeded faults, for as long as you like.
// npm run chaos -- --seeds N      so many seeds (2000), --from N the first one (1)
//                  --minutes M    at most so long
//                  --storm S      seconds of faults in each run (40)
//                  --trace        what happens in each run
import { ensureInstalled } from './lib/install.mjs';
import { runNode } from './lib/run.mjs';

await ensureInstalled();
process.exitCode = await runNode(['tests/chaos/run.ts', ...process.argv.slice(2)]);

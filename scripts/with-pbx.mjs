// node scripts/with-pbx.mjs FILE.ts …: runs a TypeScript file where Asterisk is at hand and nothing but loopback in reach.
// Exit code 0 where that cannot be had: it is not the file's failure.
import { ensureInstalled } from './lib/install.mjs';
import { preparePbx, runWithPbx } from './lib/pbx.mjs';
import { say } from './lib/say.mjs';

await ensureInstalled();
const pbx = await preparePbx();
if ('reason' in pbx) {
  say(`Skipped without Asterisk: ${pbx.reason}.`);
  process.exit(0);
}
process.exit(await runWithPbx(pbx, process.argv.slice(2)));

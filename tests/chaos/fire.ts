import { parseArgs } from 'node:util';
import { killWriter } from './kills.ts';
import { processesUnderFire } from './processes.ts';

/** Entry of `npm run chaos -- processes` and `npm run chaos -- kills`: what is true of real processes and real files. */
const [subject = '', ...args] = process.argv.slice(2);
const { values } = parseArgs({
  args,
  options: {
    desks: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '300' },
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);

async function processes(): Promise<number> {
  const [desks, seconds] = [Number(values.desks), Number(values.seconds)];
  const result = await processesUnderFire({ desks, seconds, seed, everyMs: 200, say: console.log });
  if ('skip' in result) {
    console.log(`chaos: not run, ${result.skip}`);
    return 1;
  }
  const { kills, freezes, cuts, saved, healedMs, failures } = result;
  console.log(failures.slice(0, 20).join('\n'));
  console.log(
    `chaos: ${desks} desks, ${seconds} s, seed ${seed}: ${kills} kills, ${freezes} freezes, ${cuts} cuts; ${saved} notes saved; ` +
      `outboxes empty ${(healedMs / 1000).toFixed(1)} s after healing; ${failures.length} failures`,
  );
  return failures.length === 0 ? 0 : 1;
}

async function kills(): Promise<number> {
  const result = await killWriter(Number(values.kills), seed);
  console.log(result.failures.join('\n'));
  console.log(
    `chaos: ${result.kills} kills, seed ${seed}: ${result.saved} notes and ${result.typed} drafts answered for; ${result.failures.length} failures`,
  );
  return result.failures.length === 0 ? 0 : 1;
}

process.exitCode = subject === 'processes' ? await processes() : await kills();

import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { BREAKS, type Break } from './breaks.ts';

/** Entry of `npm run chaos -- teeth`: breaks the engine in every way we know, and counts the seeds until the simulator notices. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    storm: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '2' },
  },
});
const Outcome = z.object({ seed: z.int().nullable(), failure: z.string().nullable(), ms: z.number() });
const run = promisify(execFile);
const chosen = BREAKS.filter(({ name }) => name.includes(values.only));
const queue = [...chosen];
const missed: string[] = [];

const seeds = ['--from', values.from, '--seeds', values.seeds, '--storm', values.storm];
async function look({ name, rule }: Break): Promise<void> {
  const file = new URL('broken-run.ts', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, [file, '--break', name, ...seeds]);
  const { seed, failure, ms } = Outcome.parse(JSON.parse(stdout));
  const seconds = (ms / 1000).toFixed(1);
  if (seed === null) missed.push(name);
  const needed = seed === null ? 'NOT FOUND' : `${seed - Number(values.from) + 1} seeds`;
  console.log(
    `${rule.padEnd(4)} ${name}: ${needed}, ${seconds} s${failure === null ? '' : `\n       ${failure.slice(0, 150)}`}`,
  );
}

async function worker(): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) await look(next);
}
await Promise.all(Array.from({ length: Number(values['at-once']) }, worker));
console.log(
  `teeth: ${chosen.length} breaks, ${missed.length} not found${missed.map((name) => `\n  ${name}`).join('')}`,
);
process.exitCode = missed.length > 0 || chosen.length === 0 ? 1 : 0;

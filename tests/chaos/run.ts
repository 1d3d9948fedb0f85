/** Entry of `npm run chaos`: many seeds, one after another, until they are done or the time is over. */
import { simulate } from './simulation.ts';

const [first = '1', count = '2000', minutes = '0'] = process.argv.slice(2);
const until = Number(minutes) > 0 ? Date.now() + Number(minutes) * 60_000 : Number.POSITIVE_INFINITY;
const failed: number[] = [];
let done = 0;
let acts = 0;
for (let seed = Number(first); seed < Number(first) + Number(count) && Date.now() < until; seed++) {
  const result = await simulate(seed);
  done += 1;
  acts += result.acts;
  if (result.failures.length > 0) {
    failed.push(seed);
    console.log(`seed ${seed} fails:\n  ${result.failures.slice(0, 5).join('\n  ')}`);
  }
  if (done % 100 === 0) console.log(`${done} seeds, ${acts} operations, ${failed.length} failed`);
}
console.log(
  `chaos: ${done} seeds, ${acts} operations, ${failed.length} failed${failed.length ? `: ${failed.join(' ')}` : ''}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;

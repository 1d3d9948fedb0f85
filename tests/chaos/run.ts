import { parseArgs } from 'node:util';
import { createDeskPool } from '../fakes/desk-db.ts';
import { openRealCentres } from './sim-pglite.ts';
import { simulate } from './simulation.ts';

/** Entry of `npm run chaos`: many seeds, one after another, until they are done or the time is over. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '0' },
    storm: { type: 'string', default: '40' },
    centre: { type: 'string', default: 'oracle' },
    trace: { type: 'boolean', default: false },
  },
});
const first = Number(values.from);
const until = Number(values.minutes) > 0 ? Date.now() + Number(values.minutes) * 60_000 : Number.POSITIVE_INFINITY;
const real = values.centre === 'real' ? await openRealCentres() : null;
const centre = real ? { centre: real.forSeed, mostDesks: 4 } : {};
const pool = createDeskPool();
const failed: number[] = [];
let done = 0;
let acts = 0;
for (let seed = first; seed < first + Number(values.seeds) && Date.now() < until; seed++) {
  const result = await simulate(seed, { stormSeconds: Number(values.storm), pool, ...centre });
  done += 1;
  acts += result.acts;
  if (values.trace) console.log(result.trace.join('\n'));
  if (result.failures.length > 0) {
    failed.push(seed);
    console.log(`seed ${seed} fails:\n  ${result.failures.slice(0, 5).join('\n  ')}`);
  }
  if (done % 100 === 0) console.log(`${done} seeds, ${acts} operations, ${failed.length} failed`);
}
const again = failed
  .map(
    (seed) => `\n  npm run chaos -- --from ${seed} --seeds 1 --storm ${values.storm} --centre ${values.centre} --trace`,
  )
  .join('');
console.log(`chaos: ${done} seeds, ${acts} operations, ${failed.length} failed${again}`);
await real?.close();
process.exitCode = failed.length > 0 ? 1 : 0;

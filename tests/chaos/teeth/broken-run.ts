import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { parseArgs } from 'node:util';
import { breakNamed, broken } from './breaks.ts';

/** A process of its own for one break: the engine is loaded with the break in it, and seeds run until one fails. */
const { values } = parseArgs({
  options: {
    break: { type: 'string', default: '' },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '2000' },
    storm: { type: 'string', default: '10' },
  },
});
const one = breakNamed(values.break);
const folder = new URL('../../../src/sync/', import.meta.url).href;
// Before anything is loaded: a break of a file that nobody loads any more must not pass for one that nobody found.
for (const { file } of one.edits) broken(one, file, readFileSync(new URL(file, folder), 'utf8'));

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const file = url.startsWith(folder) ? url.slice(folder.length) : '';
    if (!one.edits.some((edit) => edit.file === file)) return loaded;
    return { ...loaded, source: broken(one, file, readFileSync(new URL(url), 'utf8')) };
  },
});

const { simulate } = await import('../simulation.ts');
const { createDeskPool } = await import('../../fakes/desk-db.ts');
const pool = createDeskPool();
const [first, most, began] = [Number(values.from), Number(values.seeds), Date.now()];
let found: { seed: number; failure: string } | null = null;
for (let seed = first; seed < first + most && !found; seed += 1) {
  const failure = await failureOf(seed);
  if (failure !== null) found = { seed, failure };
}
console.log(
  JSON.stringify({
    name: one.name,
    seed: found?.seed ?? null,
    failure: found?.failure ?? null,
    ms: Date.now() - began,
  }),
);
process.exit(0);

/** Also a simulation that a break makes throw is a break found. */
async function failureOf(seed: number): Promise<string | null> {
  try {
    return (await simulate(seed, { stormSeconds: Number(values.storm), pool })).failures[0] ?? null;
  } catch (error) {
    return String(error);
  }
}

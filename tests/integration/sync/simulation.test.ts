import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRealCentres, type RealCentres } from '../../chaos/sim-pglite.ts';
import { simulate } from '../../chaos/simulation.ts';
import { createDeskPool } from '../../fakes/desk-db.ts';

/** The same storms over the real centre: its code and its SQL, on one embedded database that each seed finds as new. */
const SEEDS = 100;
const BATCH = 10;
const STORM_SECONDS = 5;

let centres: RealCentres;
const pool = createDeskPool();
beforeAll(async () => {
  centres = await openRealCentres();
});
afterAll(() => centres.close());

for (let first = 1; first <= SEEDS; first += BATCH) {
  const title = `S21 S22 S25 S31 S35 S40 every invariant holds with the real centre, seeds ${first} to ${first + BATCH - 1}`;
  test(title, { timeout: 300_000 }, async () => {
    for (let seed = first; seed < first + BATCH; seed += 1) {
      const options = { stormSeconds: STORM_SECONDS, pool, centre: centres.forSeed, mostDesks: 4 };
      const { failures } = await simulate(seed, options);
      const again = `npm run chaos -- --centre real --from ${seed} --seeds 1 --storm ${STORM_SECONDS} --trace`;
      expect(failures, `seed ${seed}: ${again}`).toEqual([]);
    }
  });
}

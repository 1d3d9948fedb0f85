import { describe, expect, test } from 'vitest';
import { simulate } from '../../chaos/simulation.ts';
import { createDeskPool } from '../../fakes/desk-db.ts';

/** A test for so many seeds: long enough to be worth a line, short enough for its time. */
const BATCH = 100;
const STORM_SECONDS = 10;

/** A share of what `npm run chaos` does for long. A failing seed stays as a test of its own, in simulation.test.ts. */
export function everySeedHolds({ first, seeds }: { first: number; seeds: number }): void {
  const pool = createDeskPool();
  describe('desks and a centre under faults', () => {
    for (let from = first; from < first + seeds; from += BATCH) {
      const title = `S21 S22 S25 S31 S35 S40 S46 S62 every invariant holds, seeds ${from} to ${from + BATCH - 1}`;
      test(title, { timeout: 300_000 }, async () => {
        for (let seed = from; seed < from + BATCH; seed += 1) {
          const { failures } = await simulate(seed, { stormSeconds: STORM_SECONDS, pool });
          const again = `npm run chaos -- --from ${seed} --seeds 1 --storm ${STORM_SECONDS} --trace`;
          expect(failures, `seed ${seed}: ${again}`).toEqual([]);
        }
      });
    }
  });
}

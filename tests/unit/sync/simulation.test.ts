import { describe, expect, test } from 'vitest';
import { simulate } from '../../chaos/simulation.ts';

/** A share of what `npm run chaos` does for long. A failing seed stays here as a test of its own. */
const SEEDS = 100;
const BATCHES = 10;

describe('desks and a centre under faults', () => {
  for (let batch = 0; batch < BATCHES; batch++) {
    const first = 1 + (batch * SEEDS) / BATCHES;
    const last = first + SEEDS / BATCHES - 1;
    test(`S21 S22 S25 S31 S40 every invariant holds, seeds ${first} to ${last}`, { timeout: 60_000 }, async () => {
      for (let seed = first; seed <= last; seed++) {
        const { failures } = await simulate(seed, { stormSeconds: 15 });
        expect(failures, `seed ${seed}: npm run chaos -- --from ${seed} --seeds 1 --storm 15`).toEqual([]);
      }
    });
  }

  test('the same seed is the same run', { timeout: 60_000 }, async () => {
    const [one, two] = [await simulate(4242), await simulate(4242)];
    expect(one.acts).toBeGreaterThan(20);
    expect(two.trace).toEqual(one.trace);
  });
});

/**
 * Seeds that failed once, with what they found:
 *   95  a reply of the new epoch met a row of the old one with the same version, and lost
 *   22  the power went between the deletion in cache.db and the outbox
 *   67  an erasure that a bootstrap showed only as an absence left the acknowledged note behind
 *   12  the first record of a call stayed when its customer was erased between push and reply
 *   5273  an operation that had broken the centre waited for minutes after the centre was repaired
 */
describe('seeds that found something', () => {
  test.each([95, 22, 67, 12, 5273])('seed %i', { timeout: 60_000 }, async (seed) => {
    expect((await simulate(seed)).failures).toEqual([]);
  });
});

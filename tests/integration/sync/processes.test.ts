import { expect, test } from 'vitest';
import { processesUnderFire } from '../../chaos/processes.ts';

// A share of what `npm run chaos -- processes` does with ten desks for five minutes.
test('S22 S40 S46 desks and a centre that are cut off, stopped and killed lose nothing and double nothing', {
  timeout: 300_000,
}, async (context) => {
  const result = await processesUnderFire({ desks: 3, seconds: 8, seed: 1, everyMs: 50, say: () => {} });
  if ('skip' in result) return context.skip(result.skip);
  expect(result.failures).toEqual([]);
  expect(result.saved).toBeGreaterThan(3);
});

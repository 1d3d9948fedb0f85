import { expect, test } from 'vitest';
import { killWriter } from '../../chaos/kills.ts';

// A share of the thousand of `npm run chaos -- kills`.
test('D1 a desk that is killed while it writes has every note and draft that it answered for', {
  timeout: 120_000,
}, async () => {
  const result = await killWriter(6, 1);
  expect(result.failures).toEqual([]);
  expect(result.kills).toBe(6);
  expect(result.typed).toBeGreaterThan(0);
});

import { expect, test } from 'vitest';
import { linesInSight } from '../../../src/renderer/screens/customer/lines-in-sight.ts';

const twenty = Array.from({ length: 20 }, (_, n) => n % 2);

test('a window of 800 pixels makes the lines that it can show first, and not those below its edge', () => {
  const first = linesInSight(twenty, 800);
  // 358 pixels of history are in sight there: not one line of 28 and 52 pixels too few.
  expect(first).toBeGreaterThanOrEqual(Math.ceil(358 / 40));
  expect(first).toBeLessThan(20);
});

test('a high window makes all of them at once; a tiny one and an empty history are no fault', () => {
  expect(linesInSight(twenty, 2000)).toBe(20);
  expect(linesInSight(twenty, 300)).toBe(1);
  expect(linesInSight([], 800)).toBe(0);
});

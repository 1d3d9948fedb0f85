import { expect, test } from 'vitest';
import { createLane } from '../../../src/sync/lane.ts';
import { createSimClock } from '../../fakes/sim-clock.ts';

test('S40 a round that takes a while to end after it was given up is given up once, and the lane goes on', async () => {
  const clock = createSimClock();
  const rounds: AbortSignal[] = [];
  const lane = createLane({
    clock,
    random: () => 0.5,
    onRound: () => {},
    work: (signal) => {
      rounds.push(signal);
      if (rounds.length > 1) return Promise.resolve({ again: false, idleMs: 60_000 });
      // It died with the line, and its last step waits for somebody else (a page that is being stored).
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => clock.schedule(20_000, () => resolve({ again: true })));
      });
    },
  });
  lane.start();
  await clock.advance(10_000);
  expect(rounds).toHaveLength(1);
  // The other lane and the live connection reach the centre, one after the other.
  lane.recover();
  await clock.advance(8000);
  lane.recover();
  await clock.advance(13_000);
  expect(rounds).toHaveLength(2);
  expect(lane.state()).toMatchObject({ running: false, failure: null });
  await lane.stop();
});

import { describe, expect, test } from 'vitest';
import { HoldControl } from '../../../src/telephony/hold-control.ts';
import type { PhoneEnvironment } from '../../../src/telephony/phone-environment.ts';

/** Timers that a test rings by hand; nothing else of the page is needed. */
function handClock() {
  const timers = new Set<() => void>();
  const startTimer = (_delayMs: number, ring: () => void) => {
    timers.add(ring);
    return () => void timers.delete(ring);
  };
  const environment = { startTimer, random: () => 0.5 } as Pick<PhoneEnvironment, 'startTimer' | 'random'>;
  const ringAll = () => {
    for (const ring of [...timers]) {
      timers.delete(ring);
      ring();
    }
  };
  return { environment: environment as PhoneEnvironment, timers, ringAll };
}

describe('hold crosses the end of the call', () => {
  test('an offer that fails on the ended session is not made again', async () => {
    const clock = handClock();
    let offers = 0;
    let refuse = (_reason: Error) => {};
    const hold = new HoldControl({
      environment: clock.environment,
      reinvite: () => {
        offers += 1;
        return new Promise((_resolve, reject) => {
          refuse = reject;
        });
      },
      setHold: () => {},
      settled: () => {},
      failed: () => {},
      gone: () => {},
    });
    hold.wish(true);
    hold.stop();
    refuse(new Error('the session is terminated'));
    for (let round = 0; round < 5; round += 1) {
      await Promise.resolve();
      clock.ringAll();
    }
    hold.renew();
    expect(offers).toBe(1);
    expect(clock.timers.size).toBe(0);
  });
});

import { read360 } from '../../../src/main/customer-360.ts';
import { findByPhone } from '../../../src/main/customer-match.ts';
import type { HostDb } from '../../../src/main/db/connection.ts';
import { CustomerOpenResult } from '../../../src/shared/customer-360.ts';
import { readPhoneNumber } from '../../../src/shared/phone-number.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const EVERY_MS = 20;

/**
 * Somebody calls every 20 ms: from the moment when the host should have begun to look them up to the moment when the answer could
 * leave, so whatever holds the host's thread is in it.
 * @returns the end: milliseconds of each pop.
 */
export function startPops(outbox: HostDb, cache: HostDb): () => number[] {
  const times: number[] = [];
  let dueAt = performance.now() + EVERY_MS;
  const pop = () => {
    for (const id of findByPhone(outbox, cache, readPhoneNumber(SAMPLE.gold.phone, 'KR'))) {
      const view = read360(
        outbox,
        cache,
        { customerId: id, callId: null, unmasked: false },
        { country: 'KR', now: Date.now() },
      );
      CustomerOpenResult.safeParse({ match: 'one', view, remembered: false, others: [] });
    }
    const now = performance.now();
    times.push(now - dueAt);
    dueAt = now + EVERY_MS;
    timer = setTimeout(pop, EVERY_MS);
  };
  let timer = setTimeout(pop, EVERY_MS);
  return () => {
    clearTimeout(timer);
    return times;
  };
}

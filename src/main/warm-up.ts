import { CustomerOpenResult } from '../shared/customer-360.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { read360 } from './customer-360.ts';
import { findByPhone } from './customer-match.ts';
import type { HostContext } from './host-context.ts';

const ROUNDS = 3;

type WarmUpContext = Pick<HostContext, 'cache' | 'outbox' | 'clock' | 'seat' | 'log'>;

/**
 * Reads one customer as a pop does and lets go of them: code and pages of the file that were never used cost the first call
 * of a shift 25 ms. Nothing leaves this function, so nobody saw anybody and there is nothing to record.
 * Returns how many customers were read: 0 on an empty desk, which must be warmed again when its rows have come, and where the
 * disk fails. It runs from a timer, so it never throws.
 */
export function warmUpPop(context: WarmUpContext): number {
  try {
    return readOne(context);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'bug';
    context.log('warm_up.failed', { code });
    return 0;
  }
}

function readOne(context: WarmUpContext): number {
  const { cache, outbox, clock, seat } = context;
  const country = seat.country();
  const row = cache.prepare('SELECT customer_id AS id, e164 FROM contact_point WHERE e164 IS NOT NULL LIMIT 1').get() as
    | { id: string; e164: string }
    | undefined;
  if (!row) return 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    findByPhone(outbox, cache, readPhoneNumber(row.e164, country));
    const request = { customerId: row.id, callId: null, unmasked: false };
    const view = read360(outbox, cache, request, { country, now: clock.now() });
    CustomerOpenResult.safeParse({ match: 'one', view, remembered: false, others: [] });
  }
  return 1;
}

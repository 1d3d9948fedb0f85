import type { RegistrationProblem } from './phone-types.ts';

const MINUTE_MS = 60_000;

/** While an outage is young a healed line must be found within 5 s; full jitter spreads the desks over the same time. */
const YOUNG_OUTAGE_MS = 5 * MINUTE_MS;
const YOUNG_CAP_MS = 3_500;
const OLD_CAP_MS = 30_000;
const FIRST_MS = 400;

export interface RetryFacts {
  reason: RegistrationProblem;
  /** 1 for the first retry. */
  attempt: number;
  /** How long this outage lasts already. */
  outageMs: number;
  /** The registrar's Retry-After, null where it gave none. */
  retryAfterMs: number | null;
  /** 0 to 1. */
  random: number;
}

/**
 * How long to wait before the next try, in milliseconds. There is always a next try.
 * A wrong password is tried rarely, so that nobody is locked out; Retry-After is honoured, and spread.
 */
export function retryDelay({ reason, attempt, outageMs, retryAfterMs, random }: RetryFacts): number {
  if (retryAfterMs !== null) return Math.round(retryAfterMs + random * Math.max(1_000, retryAfterMs * 0.1));
  switch (reason) {
    case 'wrong_password':
      return Math.round(Math.min(MINUTE_MS * 2 ** (attempt - 1), 15 * MINUTE_MS) * (1 + random * 0.2));
    case 'rejected':
      return Math.round(2_000 + random * Math.min(OLD_CAP_MS, 2_000 * 2 ** (attempt - 1)));
    case 'unreachable':
    case 'timeout':
    case 'socket_lost': {
      const cap = outageMs < YOUNG_OUTAGE_MS ? YOUNG_CAP_MS : OLD_CAP_MS;
      return Math.round(random * Math.min(cap, FIRST_MS * 2 ** Math.min(attempt - 1, 20)));
    }
  }
}

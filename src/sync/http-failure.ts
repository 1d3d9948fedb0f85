import { Problem } from '../shared/errors.ts';
import { type FailureReason, SyncFailure } from './transport.ts';

/**
 * What a reply that is no success means to the engine.
 * @param body RFC 9457 problem details, or anything at all from something in between.
 * @param now the desk's clock, for a Retry-After that names a date (RFC 9110 section 10.2.3).
 */
export function failureOfStatus(
  status: number,
  retryAfter: string | null,
  body: string,
  path: string,
  now: number,
): SyncFailure {
  const code = readCode(body);
  return new SyncFailure(
    reasonOfStatus(status, code, readRetryAfter(retryAfter, now)),
    `${path}: ${status} ${code}`.trim(),
  );
}

function reasonOfStatus(status: number, code: string, retryAfterMs: number | null): FailureReason {
  if (code === 'EPOCH_CHANGED') return { kind: 'epoch_changed' };
  if (code === 'DEVICE_FORKED') return { kind: 'device_forked' };
  if (code === 'OTHER_RELEASE') return { kind: 'other_release' };
  if (status === 401 || status === 403) return { kind: 'signed_out' };
  if (status === 429) return { kind: 'rate_limited', retryAfterMs };
  if (status === 503 && retryAfterMs !== null) return { kind: 'rate_limited', retryAfterMs };
  if (status === 408 || status === 502 || status === 503 || status === 504) return { kind: 'unreachable' };
  return { kind: 'nonsense' };
}

function readCode(body: string): string {
  try {
    const problem = Problem.partial().safeParse(JSON.parse(body));
    return problem.success ? (problem.data.code ?? '').slice(0, 60) : '';
  } catch {
    return '';
  }
}

const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Seconds or a date; anything else counts as none. At most an hour: a typing error there must not silence a desk. */
export function readRetryAfter(text: string | null, now: number): number | null {
  if (text === null) return null;
  const seconds = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (Number.isNaN(seconds)) return null;
  return Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, seconds));
}

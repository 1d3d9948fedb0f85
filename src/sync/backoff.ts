/** First waiting time and longest waiting time. 8 s: a desk is back within 10 s of the centre, also after hours. */
const BACKOFF_BASE_MS = 250;
const BACKOFF_CAP_MS = 8000;
const SHORTEST_MS = 20;

/**
 * How long to wait before the next try. Full jitter (anything between nothing and the doubled time), so that desks which
 * lost the centre together do not come back together; a Retry-After is a floor, and is jittered upwards.
 * @param failures how often in a row it failed, 1 or more.
 */
export function waitAfterFailure(failures: number, retryAfterMs: number | null, random: () => number): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 16));
  const jittered = Math.max(SHORTEST_MS, Math.floor(random() * ceiling));
  if (retryAfterMs === null) return jittered;
  return retryAfterMs + Math.floor(random() * Math.min(BACKOFF_CAP_MS, retryAfterMs / 2 + 1000));
}

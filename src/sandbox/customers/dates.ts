import type { Random } from './random.ts';

export const DAY_MS = 86_400_000;
const SEOUL_MS = 9 * 3_600_000;

/** ISO 8601 with milliseconds. */
export const instant = (time: number): string => new Date(time).toISOString();

/** The calendar day in Seoul. */
export const day = (time: number): string => new Date(time + SEOUL_MS).toISOString().slice(0, 10);

/** Some moment of the office hours (09:00 to 18:00 in Seoul) so many days before now; never after now. */
export function officeTime(random: Random, now: number, daysAgo: number): number {
  const midnight = Math.floor((now + SEOUL_MS) / DAY_MS) * DAY_MS - SEOUL_MS - Math.floor(daysAgo) * DAY_MS;
  const time = midnight + 9 * 3_600_000 + random.int(0, 9 * 3600 - 1) * 1000;
  return time < now ? time : now - random.int(10, 120) * 60_000;
}

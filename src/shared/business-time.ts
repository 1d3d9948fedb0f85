import { z } from 'zod';
import { Day } from './text.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Whoever is never open in ten years is never open. */
const MOST_DAYS = 3660;

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

/** When a business works, on the clock of its own zone. */
export const BusinessHours = z.object({
  /** IANA: Asia/Seoul. */
  timeZone: z.string().max(60).refine(isTimeZone),
  /** Monday first; null: closed. Minutes of the day, `to` not included. */
  week: z
    .array(
      z
        .object({ from: z.int().min(0).max(1439), to: z.int().min(1).max(1440) })
        .refine(({ from, to }) => from < to)
        .nullable(),
    )
    .length(7)
    .refine((week) => week.some((day) => day !== null)),
  /** Closed all day, whatever the day of the week. */
  holidays: z.array(Day).max(400),
});
export type BusinessHours = z.infer<typeof BusinessHours>;

export interface BusinessTime {
  /** The moment at which so many minutes of business have gone by since then; null: never. Epoch ms. */
  after: (from: number, minutes: number) => number | null;
  /** The minutes of business between two moments; negative where `to` lies before `from`. */
  between: (from: number, to: number) => number;
}

/** Counts time as the business does. An hour that a clock skips or repeats counts as it goes by. */
export function businessTime(hours: BusinessHours): BusinessTime {
  const local = localClock(hours.timeZone);
  const closed = new Set(hours.holidays);
  /** When the business opens and closes on that day of its calendar; null: not at all. */
  const openOn = (day: number): { open: number; close: number } | null => {
    const span = hours.week[(new Date(day).getUTCDay() + 6) % 7];
    if (!span || closed.has(new Date(day).toISOString().slice(0, 10))) return null;
    return { open: local.instant(day + span.from * MINUTE), close: local.instant(day + span.to * MINUTE) };
  };
  const after: BusinessTime['after'] = (from, minutes) => {
    let left = minutes * MINUTE;
    let day = local.dayOf(from);
    for (let n = 0; n < MOST_DAYS; n += 1, day += DAY) {
      const span = openOn(day);
      if (!span || span.close <= from) continue;
      const start = Math.max(span.open, from);
      if (start + left <= span.close) return start + left;
      left -= span.close - start;
    }
    return null;
  };
  const between: BusinessTime['between'] = (from, to) => {
    if (to < from) return -between(to, from);
    let sum = 0;
    const last = local.dayOf(to);
    for (let day = local.dayOf(from), n = 0; day <= last && n < MOST_DAYS; n += 1, day += DAY) {
      const span = openOn(day);
      if (span) sum += Math.max(0, Math.min(span.close, to) - Math.max(span.open, from));
    }
    return Math.round(sum / MINUTE);
  };
  return { after, between };
}

/** What a clock on the wall says, as epoch ms of the same figures in Greenwich, and back. */
function localClock(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  } as const);
  const wall = (at: number): number => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  };
  const offset = (at: number) => wall(at) - Math.floor(at / 1000) * 1000;
  return {
    /** Midnight of the day, as epoch ms in Greenwich. */
    dayOf: (at: number) => Math.floor(wall(at) / DAY) * DAY,
    /** A wall time that a clock skips is the moment at which it skips, that it repeats is the first of the two. */
    instant: (figures: number) => {
      const before = figures - offset(figures - DAY);
      return wall(before) === figures ? before : figures - offset(figures + DAY);
    },
  };
}

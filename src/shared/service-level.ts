import { z } from 'zod';
import { BusinessHours, businessTime } from './business-time.ts';
import { Id } from './ids.ts';
import type { Case, CaseChange, CaseClock, CasePriority } from './work.ts';

/** Minutes of business until a customer is answered first, and until their case is solved. null: nothing is promised. */
const Minutes = z.int().min(1).max(525_600).nullable();
const Limits = z.object({ answerMinutes: Minutes, solutionMinutes: Minutes });

/** What a business promises of its cases, by their priority. One row for the whole business. */
export const ServiceLevel = z.object({
  id: Id,
  hours: BusinessHours,
  limits: z.object({ low: Limits, normal: Limits, high: Limits }),
  /** So many minutes of business before a limit the desk warns. */
  warnMinutes: z.int().min(0).max(10_080),
  /** Whether the clock stands still while a case waits for the customer. */
  pausesWhileWaiting: z.boolean(),
});
export type ServiceLevel = z.infer<typeof ServiceLevel>;

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

interface Facts {
  priority: CasePriority;
  answeredAt: string | null;
  pausedMinutes: number;
  waitingSince: string | null;
}

/** The clock of a case by what has happened to it so far. */
function clockOf(row: Case, level: ServiceLevel, facts: Facts): CaseClock {
  const time = businessTime(level.hours);
  const opened = Date.parse(row.openedAt);
  const { answerMinutes, solutionMinutes } = level.limits[facts.priority];
  const limits = [
    ...(answerMinutes === null || facts.answeredAt !== null ? [] : [{ minutes: answerMinutes }]),
    ...(solutionMinutes === null ? [] : [{ minutes: solutionMinutes + facts.pausedMinutes }]),
  ].map(({ minutes }) => ({
    by: instant(time.after(opened, minutes)),
    warn: instant(time.after(opened, Math.max(0, minutes - level.warnMinutes))),
  }));
  const next = limits.sort((a, b) => ((a.by ?? '9') < (b.by ?? '9') ? -1 : 1))[0];
  const solveBy = solutionMinutes === null ? null : time.after(opened, solutionMinutes + facts.pausedMinutes);
  const { waitingSince } = facts;
  const runs = row.status !== 'closed' && waitingSince === null;
  return {
    priority: facts.priority,
    answerBy: answerMinutes === null ? null : instant(time.after(opened, answerMinutes)),
    answeredAt: facts.answeredAt,
    solveBy: instant(solveBy),
    nextBy: runs ? (next?.by ?? null) : null,
    warnFrom: runs ? (next?.warn ?? null) : null,
    pausedMinutes: facts.pausedMinutes,
    waitingSince,
    minutesLeft: waitingSince === null || solveBy === null ? null : time.between(Date.parse(waitingSince), solveBy),
  };
}

/** @param answeredAt when the customer heard of it first: at once, where it was opened while they were on the line. */
export function startClock(row: Case, level: ServiceLevel | null, answeredAt: string | null): Case {
  if (level === null) return row;
  const waits = level.pausesWhileWaiting && row.status === 'waiting';
  const facts = { answeredAt: row.status === 'open' ? answeredAt : (answeredAt ?? row.openedAt), pausedMinutes: 0 };
  return {
    ...row,
    clock: clockOf(row, level, { ...facts, priority: row.priority, waitingSince: waits ? row.openedAt : null }),
  };
}

/**
 * The clock after somebody said something about the case. Another priority has other limits, from when it was opened; handed up it
 * keeps those that it had. Whoever asks the customer something, or settles it, has answered.
 */
export function movedClock(
  before: Case,
  after: Case,
  change: CaseChange,
  level: ServiceLevel | null,
  at: string,
): Case {
  const clock = before.clock;
  if (level === null || !clock) return after;
  const answers = change.answered === true || after.status !== 'open';
  const waits = level.pausesWhileWaiting && after.status === 'waiting';
  const since = clock.waitingSince;
  const waited = since === null || waits ? 0 : businessTime(level.hours).between(Date.parse(since), Date.parse(at));
  const facts: Facts = {
    priority: change.priority ?? clock.priority,
    answeredAt: clock.answeredAt ?? (answers ? at : null),
    pausedMinutes: clock.pausedMinutes + Math.max(0, waited),
    waitingSince: waits ? (since ?? at) : null,
  };
  return { ...after, clock: clockOf(after, level, facts) };
}

/** The clock of a case by limits that changed since: what has happened to it stays. */
export function clockAnew(row: Case, level: ServiceLevel, answeredAt: string | null): Case {
  if (!row.clock) return startClock(row, level, answeredAt);
  const { priority, pausedMinutes, waitingSince } = row.clock;
  const facts = { priority, pausedMinutes, waitingSince, answeredAt: row.clock.answeredAt };
  return { ...row, clock: clockOf(row, level, facts) };
}

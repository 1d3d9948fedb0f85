import { describe, expect, test } from 'vitest';
import { type BusinessHours, businessTime } from '../../../src/shared/business-time.ts';
import { clockAnew, movedClock, type ServiceLevel, startClock } from '../../../src/shared/service-level.ts';
import { type Case, type CaseChange, changedCase, dueOfCase } from '../../../src/shared/work.ts';

const nine = { from: 540, to: 1080 };
const week = [nine, nine, nine, nine, nine, { from: 540, to: 780 }, null];
const seoul: BusinessHours = { timeZone: 'Asia/Seoul', week, holidays: ['2026-12-25', '2027-02-08', '2027-02-09'] };
const newYork: BusinessHours = { timeZone: 'America/New_York', week, holidays: [] };
const night = Array.from({ length: 7 }, () => ({ from: 0, to: 1440 }));
const allDay: BusinessHours = { timeZone: 'America/New_York', week: night, holidays: [] };
const at = (text: string) => Date.parse(text);

describe('time as the business counts it', () => {
  test.each<[string, BusinessHours, string, number, string]>([
    ['within a day', seoul, '2026-11-23T10:00+09:00', 60, '2026-11-23T11:00+09:00'],
    ['to the very end of a day', seoul, '2026-11-23T17:00+09:00', 60, '2026-11-23T18:00+09:00'],
    ['over a night', seoul, '2026-11-23T17:30+09:00', 60, '2026-11-24T09:30+09:00'],
    ['from before it opens', seoul, '2026-11-23T06:00+09:00', 60, '2026-11-23T10:00+09:00'],
    ['from after it closed', seoul, '2026-11-23T22:00+09:00', 60, '2026-11-24T10:00+09:00'],
    ['over a short Saturday and a Sunday', seoul, '2026-11-28T12:30+09:00', 60, '2026-11-30T09:30+09:00'],
    ['over Christmas, a Friday', seoul, '2026-12-24T17:30+09:00', 60, '2026-12-26T09:30+09:00'],
    ['over two holidays after a Sunday', seoul, '2027-02-06T12:30+09:00', 60, '2027-02-10T09:30+09:00'],
    ['five days of nine hours', seoul, '2026-11-23T09:00+09:00', 2700, '2026-11-27T18:00+09:00'],
    ['seconds stay what they are', seoul, '2026-11-23T17:59:30+09:00', 1, '2026-11-24T09:00:30+09:00'],
    ['over the spring change', newYork, '2026-03-06T17:30-05:00', 280, '2026-03-09T09:10-04:00'],
    ['over the autumn change', newYork, '2026-10-31T12:30-04:00', 60, '2026-11-02T09:30-05:00'],
    ['a day of 23 hours', allDay, '2026-03-08T00:00-05:00', 1440, '2026-03-09T01:00-04:00'],
    ['a day of 25 hours', allDay, '2026-11-01T00:00-04:00', 1440, '2026-11-01T23:00-05:00'],
  ])('%s', (_, hours, from, minutes, by) => {
    const time = businessTime(hours);
    expect(new Date(time.after(at(from), minutes) ?? 0).toISOString()).toBe(new Date(at(by)).toISOString());
    expect(time.between(at(from), at(by))).toBe(minutes);
    expect(time.between(at(by), at(from))).toBe(-minutes);
  });

  test('a business that closes for ever answers never, and counts nothing', () => {
    const days = Array.from({ length: 3700 }, (_, n) => new Date(at('2026-11-22') + n * 86_400_000));
    const time = businessTime({ ...seoul, holidays: days.map((day) => day.toISOString().slice(0, 10)) });
    expect(time.after(at('2026-11-23T10:00+09:00'), 1)).toBeNull();
    expect(time.between(at('2026-11-23T10:00+09:00'), at('2026-11-27T10:00+09:00'))).toBe(0);
  });
});

const level: ServiceLevel = {
  id: '01a2054f-e791-72f5-b2b1-bd977c382229',
  hours: seoul,
  limits: {
    high: { answerMinutes: 30, solutionMinutes: 240 },
    normal: { answerMinutes: 120, solutionMinutes: 960 },
    low: { answerMinutes: null, solutionMinutes: null },
  },
  warnMinutes: 20,
  pausesWhileWaiting: true,
};
const iso = (text: string) => new Date(at(text)).toISOString();
const morning = iso('2026-11-23T10:00+09:00');
const opened = (more: Partial<Case> = {}): Case => ({
  ...{ id: level.id, number: '', customerId: level.id, subject: '끊김', status: 'open', priority: 'normal' },
  ...{ openedAt: morning, dueAt: null, ownerName: null },
  ...more,
});
const said = (row: Case, change: CaseChange, when: string, by: ServiceLevel | null = level) => {
  const word = { at: iso(when), byName: '김하늘', why: null };
  return movedClock(row, changedCase(row, change, word), change, by, word.at);
};

describe('the clock of a case', () => {
  test('owes the first answer, then the solution, and warns before each', () => {
    const row = startClock(opened(), level, null);
    expect(row.clock).toMatchObject({
      answerBy: iso('2026-11-23T12:00+09:00'),
      solveBy: iso('2026-11-24T17:00+09:00'),
      nextBy: iso('2026-11-23T12:00+09:00'),
      warnFrom: iso('2026-11-23T11:40+09:00'),
    });
    const answered = said(row, { answered: true }, '2026-11-23T11:00+09:00');
    expect(answered.clock).toMatchObject({
      answeredAt: iso('2026-11-23T11:00+09:00'),
      nextBy: iso('2026-11-24T17:00+09:00'),
      warnFrom: iso('2026-11-24T16:40+09:00'),
    });
    expect('answered' in answered).toBe(false);
  });

  test('opened while the customer was on the line, only the solution is owed', () => {
    expect(startClock(opened(), level, morning).clock?.nextBy).toBe(iso('2026-11-24T17:00+09:00'));
  });

  test('stands still while it waits for the customer, and goes on with what was left', () => {
    const row = startClock(opened(), level, null);
    const waits = said(row, { status: 'waiting' }, '2026-11-23T17:00+09:00');
    expect(waits.clock).toMatchObject({
      nextBy: null,
      warnFrom: null,
      minutesLeft: 540,
      answeredAt: expect.any(String),
    });
    // Said again, it waits since the first time.
    const again = said(waits, { priority: 'normal' }, '2026-11-24T09:30+09:00');
    expect(again.clock).toMatchObject({ waitingSince: iso('2026-11-23T17:00+09:00'), minutesLeft: 540 });
    const goesOn = said(again, { status: 'open' }, '2026-11-24T10:00+09:00');
    expect(goesOn.clock).toMatchObject({ pausedMinutes: 120, solveBy: iso('2026-11-25T10:00+09:00') });
    expect(goesOn.clock?.nextBy).toBe(iso('2026-11-25T10:00+09:00'));
    const runs = { ...level, pausesWhileWaiting: false };
    expect(said(row, { status: 'waiting' }, '2026-11-23T17:00+09:00', runs).clock?.nextBy).toBe(
      iso('2026-11-24T17:00+09:00'),
    );
  });

  test('overdue before it waited, it is as much overdue after', () => {
    const row = startClock(opened(), level, morning);
    const late = said(row, { status: 'waiting' }, '2026-11-25T10:00+09:00');
    expect(late.clock?.minutesLeft).toBe(-120);
  });

  test('handed up it keeps its clock, also later on; another priority has other limits', () => {
    const row = startClock(opened(), level, morning);
    const up = said(row, { escalate: true }, '2026-11-23T11:00+09:00');
    expect(up.priority).toBe('high');
    expect(up.clock).toEqual(row.clock);
    const later = said(
      said(up, { status: 'waiting' }, '2026-11-23T11:00+09:00'),
      { status: 'open' },
      '2026-11-23T12:00+09:00',
    );
    expect(later.clock?.solveBy).toBe(iso('2026-11-24T18:00+09:00'));
    expect(said(row, { priority: 'high' }, '2026-11-23T11:00+09:00').clock?.solveBy).toBe(
      iso('2026-11-23T14:00+09:00'),
    );
  });

  test('of a closed one runs no more, and runs again where it is opened again', () => {
    const row = startClock(opened(), level, morning);
    const closed = said(row, { status: 'closed' }, '2026-11-23T11:00+09:00');
    expect(closed.clock).toMatchObject({ nextBy: null, solveBy: row.clock?.solveBy });
    expect(said(closed, { status: 'open' }, '2026-11-23T12:00+09:00').clock?.nextBy).toBe(row.clock?.solveBy);
  });

  test('where nothing is promised there is none; a business without limits has no clocks at all', () => {
    expect(startClock(opened({ priority: 'low' }), level, null).clock).toMatchObject({ nextBy: null, solveBy: null });
    expect(startClock(opened(), null, null)).toEqual(opened());
    expect(said(opened(), { status: 'waiting' }, '2026-11-23T11:00+09:00').clock).toBeUndefined();
  });

  test('by limits that changed it is set anew, with what has happened to it', () => {
    const row = said(startClock(opened(), level, null), { answered: true }, '2026-11-23T11:00+09:00');
    const limits = { ...level.limits, normal: { answerMinutes: 60, solutionMinutes: 120 } };
    const anew = clockAnew(row, { ...level, limits }, null);
    expect(anew.clock).toMatchObject({ answeredAt: row.clock?.answeredAt, nextBy: iso('2026-11-23T12:00+09:00') });
  });

  test('and its own due time: whichever comes first is what is due', () => {
    const row = startClock(opened(), level, morning);
    const by = row.clock?.solveBy ?? null;
    expect(dueOfCase(row)).toBe(by);
    expect(dueOfCase({ ...row, dueAt: morning })).toBe(morning);
    expect(dueOfCase({ ...row, dueAt: iso('2027-01-01T10:00+09:00') })).toBe(by);
    expect(dueOfCase(opened())).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { createI18n, createWords } from '../../../src/renderer/i18n.ts';
import { daysUntilBirthday, duration } from '../../../src/renderer/lib/format.ts';

const NOW = new Date(2026, 10, 22, 14, 0, 0).getTime();
const MINUTE = 60_000;
const words = (language: 'ko' | 'en') => {
  const translate = createI18n(language).getFixedT(language);
  return createWords(translate, language).format;
};
const ko = words('ko');
const en = words('en');

describe('facts as people read them', () => {
  test('times are relative by the calendar, in both languages', () => {
    expect(ko.relative(NOW - 20_000, NOW)).toBe('방금');
    expect(en.relative(NOW - 20_000, NOW)).toBe('just now');
    expect(ko.relative(NOW - 3 * 60 * MINUTE, NOW)).toBe('3시간 전');
    expect(en.relative(NOW + 2 * 24 * 60 * MINUTE, NOW)).toBe('in 2 days');
    expect(ko.relative(NOW - 15 * 60 * MINUTE, NOW)).toBe('어제');
  });

  test('a list shows today and yesterday by name, other years by their date', () => {
    expect(ko.listTime(new Date(NOW).toISOString(), NOW)).toBe('오늘 14:00');
    expect(en.listTime(new Date(NOW - 24 * 60 * MINUTE).toISOString(), NOW)).toBe('yesterday 14:00');
    expect(ko.listTime(new Date(2025, 0, 3, 9, 5).toISOString(), NOW)).toBe('2025. 1. 3.');
  });

  test('money is in the smallest unit of its currency', () => {
    expect(ko.money({ amount: 58_300, currency: 'KRW' })).toBe('₩58,300');
    expect(en.money({ amount: 1250, currency: 'USD' })).toBe('$12.50');
    expect(ko.shortMoney({ amount: 4_218_000, currency: 'KRW' })).toBe('₩421.8만');
  });

  test('a clock that was set back shows no negative time', () => {
    expect(duration(-5000)).toBe('00:00');
    expect(duration(65_000)).toBe('01:05');
    expect(duration(3_723_000)).toBe('1:02:03');
  });

  test('birthdays are counted in whole days, over the turn of the year too', () => {
    expect(daysUntilBirthday('1984-11-22', NOW)).toBe(0);
    expect(daysUntilBirthday('1984-11-25', NOW)).toBe(3);
    expect(daysUntilBirthday('1984-01-01', NOW)).toBe(40);
    expect(daysUntilBirthday(null, NOW)).toBeNull();
  });
});

import type { Language, Money } from '../../shared/text.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 1:05, 12:40, 1:02:03. Negative spans count as zero: a clock that was set back must not show -1. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
}

/** ₩4,200,000, US$12.50. `amount` is in the smallest unit of its currency. */
export function money(value: Money, language: Language): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency: value.currency });
  return format.format(value.amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0));
}

/** ₩420만, ₩4.2M: for the header, with the exact amount in the title. */
export function shortMoney(value: Money, language: Language): string {
  const options = { style: 'currency', currency: value.currency } as const;
  const digits = new Intl.NumberFormat(language, options).resolvedOptions().maximumFractionDigits ?? 0;
  const compact = new Intl.NumberFormat(language, { ...options, notation: 'compact', maximumFractionDigits: 1 });
  return compact.format(value.amount / 10 ** digits);
}

/** 3시간 전, in 2 days, yesterday; days by the calendar, not by 24 hours. */
export function relative(instant: string | number, now: number, language: Language): string {
  const at = typeof instant === 'number' ? instant : Date.parse(instant);
  const span = at - now;
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const size = Math.abs(span);
  if (size < MINUTE)
    return format
      .format(0, 'minute')
      .replace(/^this minute$/, 'just now')
      .replace(/^현재 분$/, '방금');
  if (size < HOUR) return format.format(Math.trunc(span / MINUTE), 'minute');
  const days = calendarDays(at) - calendarDays(now);
  if (days === 0) return format.format(Math.trunc(span / HOUR), 'hour');
  if (Math.abs(days) < 31) return format.format(days, 'day');
  if (Math.abs(days) < 365) return format.format(Math.trunc(days / 30.44), 'month');
  return format.format(Math.trunc(days / 365.25), 'year');
}

function calendarDays(at: number): number {
  const date = new Date(at);
  return Math.floor((at - date.getTimezoneOffset() * MINUTE) / DAY);
}

/** The exact moment, for titles and copies: 2026. 11. 22. 오후 2:02. */
export function exact(instant: string | number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));
}

/** 14:02:11 */
export function clockTime(instant: number, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(instant);
}

/** Beside each entry of a list, never wider than 14 letters: 오늘 14:02, 어제 09:10, 11. 2. 14:02, 2025. 11. 2. */
export function listTime(instant: string, now: number, language: Language): string {
  const at = Date.parse(instant);
  const days = calendarDays(at) - calendarDays(now);
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  if (days === 0 || days === -1) {
    return `${new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')} ${time}`;
  }
  const month = language === 'ko' ? 'numeric' : 'short';
  if (new Date(at).getFullYear() !== new Date(now).getFullYear()) {
    return new Intl.DateTimeFormat(language, { year: 'numeric', month, day: 'numeric' }).format(at);
  }
  return `${new Intl.DateTimeFormat(language, { month, day: 'numeric' }).format(at)} ${time}`;
}

/** A calendar day (YYYY-MM-DD), which belongs to no time zone. */
export function day(value: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${value}T00:00:00Z`),
  );
}

/** Whole years since a calendar day. */
export function yearsSince(value: string, now: number): number {
  return Math.floor((now - Date.parse(value)) / (365.25 * DAY));
}

/** Days until the next birthday: 0 today; null where the day is unknown. */
export function daysUntilBirthday(birthday: string | null, now: number): number | null {
  if (!birthday) return null;
  const [, month, dayOfMonth] = birthday.split('-').map(Number);
  if (!month || !dayOfMonth) return null;
  const today = new Date(now);
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  const thisYear = new Date(today.getFullYear(), month - 1, dayOfMonth).getTime();
  const next = thisYear >= midnight ? thisYear : new Date(today.getFullYear() + 1, month - 1, dayOfMonth).getTime();
  return Math.round((next - midnight) / DAY);
}

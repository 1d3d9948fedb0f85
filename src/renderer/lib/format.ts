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

/**
 * Facts in one language. Making an Intl formatter costs more than a whole line of the history, so each is made once and kept.
 */
export class Formats {
  readonly language: Language;
  readonly #dates = new Map<string, Intl.DateTimeFormat>();
  readonly #numbers = new Map<string, Intl.NumberFormat>();
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #justNow: string;

  /** @param justNow the word for less than a minute, which Intl does not have. */
  constructor(language: Language, justNow: string) {
    this.language = language;
    this.#relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
    this.#justNow = justNow;
  }

  #date(options: Intl.DateTimeFormatOptions, value: number | Date): string {
    const key = Object.entries(options).join();
    const format = this.#dates.get(key) ?? new Intl.DateTimeFormat(this.language, options);
    this.#dates.set(key, format);
    return format.format(value);
  }

  #number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const key = Object.entries(options).join();
    const format = this.#numbers.get(key) ?? new Intl.NumberFormat(this.language, options);
    this.#numbers.set(key, format);
    return format;
  }

  number(value: number): string {
    return this.#number({}).format(value);
  }

  /** @param share 0..1 */
  percent(share: number): string {
    return this.#number({ style: 'percent' }).format(share);
  }

  /** 84 kB, 1.2 MB. */
  bytes(value: number): string {
    const [unit, size] = value < 1e6 ? ['kilobyte', value / 1e3] : ['megabyte', value / 1e6];
    const options = { style: 'unit', unit, unitDisplay: 'short' } as const;
    return this.#number({ ...options, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
  }

  /** ₩4,200,000, US$12.50. `amount` is in the smallest unit of its currency. */
  money({ amount, currency }: Money): string {
    const format = this.#number({ style: 'currency', currency });
    return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0));
  }

  /** ₩1,200,000, US$12.50 of an amount as it is written. */
  amount(value: number, currency: string): string {
    return this.#number({ style: 'currency', currency }).format(value);
  }

  /** ₩420만, ₩4.2M: for the header, with the exact amount in the title. */
  shortMoney({ amount, currency }: Money): string {
    const digits = this.#number({ style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
    const compact = this.#number({ style: 'currency', currency, notation: 'compact', maximumFractionDigits: 1 });
    return compact.format(amount / 10 ** digits);
  }

  /** 3시간 전, in 2 days, yesterday; days by the calendar, not by 24 hours. */
  relative(instant: string | number, now: number): string {
    const at = typeof instant === 'number' ? instant : Date.parse(instant);
    const span = at - now;
    const size = Math.abs(span);
    if (size < MINUTE) return this.#justNow;
    if (size < HOUR) return this.#relative.format(Math.trunc(span / MINUTE), 'minute');
    const days = calendarDays(at) - calendarDays(now);
    if (days === 0) return this.#relative.format(Math.trunc(span / HOUR), 'hour');
    if (Math.abs(days) < 31) return this.#relative.format(days, 'day');
    if (Math.abs(days) < 365) return this.#relative.format(Math.trunc(days / 30.44), 'month');
    return this.#relative.format(Math.trunc(days / 365.25), 'year');
  }

  /** The exact moment, for titles and copies: 2026. 11. 22. 오후 2:02. */
  exact(instant: string | number): string {
    return this.#date({ dateStyle: 'medium', timeStyle: 'short' }, new Date(instant));
  }

  /** 14:02:11 */
  clockTime(instant: number): string {
    return this.#date({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }, instant);
  }

  /** Beside each entry of a list, never wider than 14 letters: 오늘 14:02, 어제 09:10, 11. 2. 14:02, 2025. 11. 2. */
  listTime(instant: string, now: number): string {
    const at = Date.parse(instant);
    const days = calendarDays(at) - calendarDays(now);
    const time = this.#date({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at);
    if (days === 0 || days === -1) return `${this.#relative.format(days, 'day')} ${time}`;
    const month = this.language === 'ko' ? 'numeric' : 'short';
    if (new Date(at).getFullYear() !== new Date(now).getFullYear()) {
      return this.#date({ year: 'numeric', month, day: 'numeric' }, at);
    }
    return `${this.#date({ month, day: 'numeric' }, at)} ${time}`;
  }

  /** A calendar day (YYYY-MM-DD), which belongs to no time zone. */
  day(value: string): string {
    return this.#date({ dateStyle: 'medium', timeZone: 'UTC' }, new Date(`${value}T00:00:00Z`));
  }

  /** The same without its year. */
  monthDay(value: string): string {
    return this.#date({ month: 'long', day: 'numeric', timeZone: 'UTC' }, new Date(`${value}T00:00:00Z`));
  }
}

function calendarDays(at: number): number {
  const date = new Date(at);
  return Math.floor((at - date.getTimezoneOffset() * MINUTE) / DAY);
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

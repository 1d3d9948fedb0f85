/**
 * Where the clock of a country is, as far as it was looked at; other countries have all their zones. Of countries with several zones the outermost inhabited ones are named: an hour must be
 * allowed in each, since a number alone does not say where its owner is. Counsel should check the list.
 */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  KR: ['Asia/Seoul'],
  JP: ['Asia/Tokyo'],
  CN: ['Asia/Shanghai'],
  TW: ['Asia/Taipei'],
  HK: ['Asia/Hong_Kong'],
  VN: ['Asia/Ho_Chi_Minh'],
  PH: ['Asia/Manila'],
  TH: ['Asia/Bangkok'],
  SG: ['Asia/Singapore'],
  IN: ['Asia/Kolkata'],
  GB: ['Europe/London'],
  IE: ['Europe/Dublin'],
  DE: ['Europe/Berlin'],
  FR: ['Europe/Paris'],
  ES: ['Atlantic/Canary', 'Europe/Madrid'],
  IT: ['Europe/Rome'],
  US: ['America/New_York', 'Pacific/Honolulu'],
  CA: ['America/St_Johns', 'America/Vancouver'],
  AU: ['Australia/Sydney', 'Australia/Perth'],
};

/** ECMA-402, Intl Locale Info: every runtime of ours has it, the types do not yet. */
interface LocaleOfZones {
  getTimeZones?: () => string[] | undefined;
}

/**
 * @param country ISO 3166-1 alpha-2 of the called number; null: it names none.
 * @param own zone of the business, where nothing better is known.
 * @returns the zones in which an hour must be allowed; never none.
 */
export function zonesOf(country: string | null, own: string): readonly string[] {
  if (country === null) return [own];
  const known = ZONES[country] ?? (new Intl.Locale(`und-${country}`) as LocaleOfZones).getTimeZones?.();
  return known === undefined || known.length === 0 ? [own] : known;
}

export interface LocalTime {
  /** 1 Monday to 7 Sunday. */
  day: number;
  /** Of the day. */
  minute: number;
  /** 09:05 */
  text: string;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** @param zone IANA name. @param now epoch ms. @throws RangeError for a zone that there is none of. */
export type LocalClock = (zone: string, now: number) => LocalTime;

function clockOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

function readClock(clock: Intl.DateTimeFormat, now: number): LocalTime {
  const parts = clock.formatToParts(now);
  const value = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return {
    day: WEEKDAYS.indexOf(value('weekday')) + 1,
    minute: Number(value('hour')) * 60 + Number(value('minute')),
    text: `${value('hour')}:${value('minute')}`,
  };
}

/** Of one call. */
export const localTime: LocalClock = (zone, now) => readClock(clockOf(zone), now);

/** Of many: a clock takes ten times as long to make as to read. */
export function createLocalClock(): LocalClock {
  const clocks = new Map<string, Intl.DateTimeFormat>();
  return (zone, now) => {
    const clock = clocks.get(zone) ?? clockOf(zone);
    clocks.set(zone, clock);
    return readClock(clock, now);
  };
}

/** 615 as 10:15 */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

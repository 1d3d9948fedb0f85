import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CallingPolicy } from '../shared/central-api.ts';
import type { GateRefusal } from '../shared/host-types.ts';

/**
 * Where the clock of a country is. Of countries with several zones the outermost inhabited ones are named: an hour must be
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

const DEFAULT_FROM = 480;
const DEFAULT_TO = 1260;

/** Minutes of the day and the text of the hour on a clock in this zone. */
function localMinute(zone: string, now: number): { minute: number; time: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const hour = value('hour');
  const minute = value('minute');
  return {
    minute: hour * 60 + minute,
    time: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`,
  };
}

/** The zones in which an hour must be allowed for this number: its country's, else the business's own. */
function zonesOf(e164: string, policy: CallingPolicy | null): readonly string[] {
  const country = parsePhoneNumberFromString(e164)?.country;
  const known = country === undefined ? undefined : ZONES[country];
  return known ?? [policy?.timeZone ?? 'Asia/Seoul'];
}

/**
 * Whether a marketing call is allowed at this hour where the called person is (Network Act art. 50(3) in Korea, 47 CFR 64.1200
 * in the US). A separate consent for the night lets it pass.
 */
export function hoursRefusal(
  e164: string,
  policy: CallingPolicy | null,
  now: number,
  nightConsent: boolean,
): GateRefusal[] {
  if (nightConsent) return [];
  const from = policy?.marketingFromMinute ?? DEFAULT_FROM;
  const to = policy?.marketingToMinute ?? DEFAULT_TO;
  for (const zone of zonesOf(e164, policy)) {
    const { minute, time } = localMinute(zone, now);
    if (minute >= from && minute < to) continue;
    return [
      {
        rule: 'calling_hours',
        data: { localTime: time, timeZone: zone, fromMinute: from, toMinute: to },
        overridable: true,
      },
    ];
  }
  return [];
}

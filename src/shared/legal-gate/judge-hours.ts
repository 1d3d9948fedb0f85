import type { CallingPolicy } from '../central-api.ts';
import type { GateRefusal } from '../host-types.ts';
import type { CallingLaw, CallingWindow } from './laws.ts';
import { clockText, type LocalClock, type LocalTime, zonesOf } from './local-time.ts';

interface Asked {
  /** Country of the called number; null: it tells none. */
  country: string | null;
  law: CallingLaw;
  policy: CallingPolicy | null;
  /** Epoch ms by the centre's clock. */
  now: number;
  nightConsent: boolean;
  clock: LocalClock;
}

/**
 * Whether a marketing call is allowed at this hour wherever the called person may be. The business may ask for less than the
 * law allows, never for more. Where the law knows a separate consent to calls at night, who has given it is called at any hour.
 */
export function judgeHours({ country, law, policy, now, nightConsent, clock }: Asked): GateRefusal[] {
  if (nightConsent && law.nightConsent) return [];
  for (const zone of zonesOf(country, policy?.timeZone ?? 'Asia/Seoul')) {
    const local = clock(zone, now);
    const open = windowsOf(law, policy, local.day);
    if (open.some(({ from, to }) => local.minute >= from && local.minute < to)) continue;
    return [refusal(zone, local, open, law, policy)];
  }
  return [];
}

function windowsOf(law: CallingLaw, policy: CallingPolicy | null, day: number): Omit<CallingWindow, 'days'>[] {
  const opens = policy?.marketingFromMinute ?? 0;
  const closes = policy?.marketingToMinute ?? 1440;
  return law.windows
    .filter(({ days }) => days.includes(day))
    .map(({ from, to }) => ({ from: Math.max(from, opens), to: Math.min(to, closes) }))
    .filter(({ from, to }) => from < to);
}

/** Only the business's own hours may be overridden: who wants to be called outside those of the law says so by a consent. */
function refusal(
  zone: string,
  local: LocalTime,
  open: readonly Omit<CallingWindow, 'days'>[],
  law: CallingLaw,
  policy: CallingPolicy | null,
): GateRefusal {
  const hours = open.map(({ from, to }) => `${clockText(from)}–${clockText(to)}`).join(', ');
  const lawful = windowsOf(law, null, local.day).some(({ from, to }) => local.minute >= from && local.minute < to);
  return {
    rule: 'calling_hours',
    data: { localTime: local.text, timeZone: zone, hours },
    overridable: lawful && policy !== null,
  };
}

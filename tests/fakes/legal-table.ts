// The legal gate a second time, written from the rules and not from the code: rows that are looked up, clocks that are counted by
// hand. It shares no line with src/shared/legal-gate, so that a mistake would have to be made twice.
import type { CallingPolicy } from '../../src/shared/central-api.ts';
import type { CallFacts } from '../../src/shared/legal-gate/judge-call.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The nth (or last: -1) Sunday of a month, at an hour UTC. */
function sunday(year: number, month: number, nth: number, hour: number): number {
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const sundays = Array.from({ length: days }, (_, i) => i + 1).filter(
    (day) => new Date(Date.UTC(year, month, day)).getUTCDay() === 0,
  );
  return Date.UTC(year, month, sundays.at(nth < 0 ? nth : nth - 1) ?? 1, hour);
}

const summerOfEurope = (at: number, year: number) => at >= sunday(year, 2, -1, 1) && at < sunday(year, 9, -1, 1);
/** New York: 2 o'clock of its own time is 7 UTC in winter and 6 UTC in summer. */
const summerOfNewYork = (at: number, year: number) => at >= sunday(year, 2, 2, 7) && at < sunday(year, 10, 1, 6);

/** Hours ahead of UTC in each place where somebody with such a number may be. */
const CLOCKS: Record<string, ((at: number, year: number) => number)[]> = {
  '+82': [() => 9],
  '+81': [() => 9],
  '+44': [(at, year) => (summerOfEurope(at, year) ? 1 : 0)],
  '+33': [(at, year) => (summerOfEurope(at, year) ? 2 : 1)],
  '+1': [(at, year) => (summerOfNewYork(at, year) ? -4 : -5), () => -10],
  '+971': [() => 4],
};

interface Row {
  product: string;
  prefix: string;
  /** Of each day of the week, Monday first: hours like 8-21. */
  week: string[];
  night: boolean;
  consentDays: number;
  listHours: number;
  attempts: [number, number] | null;
}
const ALWAYS = Number.POSITIVE_INFINITY;
const all = (hours: string) => Array.from({ length: 7 }, () => hours);
const france = { week: [...Array.from({ length: 5 }, () => '10-13 14-20'), '', ''], attempts: [4, 720] } as const;
const plain = { week: all('8-21'), night: false, consentDays: ALWAYS, listHours: ALWAYS, attempts: null };
const ROWS: Row[] = [
  { ...plain, product: 'general', prefix: '+82', night: true, consentDays: 730, listHours: 720 },
  { ...plain, product: 'financial', prefix: '+82', consentDays: 730, listHours: 720 },
  { ...plain, product: '*', prefix: '+1', listHours: 744, attempts: [3, 24] },
  { ...plain, product: '*', prefix: '+44', listHours: 672 },
  { ...plain, product: '*', prefix: '+33', week: [...france.week], attempts: [...france.attempts] },
  { ...plain, product: '*', prefix: '+81' },
  { ...plain, product: '*', prefix: '+971' },
];

/** The rules that must speak against this call, in no order. */
export function rulesByTable(facts: CallFacts, policy: CallingPolicy): string[] {
  const premium = /^\+(8260|1900|979)/.test(facts.number) && policy.premiumNumbers !== 'allow';
  const forbidden =
    !premium &&
    (policy.forbiddenPrefixes ?? ['+870', '+881', '+882', '+883']).some((one) => facts.number.startsWith(one));
  const cost = [...(premium ? ['premium_number'] : []), ...(forbidden ? ['forbidden_number'] : [])];
  if (facts.purpose === 'service') return cost;
  const row = ROWS.find(
    ({ prefix, product }) => facts.number.startsWith(prefix) && (product === '*' || product === facts.product),
  );
  if (!row) throw new Error(`no row for ${facts.number}`);
  const now = facts.now + facts.clock.centreAhead;
  const found: [string, boolean][] = [
    ['blocked_customer', facts.blocked !== null],
    ['clock_off', facts.clock.wentBack],
    ['do_not_call', facts.doNotCall.listed],
    ['do_not_call_missing', !facts.doNotCall.here],
    [
      'do_not_call_stale',
      facts.doNotCall.here && isStale(facts, Math.min(row.listHours, policy.doNotCallMaxAgeHours), now),
    ],
    ['calling_hours', !isHour(facts, row, policy, now)],
    ['attempts_used', isUsedUp(facts, row, policy)],
  ];
  return [
    ...cost,
    ...found.flatMap(([rule, speaks]) => (speaks ? [rule] : [])),
    ...consentRule(facts, row, policy, now),
  ];
}

function isStale({ doNotCall, now: own }: CallFacts, hours: number, now: number): boolean {
  if (doNotCall.loadedAt === null) return true;
  const fetchedLongAgo = now >= Date.parse(doNotCall.loadedAt) + hours * HOUR;
  return fetchedLongAgo || (doNotCall.hadAllAt !== null && own >= Date.parse(doNotCall.hadAllAt) + hours * HOUR);
}

function isYoung(at: string, row: Row, policy: CallingPolicy, now: number): boolean {
  // The day on which it turns so old still counts.
  return now < Date.parse(at) + (Math.min(row.consentDays, policy.consentMaxAgeDays) + 1) * DAY;
}

function consentRule(facts: CallFacts, row: Row, policy: CallingPolicy, now: number): string[] {
  const word = facts.consents.filter((one) => one.channel === 'phone' && one.purpose === 'marketing')[0];
  if (!word) return [facts.consentsWhole ? 'no_consent' : 'consent_unknown'];
  if (word.status === 'refused') return ['no_consent'];
  return isYoung(word.at, row, policy, now) ? [] : ['consent_expired'];
}

function isHour(facts: CallFacts, row: Row, policy: CallingPolicy, now: number): boolean {
  const night = facts.consents.some(
    (one) =>
      one.channel === 'phone' &&
      one.purpose === 'night_marketing' &&
      one.status === 'granted' &&
      isYoung(one.at, row, policy, now),
  );
  if (row.night && night) return true;
  const year = new Date(now).getUTCFullYear();
  return (CLOCKS[row.prefix] ?? []).every((ahead) => {
    const there = new Date(now + ahead(now, year) * HOUR);
    const minute = there.getUTCHours() * 60 + there.getUTCMinutes();
    const hours = row.week[(there.getUTCDay() + 6) % 7] ?? '';
    const lawful = hours
      .split(' ')
      .filter(Boolean)
      .map((span) => span.split('-').map((hour) => Number(hour) * 60))
      .some(([from = 0, to = 0]) => minute >= from && minute < to);
    return lawful && minute >= policy.marketingFromMinute && minute < policy.marketingToMinute;
  });
}

function isUsedUp({ attempts, now: own }: CallFacts, row: Row, policy: CallingPolicy): boolean {
  const caps: [number, number][] = [
    ...(row.attempts ? [row.attempts] : []),
    ...(policy.marketingAttempts
      ? [[policy.marketingAttempts.times, policy.marketingAttempts.withinHours] as [number, number]]
      : []),
  ];
  return caps.some(([times, hours]) => attempts.filter((at) => at > own - hours * HOUR).length >= times);
}

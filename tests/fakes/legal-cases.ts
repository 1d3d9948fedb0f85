import type { CallingPolicy } from '../../src/shared/central-api.ts';
import type { Consent } from '../../src/shared/consent.ts';
import type { CallFacts } from '../../src/shared/legal-gate/judge-call.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Numbers that regulators set aside for stories, one premium and one that no country has. */
const NUMBERS = ['+821000001234', '+14155550123', '+447700900123', '+33639981234', '+971501234567'];
const ODD_NUMBERS = ['+82607001234', '+88161234567'];

export interface LegalCase {
  facts: CallFacts;
  policy: CallingPolicy;
}

/** One case of the legal gate: every input anywhere, most often near the edge where a rule begins to speak. */
export function legalCase(random: () => number): LegalCase {
  const one = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const chance = (share: number) => random() < share;
  const near = (edge: number) =>
    edge + one(-1, 0, 1, -60_000, 60_000, -HOUR, HOUR, Math.floor((random() - 0.5) * 4 * DAY));
  // A minute of 2024 to 2027, often on a full hour.
  const now =
    Date.UTC(2024, 0, 1) +
    Math.floor(random() * 1461 * 24) * HOUR +
    one(0, 0, -1, 1, 59_999, Math.floor(random() * HOUR));
  const policy: CallingPolicy = {
    timeZone: 'Asia/Seoul',
    country: 'KR',
    marketingFromMinute: one(480, 480, 540, 0, 615),
    marketingToMinute: one(1260, 1260, 1080, 1440, 1199),
    consentMaxAgeDays: one(730, 365, 1000),
    doNotCallMaxAgeHours: one(24, 1, 1000),
    doNotCallLoadedAt: null,
    premiumNumbers: one('refuse', 'refuse', 'allow'),
    ...(chance(0.3) ? { forbiddenPrefixes: [one('+881', '+1', '+4477')] } : {}),
    ...(chance(0.3) ? { marketingAttempts: { times: one(1, 2, 5), withinHours: one(24, 168) } } : {}),
  };
  const ahead = chance(0.8) ? 0 : one(3 * HOUR, -3 * HOUR, 90_000, -26 * HOUR);
  const real = now + ahead;
  const instant = (at: number) => new Date(at).toISOString();
  const consent = (purpose: Consent['purpose'], channel: Consent['channel'] = 'phone'): Consent => ({
    id: '00000000-0000-7000-8000-000000000001',
    customerId: '00000000-0000-7000-8000-000000000002',
    channel,
    purpose,
    status: one('granted', 'granted', 'granted', 'refused'),
    at: instant(near(real - one(731, 366, 1001, 10, 100) * DAY)),
    source: 'call',
  });
  const facts: CallFacts = {
    number: chance(0.05) ? one(...ODD_NUMBERS) : one(...NUMBERS),
    purpose: chance(0.1) ? 'service' : 'marketing',
    product: one('general', 'general', 'financial'),
    now,
    clock: { centreAhead: ahead, wentBack: chance(0.05) },
    doNotCall: {
      here: chance(0.95),
      listed: chance(0.1),
      loadedAt: chance(0.05) ? null : instant(near(real - one(0, 24, 1, 672, 720, 744, 1000) * HOUR)),
      hadAllAt: chance(0.5) ? null : instant(near(now - one(0, 24, 1) * HOUR)),
    },
    consents: [
      ...(chance(0.85) ? [consent('marketing')] : []),
      ...(chance(0.4) ? [consent('night_marketing')] : []),
      ...(chance(0.3) ? [consent('marketing', one('email', 'message'))] : []),
    ],
    consentsWhole: chance(0.9),
    blocked: chance(0.05) ? 'repeated abuse' : null,
    attempts: Array.from({ length: Math.floor(random() * 6) }, () => near(now - one(0, 24, 168, 720) * HOUR)),
  };
  // A number of no country stands in no table: only what it costs is judged.
  if (facts.number.startsWith('+881')) facts.purpose = 'service';
  return { facts, policy };
}

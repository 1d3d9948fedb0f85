/** What is sold. Financial products are called about under a law of their own. */
export type ProductKind = 'general' | 'financial';

/** Hours on the clock of the called person: minutes of the day, `to` excluded; `days`: 1 Monday to 7 Sunday. */
export interface CallingWindow {
  days: readonly number[];
  from: number;
  to: number;
}

/** What a country asks of a marketing call, as far as a machine can hold it. */
export interface CallingLaw {
  windows: readonly CallingWindow[];
  /** A separate consent to calls at night opens the other hours. */
  nightConsent: boolean;
  /** Consent must be given or confirmed within so many days; null: it does not age. */
  consentDays: number | null;
  /** The register of those who want no calls must not be older than this. */
  listHours: number | null;
  /** No more calls to one person than this; null: no number is named. */
  attempts: { times: number; withinHours: number } | null;
}

const DAY = 24;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WORKING_DAYS = [1, 2, 3, 4, 5];
const EIGHT_TO_NINE = [{ days: EVERY_DAY, from: 480, to: 1260 }];

/** Where nothing is known of a country: what most of them ask. */
const ELSEWHERE: CallingLaw = {
  windows: EIGHT_TO_NINE,
  nightConsent: false,
  consentDays: null,
  listHours: null,
  attempts: null,
};

/**
 * By country of the called number (ISO 3166-1 alpha-2). Have counsel check the figures before relying on them.
 *
 * - KR: Network Act art. 50 (1) and (3), its decree art. 62-3 (consent confirmed every two years), Door-to-Door Sales Act art. 42
 *   (register, a month). Financial products: Financial Consumer Protection Act; the night stays closed whatever was agreed to.
 * - US: 47 CFR 64.1200 (c)(1) hours, (c)(2)(i)(D) register of 31 days; three calls in a day as the strictest states have it
 *   (Florida Statutes 501.616 (6)), since a number does not say where its owner is.
 * - GB: PECR reg. 21 (register of 28 days).
 * - FR: Code de la consommation D223-9: working days 10 to 13 and 14 to 20, four calls in 30 days.
 */
const LAWS: Readonly<Record<string, Partial<Record<ProductKind, CallingLaw>> & { general: CallingLaw }>> = {
  KR: {
    general: { ...ELSEWHERE, nightConsent: true, consentDays: 730, listHours: 30 * DAY },
    financial: { ...ELSEWHERE, consentDays: 730, listHours: 30 * DAY },
  },
  US: { general: { ...ELSEWHERE, listHours: 31 * DAY, attempts: { times: 3, withinHours: DAY } } },
  GB: { general: { ...ELSEWHERE, listHours: 28 * DAY } },
  FR: {
    general: {
      ...ELSEWHERE,
      windows: [
        { days: WORKING_DAYS, from: 600, to: 780 },
        { days: WORKING_DAYS, from: 840, to: 1200 },
      ],
      attempts: { times: 4, withinHours: 30 * DAY },
    },
  },
};

/** @param country of the called number; null where the number does not tell. */
export function lawOf(country: string | null, product: ProductKind): CallingLaw {
  const laws = country === null ? undefined : LAWS[country];
  return laws?.[product] ?? laws?.general ?? ELSEWHERE;
}

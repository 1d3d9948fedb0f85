import type { AdminCustomField } from '../../shared/central-admin-api.ts';
import type { CustomValues } from '../../shared/customer.ts';
import { createRandom, type Random } from './random.ts';

// What somebody likes and how they live, as CRM teaches to ask: by it a business knows what to offer, and whom to invite.

const named = (names: Record<string, string>) => ({
  choices: Object.keys(names),
  choiceNames: Object.fromEntries(Object.entries(names).map(([ko, en]) => [ko, { ko, en }])),
});

const INTERESTS = {
  골프: 'Golf',
  여행: 'Travel',
  캠핑: 'Camping',
  게임: 'Gaming',
  '영화/드라마': 'Films and series',
  음악: 'Music',
  요리: 'Cooking',
  반려동물: 'Pets',
  재테크: 'Investing',
  '스포츠 중계': 'Live sports',
};
const LIFESTYLE = {
  '1인 가구': 'Lives alone',
  '영유아 자녀': 'Small children',
  '학생 자녀': 'School children',
  '부모님 부양': 'Cares for parents',
  재택근무: 'Works from home',
  '야간 근무': 'Works nights',
  '잦은 해외 출장': 'Often abroad',
};

/** By both of them customers are found. */
export const INTEREST_FIELDS: readonly AdminCustomField[] = [
  {
    ...{ entity: 'customer', order: 5, key: 'interests', type: 'choices', searchable: true },
    label: { ko: '관심사', en: 'Interests' },
    ...named(INTERESTS),
  },
  {
    ...{ entity: 'customer', order: 6, key: 'lifestyle', type: 'choices', searchable: true },
    label: { ko: '라이프스타일', en: 'Lifestyle' },
    ...named(LIFESTYLE),
  },
];

/** Made by dice of their own: what else is told of a sample customer stays as it was. A company has none. */
export function interestsOf(seed: number, index: number, kind: 'person' | 'company'): CustomValues {
  if (kind === 'company') return {};
  const random = createRandom(seed, index, 0x1f);
  const interests = some(random, Object.keys(INTERESTS), 0.16);
  const lifestyle = some(random, Object.keys(LIFESTYLE), 0.14);
  return { ...(interests.length > 0 ? { interests } : {}), ...(lifestyle.length > 0 ? { lifestyle } : {}) };
}

const some = (random: Random, choices: readonly string[], share: number) => choices.filter(() => random.chance(share));

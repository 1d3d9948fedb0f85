import type { AdminCustomField } from '../../shared/central-admin-api.ts';
import type { Product } from '../../shared/work.ts';
import { INTEREST_FIELDS } from './interests.ts';
import { sampleId } from './random.ts';

/** What 단골텔레콤, the practice business, sells. `group` tells what excludes what; fees in won a month. */
export interface CatalogueProduct {
  code: string;
  ko: string;
  en: string;
  group: 'mobile' | 'internet' | 'tv' | 'extra';
  fee: number;
  /** Months of contract; 0: none. */
  months: number;
}

export const CATALOGUE: readonly [CatalogueProduct, ...CatalogueProduct[]] = [
  { code: 'M5G-MAX', ko: '5G 무제한 프리미엄', en: '5G Unlimited Premium', group: 'mobile', fee: 89_000, months: 24 },
  { code: 'M5G-STD', ko: '5G 스탠다드 110GB', en: '5G Standard 110GB', group: 'mobile', fee: 69_000, months: 24 },
  { code: 'M5G-SLIM', ko: '5G 슬림 14GB', en: '5G Slim 14GB', group: 'mobile', fee: 49_000, months: 12 },
  { code: 'LTE-33', ko: 'LTE 다이렉트 33', en: 'LTE Direct 33', group: 'mobile', fee: 33_000, months: 0 },
  { code: 'LTE-SR', ko: 'LTE 시니어 안심', en: 'LTE Senior Care', group: 'mobile', fee: 27_500, months: 24 },
  { code: 'NET-1G', ko: '기가 인터넷 1G', en: 'Giga Internet 1G', group: 'internet', fee: 38_500, months: 36 },
  { code: 'NET-500', ko: '기가 인터넷 500M', en: 'Giga Internet 500M', group: 'internet', fee: 33_000, months: 36 },
  { code: 'TV-ALL', ko: '단골TV 올패스', en: 'Dangol TV All Pass', group: 'tv', fee: 24_200, months: 36 },
  { code: 'TV-LITE', ko: '단골TV 라이트', en: 'Dangol TV Lite', group: 'tv', fee: 16_500, months: 36 },
  { code: 'INS-DEV', ko: '휴대폰 안심보험', en: 'Device Insurance', group: 'extra', fee: 5_900, months: 0 },
  { code: 'HOME-CAM', ko: '우리집 지킴이 카메라', en: 'Home Guard Camera', group: 'extra', fee: 8_800, months: 24 },
];

export const productId = (seed: number, code: string): string =>
  sampleId(
    seed,
    'product',
    0,
    CATALOGUE.findIndex((product) => product.code === code),
  );

/** Which of the house's own desks knows about it. */
const DESKS: Record<CatalogueProduct['group'], string> = {
  mobile: '모바일지원팀',
  internet: '인터넷기술팀',
  tv: 'TV기술팀',
  extra: '부가서비스팀',
};

export function productRows(seed: number): Product[] {
  return CATALOGUE.map(({ code, ko, en, group, months }) => ({
    ...{ id: productId(seed, code), code, name: { ko, en }, active: true },
    custom: { desk: DESKS[group], ...(months > 0 ? { months } : {}) },
  }));
}

/** Fields that this business added to its customers, cases and products. */
export const CUSTOM_FIELDS: readonly AdminCustomField[] = [
  {
    entity: 'customer',
    order: 1,
    key: 'billDelivery',
    label: { ko: '청구서 수령', en: 'Bill by' },
    type: 'choice',
    choices: ['모바일', '이메일', '우편'],
  },
  {
    entity: 'customer',
    order: 2,
    key: 'preferredTime',
    label: { ko: '통화 희망 시간', en: 'Prefers calls' },
    type: 'choice',
    choices: ['오전', '점심시간', '오후', '저녁 6시 이후'],
  },
  {
    entity: 'customer',
    order: 3,
    key: 'familyBundle',
    label: { ko: '가족결합', en: 'Family bundle' },
    type: 'boolean',
    choices: [],
  },
  {
    entity: 'customer',
    order: 4,
    key: 'device',
    label: { ko: '사용 단말', en: 'Device' },
    type: 'text',
    choices: [],
    sensitive: false,
    searchable: true,
  },
  ...INTEREST_FIELDS,
  {
    entity: 'case',
    order: 1,
    key: 'area',
    label: { ko: '문의 유형', en: 'Area' },
    type: 'choice',
    choices: ['요금', '장애', '개통', '해지', '기기'],
  },
  {
    entity: 'case',
    order: 2,
    key: 'visit',
    label: { ko: '기사 방문일', en: 'Technician visit' },
    type: 'date',
    choices: [],
  },
  {
    entity: 'product',
    order: 1,
    key: 'months',
    label: { ko: '약정(개월)', en: 'Contract months' },
    type: 'number',
    choices: [],
  },
  {
    entity: 'product',
    order: 2,
    key: 'desk',
    label: { ko: '담당 부서', en: 'Handled by' },
    type: 'choice',
    choices: Object.values(DESKS),
  },
];

import type { Random } from './random.ts';

type List = readonly [string, ...string[]];
const list = (text: string): List => {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  return [first, ...rest];
};

/** Shares of Korean family names, roughly as the census of 2015 counts them, in per mille. */
const FAMILY_NAMES = [
  [215, '김'],
  [147, '이'],
  [84, '박'],
  [47, '최'],
  [43, '정'],
  [24, '강'],
  [21, '조'],
  [21, '윤'],
  [20, '장'],
  [19, '임'],
  [15, '한'],
  [15, '오'],
  [14, '서'],
  [14, '신'],
  [14, '권'],
  [13, '황'],
  [13, '안'],
  [13, '송'],
  [11, '전'],
  [11, '홍'],
  [10, '유'],
  [10, '고'],
  [9, '문'],
  [9, '양'],
  [8, '손'],
  [8, '배'],
  [8, '백'],
  [7, '허'],
  [5, '남'],
  [5, '심'],
  [4, '노'],
  [3, '하'],
  [3, '곽'],
  [3, '성'],
  [3, '차'],
  [3, '주'],
  [2, '우'],
  [2, '민'],
  [1, '남궁'],
  [1, '황보'],
  [1, '선우'],
] as const;

/** Given names as they were fashionable. */
const GIVEN_NAMES = {
  old: {
    woman: list('영자 순자 정순 영숙 순옥 명자 옥순 춘자 경자 말순 복희 정자 금순 숙자 화자'),
    man: list('영수 영호 상철 광수 병철 정호 종수 성수 용식 창호 춘식 만복 길동 재호 학수'),
  },
  middle: {
    woman: list('미경 은주 현정 지영 은영 미숙 정은 혜경 선영 수진 유미 경희 소영 윤정 진희'),
    man: list('성호 진우 상훈 정훈 성훈 준호 재영 동현 기태 승현 영진 형준 창민 태식 병훈'),
  },
  young: {
    woman: list('민지 수빈 지원 예진 유진 서연 다은 하늘 가은 채원 소희 나연 은서 보람 슬기'),
    man: list('지훈 현우 민재 도현 준영 건우 시우 태민 성민 재현 우진 한결 승민 동욱 찬영'),
  },
} as const;

const FOREIGN_NAMES = [
  [30, 'US'],
  [20, 'GB'],
  [15, 'VN'],
  [10, 'UZ'],
  [10, 'PH'],
  [8, 'CA'],
  [7, 'AU'],
] as const;
const FOREIGN: Record<string, { first: List; last: List }> = {
  US: {
    first: list('Emily Michael Ashley Daniel Grace Tyler Hannah Brandon Rachel Kevin'),
    last: list('Carter Brooks Hayes Reed Foster Bennett Coleman Whitaker Dalton Pierce'),
  },
  GB: {
    first: list('Oliver Charlotte Harry Poppy Alfie Imogen Rupert Freya Callum Beatrice'),
    last: list('Ashworth Pemberton Whitfield Hargreaves Langley Thornton Radcliffe Winslow'),
  },
  VN: { first: list('Linh Minh Huong Tuan Thao Duc Mai Quang'), last: list('Nguyen Tran Pham Vu Dang Bui') },
  UZ: { first: list('Dilshod Nodira Jasur Malika Sardor Zarina'), last: list('Karimov Rashidova Tursunov Yusupova') },
  PH: {
    first: list('Maria Jose Angelica Rodel Kristine Jerome'),
    last: list('Santos Reyes Bautista Villanueva Dizon'),
  },
  CA: { first: list('Logan Claire Ethan Avery Noah Juliette'), last: list('Tremblay MacLeod Fraser Gagnon Sinclair') },
  AU: {
    first: list('Lachlan Matilda Angus Tahlia Hamish Bronte'),
    last: list('Hollis Barrett Kingsley Redfern Ainslie'),
  },
};

const COMPANY_FIRST = list(
  '한빛 새롬 도담 가온 누리 미르 해솔 다온 세움 온새 푸른솔 늘봄 한결 두레 바른 라온 고운 참빛',
);
const COMPANY_SECOND = list(
  '물류 디자인 식품 정밀 시스템 건설 무역 상사 테크 에너지 의료기 교육 인테리어 농산 소프트 패션',
);

export interface PersonName {
  name: string;
  /** Lower-case Latin letters for an e-mail address. */
  latin: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

/** Which family name a Korean household has. */
export function familyName(random: Random): string {
  return random.weighted(FAMILY_NAMES);
}

/** A Korean name that fits the year of birth. */
export function koreanName(random: Random, family: string, birthYear: number): PersonName {
  const age = birthYear < 1965 ? 'old' : birthYear < 1988 ? 'middle' : 'young';
  const given = random.pick(GIVEN_NAMES[age][random.chance(0.52) ? 'woman' : 'man']);
  const letters = 'bcdghjklmnpsty';
  const vowels = 'aeiou';
  const syllable = () => `${letters[random.int(0, letters.length - 1)]}${vowels[random.int(0, 4)]}`;
  return { name: `${family}${given}`, latin: `${syllable()}${syllable()}${syllable()}`, country: 'KR' };
}

export function foreignName(random: Random): PersonName {
  const country = random.weighted(FOREIGN_NAMES);
  const { first, last } = FOREIGN[country] ?? { first: list('Alex'), last: list('Morgan') };
  const [given, family] = [random.pick(first), random.pick(last)];
  return { name: `${given} ${family}`, latin: `${given}.${family}`.toLowerCase(), country };
}

export function companyName(random: Random): string {
  const name = `${random.pick(COMPANY_FIRST)}${random.pick(COMPANY_SECOND)}`;
  return random.chance(0.6) ? `(주)${name}` : `${name} 주식회사`;
}

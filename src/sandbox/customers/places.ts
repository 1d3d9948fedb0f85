import type { Random } from './random.ts';

type List = readonly [string, ...string[]];

/** Real towns, invented streets: nobody lives there. */
const TOWNS: readonly [readonly [number, readonly [string, List]], ...(readonly [number, readonly [string, List]])[]] =
  [
    [19, ['서울특별시', ['마포구', '강서구', '송파구', '관악구', '노원구', '은평구', '성동구', '동작구']]],
    [
      26,
      [
        '경기도',
        ['수원시 팔달구', '고양시 일산동구', '용인시 수지구', '성남시 분당구', '부천시', '안양시 동안구', '김포시'],
      ],
    ],
    [7, ['부산광역시', ['해운대구', '동래구', '부산진구', '사하구', '연제구']]],
    [6, ['인천광역시', ['부평구', '남동구', '연수구', '미추홀구']]],
    [5, ['대구광역시', ['수성구', '달서구', '북구']]],
    [3, ['대전광역시', ['유성구', '서구', '중구']]],
    [3, ['광주광역시', ['북구', '서구', '광산구']]],
    [2, ['울산광역시', ['남구', '중구', '울주군']]],
    [3, ['강원특별자치도', ['춘천시', '원주시', '강릉시']]],
    [4, ['충청남도', ['천안시 서북구', '아산시', '서산시']]],
    [4, ['전북특별자치도', ['전주시 완산구', '군산시', '익산시']]],
    [4, ['전라남도', ['여수시', '순천시', '목포시']]],
    [5, ['경상남도', ['창원시 성산구', '김해시', '진주시']]],
    [5, ['경상북도', ['포항시 북구', '구미시', '경주시']]],
    [1, ['제주특별자치도', ['제주시', '서귀포시']]],
  ];
const STREETS: List = [
  '새터말로',
  '느티나무로',
  '단골로',
  '은행나무길',
  '물레방아길',
  '솔바람로',
  '해맞이로',
  '언덕마루길',
  '달맞이로',
  '들꽃로',
];

/** e.g. 서울특별시 마포구 새터말로 34, 101동 1203호 */
export function koreanAddress(random: Random): string {
  const [province, towns] = random.weighted(TOWNS);
  const street = `${random.pick(STREETS)} ${random.int(1, 180)}`;
  const door = random.chance(0.7)
    ? `, ${random.int(101, 118)}동 ${random.int(1, 24)}0${random.int(1, 4)}호`
    : `, ${random.int(1, 4)}층`;
  return `${province} ${random.pick(towns)} ${street}${door}`;
}

/** Sample mobile numbers: 010-0001-0000 to 010-0999-9999. Nobody is given a number that begins with 010-0. */
const KOREAN_NUMBERS = 9_990_000;

/**
 * The mobile number of a place in the sample, national writing. Different places have different numbers, as long as there
 * are fewer than 9.99 million; the scenario people live below, in 010-0000.
 */
export function koreanMobile(place: number): string {
  // 7919 shares no factor with the size of the block: a one-to-one shuffle.
  const number = ((place * 7919 + 1_234_567) % KOREAN_NUMBERS) + 10_000;
  return `010${String(number).padStart(8, '0')}`;
}

/** Area codes for 555-0100 to 555-0199, which the North American plan keeps for fiction. */
const AREAS: readonly number[] = [
  201, 206, 212, 213, 214, 216, 303, 305, 310, 312, 313, 404, 408, 410, 412, 415, 416, 503, 504, 512, 514, 602, 604,
  612, 613, 615, 617, 619, 702, 713, 717, 801, 808, 813, 816, 832, 901, 907, 916, 919,
];

/** A number from the ranges that regulators keep for fiction, or null when they are used up. */
export function foreignNumber(place: number, country: string): string | null {
  if (country === 'GB')
    return place < 800
      ? `+447700900${String(100 + place)
          .padStart(3, '0')
          .slice(-3)}`
      : null;
  if (country !== 'US' && country !== 'CA') return null;
  const area = AREAS[Math.floor(place / 90)];
  return area === undefined ? null : `+1${area}55501${String(10 + (place % 90)).padStart(2, '0')}`;
}

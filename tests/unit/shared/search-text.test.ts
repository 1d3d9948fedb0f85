import { describe, expect, test } from 'vitest';
import { nameMatches, searchQuery, searchText, splitSearch } from '../../../src/shared/search-text.ts';

describe('what a name is found by', () => {
  test('two syllables next to each other, and each one alone', () => {
    expect(searchText('홍길동')).toEqual({ grams: '홍길 길동 동', initials: 'ㅎㄱ ㄱㄷ ㄷ' });
  });
  test('a foreign name has no 초성', () => {
    expect(searchText('Jane Doe')).toEqual({ grams: 'ja an ne e do oe e', initials: '' });
  });
  test('markup and quotes never reach the index', () => {
    expect(searchText('"><img src=x>')).toEqual({ grams: 'im mg g sr rc c x', initials: '' });
  });
});

describe('what a search text asks for', () => {
  test('four digits are the end of a number', () => {
    const number = { customerNumber: '5678', caseNumber: '5678' };
    expect(searchQuery('5678')).toEqual({ match: null, digits: '5678', ...number, email: null });
  });
  test('three are too few to look through numbers', () => {
    expect(searchQuery('567').digits).toBeNull();
  });
  test('a case by its number: with a # however short, without one from four characters on', () => {
    const asked = ['#7', '＃１０４２', 'cs-1042', '104', '#', '#배송', '길동 1042'].map(
      (text) => searchQuery(text).caseNumber,
    );
    expect(asked).toEqual(['7', '1042', 'CS-1042', null, null, null, null]);
  });
  test('a number as people write it', () => {
    expect(searchQuery('010-0000-1001').digits).toBe('01000001001');
  });
  test('initials look in the initials, letters in the letters, all words must be found', () => {
    expect(searchQuery('ㅎㄱ 길동').match).toBe('initials : "ㅎㄱ" AND grams : "길동"');
  });
  test('one letter is a beginning', () => {
    expect(searchQuery('홍').match).toBe('grams : "홍" *');
  });
  test('operators of the index are only letters here', () => {
    expect(searchQuery('a" OR b*').match).toBe('grams : "a" * AND grams : "or" AND grams : "b" *');
  });
  test('an e-mail address or a part of one, three letters or more; a number or a Korean word is none', () => {
    expect(searchQuery(' Minsu.Kim@exam ').email).toBe('"Minsu.Kim@exam"');
    expect(['mi', '5678', '길동', 'a"b', 'NEAR('].map((text) => searchQuery(text).email)).toEqual(Array(5).fill(null));
  });
  test('nothing asks for nothing', () => {
    const number = { customerNumber: null, caseNumber: null };
    expect(searchQuery('  ')).toEqual({ match: null, digits: null, ...number, email: null });
  });
});

test.each([
  ['김민수 0059', { name: '김민수', digits: '0059', number: '0059' }],
  ['010 0000-0059  김 민수', { name: '김 민수', digits: '01000000059', number: null }],
  ['김민수 c-59', { name: '김민수', digits: null, number: 'C-59' }],
  ['GS25 본점', { name: '본점', digits: null, number: 'GS25' }],
  ['김민수', null],
  ['0059', null],
  ['- 0059', null],
])('beside each other: %s', (text, wanted) => {
  expect(splitSearch(text)).toEqual(wanted);
});

test('a name in no index is found the same way', () => {
  expect(nameMatches('홍길동', 'ㄱㄷ')).toBe(true);
  expect(nameMatches('홍길동', '길동')).toBe(true);
  expect(nameMatches('홍길동', '동길')).toBe(false);
  expect(nameMatches('홍길동', '')).toBe(false);
});

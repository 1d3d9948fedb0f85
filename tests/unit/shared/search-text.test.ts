import { describe, expect, test } from 'vitest';
import { nameMatches, searchQuery, searchText } from '../../../src/shared/search-text.ts';

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
    expect(searchQuery('5678')).toEqual({ match: null, digits: '5678', customerNumber: '5678' });
  });
  test('three are too few to look through numbers', () => {
    expect(searchQuery('567').digits).toBeNull();
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
  test('nothing asks for nothing', () => {
    expect(searchQuery('  ')).toEqual({ match: null, digits: null, customerNumber: null });
  });
});

test('a name in no index is found the same way', () => {
  expect(nameMatches('홍길동', 'ㄱㄷ')).toBe(true);
  expect(nameMatches('홍길동', '길동')).toBe(true);
  expect(nameMatches('홍길동', '동길')).toBe(false);
  expect(nameMatches('홍길동', '')).toBe(false);
});

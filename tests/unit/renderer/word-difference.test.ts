import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wordDifference } from '../../../src/renderer/lib/word-difference.ts';

const side = (before: string, after: string, other: 'added' | 'removed') =>
  wordDifference(before, after)
    .filter(({ kind }) => kind !== other)
    .map(({ text }) => text)
    .join('');

describe('the difference of two versions in words', () => {
  test('names the words that went and came', () => {
    expect(wordDifference('환불은 3일 안에 됩니다.', '환불은 영업일 5일 안에 됩니다.')).toEqual([
      { kind: 'same', text: '환불은 ' },
      { kind: 'removed', text: '3일' },
      { kind: 'added', text: '영업일 5일' },
      { kind: 'same', text: ' 안에 됩니다.' },
    ]);
    expect(wordDifference('같은 글', '같은 글')).toEqual([{ kind: 'same', text: '같은 글' }]);
  });

  test('gives back both texts, whatever they are', () => {
    const text = fc.string({ unit: fc.constantFrom('해', '지', ' ', '\n', 'a', '.', '|', '😀'), maxLength: 60 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(side(before, after, 'added')).toBe(before);
        expect(side(before, after, 'removed')).toBe(after);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test('two long texts that have nothing in common are one taken out and one put in', () => {
    const [before, after] = ['가 '.repeat(9000), '나 '.repeat(9000)];
    expect(side(before, after, 'added')).toBe(before);
    expect(side(before, after, 'removed')).toBe(after);
  });
});

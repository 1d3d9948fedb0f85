import { getChoseong } from 'es-hangul';

/**
 * What is written into cache.customer_search for a name, and what is asked of it. One file for both, because a search finds
 * only what was cut the same way. FTS5's own trigram tokenizer finds no two-syllable Korean word (환불, 길동), hence two-grams.
 */

/** ㄱ..ㅎ as single letters (compatibility jamo), which is what a Korean keyboard types for initials. */
const INITIALS_ONLY = /^[ㄱ-ㅎ\s]+$/u;

function words(text: string): string[] {
  return text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter((word) => word !== '');
}

/** 홍길동 -> 홍길 길동 동. The last letter stands alone so that a search by one letter finds it by prefix. */
function twoGrams(word: string): string[] {
  const letters = [...word];
  return letters.map((letter, i) => letter + (letters[i + 1] ?? ''));
}

/**
 * The two columns of cache.customer_search for a name.
 * @returns `grams`: two-letter tokens of every word; `initials`: the same of the 초성 of every Hangul word (may be '').
 */
export function searchText(name: string): { grams: string; initials: string } {
  const all = words(name.slice(0, 200));
  const initials = all.map((word) => getChoseong(word).replace(/\s/g, '')).filter((word) => word !== '');
  return { grams: all.flatMap(twoGrams).join(' '), initials: initials.flatMap(twoGrams).join(' ') };
}

/** What somebody who types `text` into the search field may mean. A null member means: not that. */
export interface SearchQuery {
  /** FTS5 MATCH expression over customer_search. */
  match: string | null;
  /** At least four digits: the end of a phone number, or a customer number. */
  digits: string | null;
  /** Upper case, trimmed: a customer number as printed, when the text has a digit in it. */
  customerNumber: string | null;
}

/** One word as an FTS5 phrase: all its two-grams in a row, or a prefix when it is one letter. Quotes cannot occur in `word`. */
function phrase(column: 'grams' | 'initials', word: string): string {
  const letters = [...word];
  if (letters.length === 1) return `${column} : "${word}" *`;
  return `${column} : "${twoGrams(word).slice(0, -1).join(' ')}"`;
}

/** Reads a search text: every word must be found; words of initials are looked for in the initials. */
export function searchQuery(text: string): SearchQuery {
  const cut = text.slice(0, 100);
  const digits = cut.normalize('NFKC').replace(/[^0-9]/g, '');
  const onlyNumber = /^[+\d\s().-]+$/.test(cut.normalize('NFKC').trim());
  const all = words(cut).filter((word) => !(onlyNumber && /^\d+$/.test(word)));
  const terms = all.map((word) => phrase(INITIALS_ONLY.test(word) ? 'initials' : 'grams', word));
  return {
    match: terms.length === 0 ? null : terms.join(' AND '),
    digits: onlyNumber && digits.length >= 4 ? digits : null,
    customerNumber: /\d/.test(cut) ? cut.normalize('NFKC').trim().toUpperCase() : null,
  };
}

/** Whether a name that is in no index (a customer created here and not confirmed yet) is found by `text`. */
export function nameMatches(name: string, text: string): boolean {
  const query = words(text);
  const all = words(name.slice(0, 200));
  const initials = all.map((word) => getChoseong(word).replace(/\s/g, ''));
  return (
    query.length > 0 &&
    query.every((word) => (INITIALS_ONLY.test(word) ? initials : all).some((candidate) => candidate.includes(word)))
  );
}

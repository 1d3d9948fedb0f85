import { getChoseong } from 'es-hangul';

/**
 * What is written into cache.customer_search for a name, and what is asked of it. One file for both, because a search finds
 * only what was cut the same way. FTS5's own trigram tokenizer finds no two-syllable Korean word (환불, 길동), hence two-grams.
 */

/** ㄱ..ㅎ as single letters (compatibility jamo), which is what a Korean keyboard types for initials. */
export const INITIALS_ONLY = /^[ㄱ-ㅎ\s]+$/u;

export function words(text: string): string[] {
  return text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter((word) => word !== '');
}

/** 홍길동 -> 홍길 길동 동. The last letter stands alone so that a search by one letter finds it by prefix. */
export function twoGrams(word: string): string[] {
  const letters = [...word];
  return letters.map((letter, i) => letter + (letters[i + 1] ?? ''));
}

/** 홍길동 -> ㅎㄱㄷ; '' for a word without Hangul. */
export function initialsOf(word: string): string {
  return getChoseong(word).replace(/\s/g, '');
}

/**
 * The two columns of cache.customer_search for a name.
 * @returns `grams`: two-letter tokens of every word; `initials`: the same of the 초성 of every Hangul word (may be '').
 */
export function searchText(name: string): { grams: string; initials: string } {
  const all = words(name.slice(0, 200));
  const initials = all.map(initialsOf).filter((word) => word !== '');
  return { grams: all.flatMap(twoGrams).join(' '), initials: initials.flatMap(twoGrams).join(' ') };
}

/**
 * The columns of cache.knowledge_search for an article: `head` (title, code, topics) counts most, `rest` is its text. Initials of the
 * head alone: in a long text nearly any two of them stand somewhere.
 */
export function knowledgeText(article: {
  title: string;
  code: string;
  topics: readonly string[];
  shortAnswer: string;
  body: string;
}): { head: string; initials: string; rest: string } {
  const head = words([article.title, article.code, ...article.topics].join(' '));
  const initials = head.map(initialsOf).filter((word) => word !== '');
  const grams = (list: readonly string[]) => list.flatMap(twoGrams).join(' ');
  return { head: grams(head), initials: grams(initials), rest: grams(words(`${article.shortAnswer} ${article.body}`)) };
}

/** FTS5 MATCH expression over knowledge_search: every word must be found. null: there is no word in it. */
export function knowledgeMatch(text: string): string | null {
  const terms = words(text.slice(0, 100)).map((word) =>
    phrase(INITIALS_ONLY.test(word) ? 'initials' : '{head rest}', word),
  );
  return terms.length === 0 ? null : terms.join(' AND ');
}

/** What somebody who types `text` into the search field may mean. A null member means: not that. */
export interface SearchQuery {
  /** FTS5 MATCH expression over customer_search. */
  match: string | null;
  /** At least four digits: the end of a phone number, or a customer number. */
  digits: string | null;
  /** Upper case, trimmed: a customer number as printed, when the text has a digit in it. */
  customerNumber: string | null;
  /** The number of a case, upper case; with a # before it any, else from four characters on. */
  caseNumber: string | null;
  /** FTS5 MATCH expression over email_search (three-letter tokens): an address or any part of one, at least three characters. */
  email: string | null;
}

/** What stands in an e-mail address; at least a letter or an @, or every number would be looked for in addresses. */
const PART_OF_EMAIL = /^(?=.*[a-z@])[a-z0-9._%+@-]{3,}$/i;

/** One word as an FTS5 phrase: all its two-grams in a row, or a prefix when it is one letter. Quotes cannot occur in `word`. */
function phrase(column: 'grams' | 'initials' | '{head rest}', word: string): string {
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
    caseNumber: caseNumberIn(cut.normalize('NFKC').trim()),
    email: PART_OF_EMAIL.test(cut.trim()) ? `"${cut.trim()}"` : null,
  };
}

function caseNumberIn(text: string): string | null {
  const found = /^(#?)\s*((?=.*\d)[A-Z0-9-]{1,40})$/i.exec(text);
  const number = found?.[2]?.toUpperCase() ?? '';
  return number.length >= (found?.[1] ? 1 : 4) ? number : null;
}

/** What stands beside a name to narrow it down; a token with a digit and no letter but Latin ones. */
const NUMBER_TOKEN = /^(?=.*\d)[+A-Z\d().-]+$/i;

/**
 * A name with the end of a phone number or a customer number beside it (김민수 0059, 010-0000-0059 김, 김민수 C-59).
 * null: not that. `digits`: at least four. `number`: upper case, of a single token.
 */
export function splitSearch(text: string): { name: string; digits: string | null; number: string | null } | null {
  const tokens = text.slice(0, 100).trim().split(/\s+/);
  // Full-width digits are digits; letters of initials stay as they are typed.
  const asNumber = (token: string) => token.normalize('NFKC');
  const isNumber = (token: string) => NUMBER_TOKEN.test(asNumber(token));
  const numbers = tokens.filter(isNumber).map(asNumber);
  const name = tokens.filter((token) => !isNumber(token)).join(' ');
  if (numbers.length === 0 || words(name).length === 0) return null;
  const digits = numbers.join('').replaceAll(/\D/g, '');
  const isPhone = digits.length >= 4 && numbers.every((token) => !/[a-z]/i.test(token));
  const number = numbers.length === 1 ? (numbers[0]?.toUpperCase() ?? null) : null;
  return { name, digits: isPhone ? digits : null, number };
}

/** Whether a name that is in no index (a customer created here and not confirmed yet) is found by `text`. */
export function nameMatches(name: string, text: string): boolean {
  const query = words(text);
  const all = words(name.slice(0, 200));
  const initials = all.map(initialsOf);
  return (
    query.length > 0 &&
    query.every((word) => (INITIALS_ONLY.test(word) ? initials : all).some((candidate) => candidate.includes(word)))
  );
}

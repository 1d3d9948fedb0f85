import { formatPhone } from './phone-number.ts';

/**
 * The one masking function of each kind (Personal Information Protection Act, art. 29, and the usual practice of call centres):
 * 홍길동 -> 홍*동, 김철 -> 김*, Jane Doe -> J*** D**.
 */
export function maskName(name: string): string {
  const trimmed = name.normalize('NFC').trim();
  const hangul = [...trimmed].filter((c) => c !== ' ');
  if (/^[\p{Script=Hangul} ]+$/u.test(trimmed) && hangul.length <= 5) return maskMiddle(trimmed, hangul.length);
  return trimmed
    .split(/\s+/)
    .map((word) => {
      const parts = [...word];
      return parts.length <= 1 ? '*' : `${parts[0]}${'*'.repeat(Math.min(parts.length - 1, 6))}`;
    })
    .join(' ');
}

/** Of a Hangul name the first and the last syllable stay; of two only the first, of one none. Spaces stay where they are. */
function maskMiddle(name: string, syllables: number): string {
  let index = 0;
  return [...name]
    .map((c) => {
      if (c === ' ') return c;
      index += 1;
      const shown = syllables > 1 && (index === 1 || (syllables > 2 && index === syllables));
      return shown ? c : '*';
    })
    .join('');
}

/**
 * 010-2345-6789 -> 010-****-6789: the last four digits stay, so that an agent can confirm them, and what says only where the
 * number is: the first group (of an international number its country code). Extensions are nobody's and stay whole.
 */
export function maskPhone(value: string, country = 'KR'): string {
  const shown = formatPhone(value, country);
  const groups = shown.split(/\D+/).filter((group) => group !== '');
  const total = groups.join('').length;
  if (total < 7) return shown;
  const first = groups.length > 2 || (groups.length === 2 && shown.startsWith('+')) ? (groups[0]?.length ?? 0) : 0;
  const keepFirst = groups.length === 1 && total >= 10 ? 3 : first;
  let index = 0;
  return [...shown]
    .map((c) => {
      if (!/\d/.test(c)) return c;
      index += 1;
      return index > keepFirst && index <= total - 4 ? '*' : c;
    })
    .join('');
}

/** What stands for a value that is hidden whole. */
export const MASKED = '***';

/** The day stays, which a desk congratulates on; the year becomes 2000 (a leap year), whatever it was. */
export function maskBirthday(day: string): string {
  return `2000${day.slice(4)}`;
}

const IN_TEXT =
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\d)\d{6}-?[1-8]\d{6}(?!\d)|(?<!\d)(?:\d{4}[ -]?){3}\d{4}(?!\d)|(?<![\d-])(?:\+\d{1,3}[ .-]?|0)\d[\d .-]{5,13}\d/g;
const RESIDENT = /^\d{6}-?\d{7}$/;
const CARD = /^\d{4}([ -]?)\d{4}[ -]?\d{4}[ -]?\d{4}$/;

/** Free text in which somebody wrote a phone, resident or card number or an e-mail address: those are masked, the rest stays. */
export function maskText(text: string, country = 'KR'): string {
  return text.replaceAll(IN_TEXT, (found) => {
    if (found.includes('@')) return maskEmail(found);
    if (RESIDENT.test(found)) return `${found.slice(0, 6)}-*******`;
    const [card, gap = ''] = CARD.exec(found) ?? [];
    return card ? [card.slice(0, 4), '****', '****', card.slice(-4)].join(gap) : maskPhone(found, country);
  });
}

/** A hyphen before a number in the name of a file parts it from the word before, and is not of the number. */
const AFTER_WORD = /(?<=[^\d-]-)(?=[+0]\d)/;
const BETWEEN_WORDS = '[\\s._-]*';
const PATTERN_SIGNS = /[.*+?^${}()|[\]\\]/g;

/** The name of a file: what people write into one, and whose it is. `people`: names as they are. A name of one sign is none. */
export function maskFileName(name: string, people: readonly string[], country = 'KR'): string {
  const text = name
    .normalize('NFC')
    .split(AFTER_WORD)
    .map((part) => maskText(part, country))
    .join('');
  return people.reduce((shown, person) => {
    const whole = person.normalize('NFC').trim();
    const isHangul = /^[\p{Script=Hangul} ]+$/u.test(whole);
    const parts = isHangul ? [...whole.replaceAll(' ', '')] : whole.split(/\s+/);
    if (parts.join('').length < 2) return shown;
    const pattern = parts.map((part) => part.replace(PATTERN_SIGNS, '\\$&')).join(isHangul ? ' ?' : BETWEEN_WORDS);
    return shown.replace(new RegExp(pattern, 'giu'), () => maskName(isHangul ? parts.join('') : whole));
  }, text);
}

/** hong@example.com -> ho**@example.com */
export function maskEmail(value: string): string {
  const at = value.lastIndexOf('@');
  if (at < 1) return '*'.repeat(Math.min(value.length, 8));
  const keep = at > 3 ? 2 : at > 1 ? 1 : 0;
  return `${value.slice(0, keep)}${'*'.repeat(Math.min(at - keep, 6))}${value.slice(at)}`;
}

/** The first two words of an address without their digits (abroad the house number comes first), the rest hidden. */
export function maskAddress(value: string): string {
  const words = value.trim().split(/\s+/);
  const kept = words.slice(0, words.length <= 2 ? 1 : 2).join(' ');
  return `${kept.replace(/\d/g, '*')} ***`;
}

import { formatPhone } from './phone-number.ts';

/**
 * The one masking function of each kind (Personal Information Protection Act, art. 29, and the usual practice of call centres):
 * 홍길동 -> 홍*동, 김철 -> 김*, Jane Doe -> J*** D**.
 */
export function maskName(name: string): string {
  const trimmed = name.trim();
  const letters = [...trimmed];
  if (/^\p{Script=Hangul}+$/u.test(trimmed) && letters.length <= 5) {
    if (letters.length <= 1) return '*';
    if (letters.length === 2) return `${letters[0]}*`;
    return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`;
  }
  return trimmed
    .split(/\s+/)
    .map((word) => {
      const parts = [...word];
      return parts.length <= 1 ? '*' : `${parts[0]}${'*'.repeat(Math.min(parts.length - 1, 6))}`;
    })
    .join(' ');
}

/** 010-2345-6789 -> 010-****-6789: the last four digits stay, so that an agent can confirm them. */
export function maskPhone(value: string, country = 'KR'): string {
  const shown = formatPhone(value, country);
  const total = [...shown].filter((c) => /\d/.test(c)).length;
  if (total < 7) return shown;
  const hideFrom = Math.max(3, total - 8);
  const hideTo = total - 4;
  let index = 0;
  return [...shown]
    .map((c) => {
      if (!/\d/.test(c)) return c;
      index += 1;
      return index > hideFrom && index <= hideTo ? '*' : c;
    })
    .join('');
}

/** hong@example.com -> ho**@example.com */
export function maskEmail(value: string): string {
  const at = value.lastIndexOf('@');
  if (at < 1) return '*'.repeat(Math.min(value.length, 8));
  const keep = at > 3 ? 2 : 1;
  return `${value.slice(0, keep)}${'*'.repeat(Math.min(at - keep, 6))}${value.slice(at)}`;
}

/** The first two words of an address, the rest hidden. */
export function maskAddress(value: string): string {
  const words = value.split(/\s+/);
  return words.length <= 2 ? `${words[0] ?? ''} ***` : `${words.slice(0, 2).join(' ')} ***`;
}

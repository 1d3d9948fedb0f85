import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A number as the desk handles it. `digits` is what was dialable in the raw text; `last8` is what a lookup uses. */
export interface PhoneNumber {
  e164: string | null;
  last8: string | null;
  digits: string;
  kind: 'international' | 'extension' | 'service' | 'unknown';
}

const EMERGENCY: Record<string, readonly string[]> = {
  // 109 took over suicide prevention (1393 before) in 2024.
  KR: ['112', '119', '109', '110', '111', '113', '117', '118', '122', '125', '1366', '1388', '1393'],
  US: ['911', '988'],
};

/** What people and machines write around a number: a scheme, an escaped plus, a code that hides the caller, an extension. */
function dialablePart(raw: string): string {
  const address = raw
    .slice(0, 64)
    .normalize('NFKC')
    .trim()
    .replace(/^(tel|sips?|callto):/i, '')
    .split(/[;@?]/)[0];
  return (address ?? '')
    .replace(/%2b/gi, '+')
    .replace(/^[*#]\d{1,3}[#*]/, '')
    .split(/(?<=\d\D*)(?:[,x~#]|ext|내선|교환)/i, 1)
    .join('');
}

/** International writing without a plus: 00 in most countries, and what a country's own carriers add to it (Korea: 00700 …). */
function parse(digits: string, plus: boolean, country: CountryCode) {
  const read = (text: string) => parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  if (plus) return read(`+${digits}`);
  const international = /^00(?=[1-9])/.test(digits) ? read(digits.replace(/^00/, '+')) : undefined;
  return international?.isPossible() ? international : read(digits);
}

/**
 * Reads a number in any usual writing: 010-2345-6789, +82 10 2345 6789, 0082…, 02)345-6789, tel:+82…;phone-context=….
 * Short numbers stay what they are: an extension (2 to 6 digits) never becomes E.164, nor does a Korean number without its
 * area code, which could be anywhere.
 * @param country ISO 3166-1 alpha-2, for numbers without a country code.
 */
export function readPhoneNumber(raw: string, country = 'KR'): PhoneNumber {
  const cut = dialablePart(raw);
  const plus = /^[\s(]*\+/.test(cut);
  const digits = cut.replace(/[^0-9]/g, '');
  if (digits === '') return { e164: null, last8: null, digits: '', kind: 'unknown' };
  if (!plus && digits.length <= 6) {
    return { e164: null, last8: null, digits, kind: digits.length <= 2 ? 'unknown' : 'extension' };
  }
  const last8 = digits.length >= 8 ? digits.slice(-8) : null;
  if (country === 'KR' && !plus && /^[1-9]\d{6,7}$/.test(digits)) {
    // 1588-1234 and the like have no area code: eight digits that begin with 15, 16 or 18 (Korea's nationwide numbers).
    const service = /^1[568]\d{6}$/.test(digits);
    return { e164: service ? `+82${digits}` : null, last8, digits, kind: service ? 'service' : 'unknown' };
  }
  const parsed = parse(digits, plus, country as CountryCode);
  const e164 = parsed?.isPossible() ? parsed.number : null;
  return { e164, last8, digits, kind: e164 ? 'international' : 'unknown' };
}

/** True for numbers that every gate lets through: police, fire, rescue, crisis lines. */
export function isEmergencyNumber(raw: string, country = 'KR'): boolean {
  const digits = raw.replace(/[^0-9]/g, '');
  return (EMERGENCY[country] ?? ['112', '911', '999']).includes(digits) || digits === '112' || digits === '911';
}

const KOREAN_MOBILE = /^\+8210\d{8}$/;

/** For people: national writing for the own country, international for others; the raw text where it is no number. */
export function formatPhone(value: string, country = 'KR'): string {
  // The common case of a Korean desk, twenty times in one pop: the library takes 20 us for what is always this.
  if (country === 'KR' && KOREAN_MOBILE.test(value))
    return `0${value.slice(3, 5)}-${value.slice(5, 9)}-${value.slice(9)}`;
  const parsed = value.startsWith('+') ? parsePhoneNumberFromString(value) : undefined;
  if (!parsed) return value;
  return parsed.country === country ? parsed.formatNational() : parsed.formatInternational();
}

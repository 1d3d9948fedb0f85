import { Grammar } from 'sip.js';
import { readAddress, type SipHeader, type SipText, splitAddresses } from './sip-text.ts';

/** Longest address header that is given to the grammar: it needs about 2 µs a character. */
const LONGEST_ADDRESS = 1_024;

/**
 * Rewrites the address headers that SIP.js's grammar would refuse (a tel: From, a `#` in the user part, an unquoted
 * Hangul name) into plain ones with the same tag. The caller's identity is read from the original text, not from these.
 */
export function safeHeaders(text: SipText): SipHeader[] {
  return text.headers.map((header) => {
    switch (header.name) {
      case 'from':
      case 'to':
        return { name: header.name, value: safeAddress(header.value) };
      case 'contact':
      case 'record-route':
        return { name: header.name, value: safeRoutes(header.value) };
      case 'refer-to':
        return { name: header.name, value: safeRoutes(header.value) };
      default:
        return header;
    }
  });
}

function safeAddress(value: string): string {
  const address = readAddress(value);
  // RFC 3261 section 19.3: dialogs are known by tags; of a From's parameters only the tag matters to the far side.
  const tag = /;\s*tag\s*=\s*([\w.!%*+`'~-]+)/i.exec(address.parameters)?.[1];
  return `<${safeUri(address.uri)}>${tag === undefined ? '' : `;tag=${tag}`}`;
}

function safeRoutes(value: string): string {
  if (value.trim() === '*') return value;
  return splitAddresses(value)
    .slice(0, 32)
    .map((part) => {
      const address = readAddress(part);
      const plain = `<${escapedUri(address.uri)}>`;
      const whole = plain + address.parameters;
      return whole.length <= LONGEST_ADDRESS && Grammar.nameAddrHeaderParse(whole) ? whole : plain;
    })
    .join(', ');
}

/** A URI that SIP.js reads. Where nothing can be saved it is a placeholder that reaches nobody (RFC 2606 .invalid). */
function safeUri(uri: string): string {
  if (uri.length <= LONGEST_ADDRESS) {
    if (Grammar.URIParse(uri)) return uri;
    const escaped = escapedUri(uri);
    if (Grammar.URIParse(escaped)) return escaped;
  }
  const digits = uri.replace(/[^0-9+]/g, '').slice(0, 32);
  return /^tel:/i.test(uri) && digits !== '' ? `sip:${digits}@tel.invalid;user=phone` : 'sip:unknown@unknown.invalid';
}

/** RFC 3261 section 25.1: what may not stand in a user part is percent-escaped there. */
function escapedUri(uri: string): string {
  const match = /^(sips?:)(.*)@([^@]*)$/is.exec(uri);
  if (!match) return uri;
  const [, scheme = '', user = '', host = ''] = match;
  const safe = user.toWellFormed().replace(/[^\w.!~*'()&=+$,;?/:%-]|%(?![0-9a-f]{2})/giu, escapeChar);
  return `${scheme}${safe}@${host}`;
}

function escapeChar(char: string): string {
  return encodeURIComponent(char);
}

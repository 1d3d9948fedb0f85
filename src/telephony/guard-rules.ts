import { headerValue, headerValues, type SipText } from './sip-text.ts';

/** What is to be said to a request that SIP.js must not see. `extra` are whole header lines. */
export interface Refusal {
  status: number;
  reason: string;
  extra?: readonly string[];
}

const SINGLE = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-length', 'content-type'];
const MANDATORY = ['via', 'from', 'to', 'call-id', 'cseq'];
const MAX_HEADERS = 256;
const MAX_CORE_VALUE = 2_048;
/** Contact and Record-Route together: the grammar reads each of them, at about 1 ms a kilobyte. */
const MAX_ROUTES = 6_144;

/** RFC 3261 section 7: method, Request-URI, version, each separated by one space. */
export function readRequestLine(line: string): { method: string; uri: string; version: string } | null {
  const match = /^([\w.!%*+`'~-]+) +(.*?) +(SIP\/[\w.]+)$/i.exec(line);
  return match ? { method: match[1] ?? '', uri: match[2] ?? '', version: match[3] ?? '' } : null;
}

/** RFC 3261 section 7.2. */
export function readStatusLine(line: string): { status: number; reason: string } | null {
  const match = /^SIP\/2\.0 +(\d{3})(?: +(.*))?$/i.exec(line);
  return match ? { status: Number(match[1]), reason: match[2] ?? '' } : null;
}

/** RFC 3261 section 20.16; null where it is no number of 31 bits or has no method. */
export function readCSeq(value: string): { number: number; method: string } | null {
  const match = /^(\d{1,10})\s+(\S+)$/.exec(value);
  if (!match) return null;
  const number = Number(match[1]);
  return number < 2 ** 31 ? { number, method: match[2] ?? '' } : null;
}

/** The first thing that is wrong with a request as RFC 3261 section 8.2 looks at it; null: nothing is. */
export function refusalOf(text: SipText, method: string, uri: string, version: string): Refusal | null {
  return (
    brokenFrame(text) ??
    badStartLine(uri, version) ??
    brokenNumbers(text, method) ??
    (method === 'CANCEL' || method === 'ACK' ? null : unsupported(text)) ??
    (method === 'INVITE' ? badInvite(text) : null)
  );
}

function brokenFrame(text: SipText): Refusal | null {
  if (text.cut) return bad('Message Cut Short');
  if (text.headers.length > MAX_HEADERS) return bad('Too Many Header Fields');
  for (const name of MANDATORY) {
    const value = headerValue(text, name);
    if (value === null || value === '') return bad(`Missing ${name}`);
    if (name !== 'from' && name !== 'to' && value.length > MAX_CORE_VALUE) return bad(`${name} Too Long`);
  }
  const routes = [...headerValues(text, 'contact'), ...headerValues(text, 'record-route')];
  if (routes.reduce((sum, route) => sum + route.length, 0) > MAX_ROUTES) return bad('Too Many Routes');
  for (const name of SINGLE) {
    // RFC 4475 section 3.3.8: several values of a single-value header field.
    if (headerValues(text, name).length > 1) return bad(`More Than One ${name}`);
  }
  for (const name of ['from', 'to']) {
    const tag = /;\s*tag\s*=\s*([^;,\s>]*)/i.exec(
      (headerValue(text, name) ?? '').replace(/"(?:[^"\\]|\\.)*"|<[^>]*>/g, ''),
    );
    if (tag && !/^[\w.!%*+`'~-]+$/.test(tag[1] ?? '')) return bad(`Bad Tag In ${name}`);
  }
  return null;
}

function badStartLine(uri: string, version: string): Refusal | null {
  if (version.toUpperCase() !== 'SIP/2.0') return { status: 505, reason: 'Version Not Supported' };
  // RFC 4475 section 3.1.2.10 to 3.1.2.13: angle brackets, spaces and fragments in the Request-URI.
  if (/[<>\s]/.test(uri) || uri.length > MAX_CORE_VALUE) return bad('Bad Request-URI');
  // RFC 3261 section 8.2.2.1.
  if (!/^sips?:/i.test(uri)) return { status: 416, reason: 'Unsupported URI Scheme' };
  // RFC 5118 section 4.2: an IPv6 address without brackets, where nobody can tell host from port.
  const host = uri.slice(uri.lastIndexOf('@') + 1).replace(/^sips?:/i, '');
  if (/^[^[\];?:]*:[^[\];?:]*:/.test(host)) return bad('Bad Request-URI');
  return null;
}

function brokenNumbers(text: SipText, method: string): Refusal | null {
  const cseq = readCSeq(headerValue(text, 'cseq') ?? '');
  if (!cseq) return bad('Bad CSeq');
  // RFC 3261 section 8.1.1.5: the methods must match.
  if (cseq.method !== method) return bad('CSeq Method Differs');
  const length = headerValue(text, 'content-length');
  if (length !== null && !/^\d{1,9}$/.test(length)) return bad('Bad Content-Length');
  if (length !== null && Number(length) > utf8Length(text.body)) return bad('Body Shorter Than Content-Length');
  const hops = headerValue(text, 'max-forwards');
  if (hops !== null && !(/^\d{1,9}$/.test(hops) && Number(hops) <= 255)) return bad('Bad Max-Forwards');
  return null;
}

/** RFC 3261 section 8.2.2.3: what a request requires and we do not have. */
function unsupported(text: SipText): Refusal | null {
  const required = headerValues(text, 'require')
    .flatMap((value) => value.split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  const unknown = required.filter((tag) => tag.toLowerCase() !== 'outbound' && /^[\w.!%*+`'~-]{1,64}$/.test(tag));
  if (unknown.length === 0) return null;
  return { status: 420, reason: 'Bad Extension', extra: [`Unsupported: ${unknown.slice(0, 20).join(', ')}`] };
}

function badInvite(text: SipText): Refusal | null {
  const contact = headerValue(text, 'contact');
  if (contact === null || contact === '') return bad('Missing Contact');
  const accept = headerValues(text, 'accept').join(',').toLowerCase();
  if (accept !== '' && !/application\/(\*|sdp)|\*\/\*/.test(accept)) {
    return { status: 406, reason: 'Not Acceptable' };
  }
  if (bodyOf(text) === '') return null;
  const type = (headerValue(text, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  const encoding = (headerValue(text, 'content-encoding') ?? 'identity').toLowerCase();
  if (type !== 'application/sdp' || encoding !== 'identity') {
    return {
      status: 415,
      reason: 'Unsupported Media Type',
      extra: ['Accept: application/sdp', 'Accept-Encoding: identity'],
    };
  }
  // An offer without audio can only be refused; said now, not after the agent pressed answer.
  return /^m=audio /m.test(text.body) ? null : { status: 488, reason: 'Not Acceptable Here' };
}

function bad(reason: string): Refusal {
  return { status: 400, reason };
}

/** The body, cut to its Content-Length, which counts bytes (RFC 3261 section 18.3: bytes beyond it are discarded). */
export function bodyOf(text: SipText): string {
  const length = headerValue(text, 'content-length');
  if (length === null || !/^\d{1,9}$/.test(length)) return text.body;
  const wanted = Number(length);
  if (wanted >= utf8Length(text.body)) return text.body;
  return new TextDecoder().decode(new TextEncoder().encode(text.body).slice(0, wanted));
}

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

import type { CallerIdentity } from '../shared/call.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import {
  headerValue,
  headerValues,
  type LenientAddress,
  parameter,
  readAddress,
  readSipText,
  type SipText,
  splitAddresses,
} from './sip-text.ts';

/** What the first paint needs of an INVITE. */
export interface InviteFacts {
  caller: CallerIdentity;
  /** X-Queue, at most 100 characters. */
  queue: string | null;
  /** X-Customer-Ref, at most 100 characters. */
  customerRef: string | null;
  /** X-Dangol-Capsule, an id of at most 100 characters; null where it is none. */
  capsule: string | null;
  /** The trusted server asks the desk to answer by itself. */
  autoAnswer: boolean;
}

export interface CallerOptions {
  /** ISO 3166-1 alpha-2: how numbers without a country code are read. */
  country: string;
  /** True when the INVITE came through our own registrar: only its identity assertions count (RFC 3325 section 6). */
  trusted: boolean;
}

/** A request as it came from the wire; SIP.js keeps that text in `data`. */
export interface ReceivedRequest {
  data: string;
}

/** Caller, queue and customer reference of an INVITE. Never throws; all of it is text from strangers. */
export function readInvite(request: ReceivedRequest, options: CallerOptions): InviteFacts {
  const text = readSipText(request.data);
  if (!text) return { caller: withheld('from'), queue: null, customerRef: null, capsule: null, autoAnswer: false };
  return {
    caller: callerFromText(text, options),
    queue: cleanText(headerValue(text, 'x-queue') ?? '', 100),
    customerRef: cleanText(headerValue(text, 'x-customer-ref') ?? '', 100),
    capsule: options.trusted ? capsuleId(headerValue(text, 'x-dangol-capsule')) : null,
    autoAnswer: options.trusted && asksToAnswer(text),
  };
}

function capsuleId(value: string | null): string | null {
  return /^[\w.:-]{1,100}$/.exec(value?.trim() ?? '')?.[0] ?? null;
}

/** Call-Info: <…>;answer-after=0 and Alert-Info: <…>;info=alert-autoanswer, as PBXs have asked for an intercom for decades. */
function asksToAnswer(text: SipText): boolean {
  const told = (name: string, wanted: RegExp) =>
    headerValues(text, name).some((value) => wanted.test(value.slice(0, 1_024)));
  return (
    told('call-info', /(^|;)\s*answer-after\s*=\s*"?0"?\s*($|[;,])/i) ||
    told('alert-info', /(^|;)\s*info\s*=\s*"?alert-autoanswer"?\s*($|[;,])/i)
  );
}

/**
 * Who calls: P-Asserted-Identity of the trusted server (RFC 3325), then Remote-Party-ID, then From.
 * Reads the original text, not SIP.js's parse of it: a tel: URI or an unquoted Hangul name survives.
 */
export function callerFromInvite(request: ReceivedRequest, options: CallerOptions): CallerIdentity {
  return readInvite(request, options).caller;
}

/** The identity that a trusted server asserts in any request, null where it asserts none. */
export function assertedCaller(request: ReceivedRequest, options: CallerOptions): CallerIdentity | null {
  const text = readSipText(request.data);
  return text && options.trusted ? fromAssertedIdentity(text, options.country) : null;
}

function callerFromText(text: SipText, options: CallerOptions): CallerIdentity {
  const asserted = options.trusted
    ? (fromAssertedIdentity(text, options.country) ?? fromRemotePartyId(text, options.country))
    : null;
  return asserted ?? identity(readAddress(headerValue(text, 'from') ?? ''), 'from', options.country);
}

function fromAssertedIdentity(text: SipText, country: string): CallerIdentity | null {
  // RFC 3325 section 9.1: one or two values, a SIP URI and a tel URI; the one with a real number serves us best.
  const addresses = headerValues(text, 'p-asserted-identity').flatMap(splitAddresses).slice(0, 4).map(readAddress);
  const identities = addresses.map((address) => identity(address, 'p-asserted-identity', country));
  const best = identities.find((one) => one.e164 !== null) ?? identities[0];
  if (!best) return null;
  // RFC 3323: `Privacy: id` asks every element not to show the asserted identity.
  if (/(^|[;,\s])(id|full|user)($|[;,\s])/i.test(headerValue(text, 'privacy') ?? '')) {
    return withheld('p-asserted-identity');
  }
  const name = identities.find((one) => one.displayName !== null)?.displayName ?? null;
  return { ...best, displayName: best.displayName ?? name };
}

function fromRemotePartyId(text: SipText, country: string): CallerIdentity | null {
  const values = headerValues(text, 'remote-party-id').flatMap(splitAddresses).map(readAddress);
  const calling = values.find((one) => (parameter(one.parameters, 'party') ?? 'calling').toLowerCase() === 'calling');
  if (!calling) return null;
  const privacy = (parameter(calling.parameters, 'privacy') ?? 'off').toLowerCase();
  return privacy.startsWith('off') || privacy === 'name'
    ? identity(calling, 'remote-party-id', country)
    : withheld('remote-party-id');
}

type Source = CallerIdentity['source'];

function withheld(source: Source): CallerIdentity {
  return { number: null, e164: null, displayName: null, withheld: true, source };
}

function identity(address: LenientAddress, source: Source, country: string): CallerIdentity {
  const { user, host, context } = readUri(address.uri);
  // RFC 3323 section 4.1.1.3: an anonymous caller is sip:anonymous@anonymous.invalid; PBXs write the user in many ways.
  const hidden = /^(anonymous|unavailable|unknown|restricted|private|withheld|asterisk)?$/i.test(user);
  const number = cleanText(user, 64);
  if (hidden || number === null || /(^|\.)anonymous\.invalid$/i.test(host)) return withheld(source);
  return {
    number,
    e164: readPhoneNumber(context?.startsWith('+') ? `${context}${number}` : number, country).e164,
    displayName: cleanText(address.displayName ?? '', 200),
    withheld: false,
    source,
  };
}

function readUri(uri: string): { user: string; host: string; context: string | null } {
  const text = uri.slice(0, 512);
  const scheme = /^\s*(tel|sips?)\s*:/i.exec(text);
  const rest = scheme ? text.slice(scheme[0].length) : text;
  const isTel = scheme?.[1]?.toLowerCase() === 'tel';
  const at = isTel ? -1 : rest.lastIndexOf('@');
  const local = at < 0 && !isTel ? '' : at < 0 ? rest : rest.slice(0, at);
  const host = (at < 0 ? '' : rest.slice(at + 1)).split(/[;?:>]/)[0] ?? '';
  const [name = ''] = local.split(';');
  // RFC 3261 section 19.1.1: user:password; a password is never shown.
  const [user = ''] = name.split(':');
  return { user: percentDecoded(user), host: host.trim(), context: parameter(local, 'phone-context') };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Controls, line separators and the bidirectional overrides that let a name pose as another one. Letters of
// right-to-left scripts and emoji joiners stay: they are how people write their names.
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/gu;

/** Text that can stand on a screen: no controls, no overrides, well-formed, cut to `length` UTF-16 units; null when empty. */
function cleanText(raw: string, length: number): string | null {
  const clean = raw
    .slice(0, length * 4)
    .toWellFormed()
    .replace(UNSAFE, '')
    .normalize('NFC')
    .trim();
  const cut = clean.slice(0, length);
  const whole = cut.isWellFormed() ? cut : cut.slice(0, -1);
  return whole.trim() === '' ? null : whole.trim();
}

/** The identity of somebody we call ourselves. */
export function dialledIdentity(target: string, country: string): CallerIdentity {
  const { user } = /^(sips?|tel):/i.test(target) ? readUri(target) : { user: target };
  const number = cleanText(user === '' ? target : user, 64);
  return {
    number,
    e164: number === null ? null : readPhoneNumber(number, country).e164,
    displayName: null,
    withheld: false,
    source: 'dialled',
  };
}

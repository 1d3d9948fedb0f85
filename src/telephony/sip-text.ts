/** One SIP message, read leniently: what a stranger sent, in pieces, nothing interpreted yet. */
export interface SipText {
  startLine: string;
  headers: readonly SipHeader[];
  body: string;
  /** True when the text ended before the empty line that closes the headers. */
  cut: boolean;
}

export interface SipHeader {
  /** Lower case, long form (RFC 3261 section 7.3.3). */
  name: string;
  /** Unfolded (RFC 3261 section 7.3.1), trimmed. */
  value: string;
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/**
 * Splits a message into start line, headers and body. Takes CRLF and bare LF, folded lines, compact names.
 * @returns null where not even a start line is there.
 */
export function readSipText(raw: string): SipText | null {
  const text = raw.replace(/^[\r\n]+/, '');
  const split = /\r?\n\r?\n/.exec(text);
  const head = split ? text.slice(0, split.index) : text.replace(/\r?\n$/, '');
  // RFC 3261 section 7.3.1: a line that begins with white space continues the one before.
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const startLine = lines.shift()?.trim() ?? '';
  if (startLine === '') return null;
  return {
    startLine,
    headers: readHeaders(lines),
    body: split ? text.slice(split.index + split[0].length) : '',
    cut: split === null,
  };
}

function readHeaders(lines: readonly string[]): SipHeader[] {
  return lines.map((line) => {
    const colon = line.indexOf(':');
    const name = (colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase();
    return { name: LONG_NAMES[name] ?? name, value: colon < 0 ? '' : line.slice(colon + 1).trim() };
  });
}

/** All values of a header, in order. `name` is the long form in lower case. */
export function headerValues(text: SipText, name: string): string[] {
  return text.headers.filter((header) => header.name === name).map((header) => header.value);
}

/** The first value of a header, null where there is none. */
export function headerValue(text: SipText, name: string): string | null {
  return text.headers.find((header) => header.name === name)?.value ?? null;
}

/** A name-addr or addr-spec, read leniently: any display name, any URI. */
export interface LenientAddress {
  /** Unquoted and unescaped; null where there is none. */
  displayName: string | null;
  /** As received, without the angle brackets. */
  uri: string;
  /** What follows the address, its leading semicolon included. */
  parameters: string;
}

/**
 * Reads one address as From, To, Contact and the identity headers carry it, valid or not:
 * an unquoted Hangul name, a tel: URI, markup, all of it.
 */
export function readAddress(value: string): LenientAddress {
  const text = value.trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*/s.exec(text);
  const rest = quoted ? text.slice(quoted[0].length) : text;
  const open = rest.indexOf('<', quoted ? 0 : lastNameMark(rest));
  if (open < 0) {
    const semicolon = rest.indexOf(';');
    const uri = (semicolon < 0 ? rest : rest.slice(0, semicolon)).trim();
    return { displayName: quoted ? unescapeQuoted(quoted[1]) : null, uri, parameters: rest.slice(uri.length).trim() };
  }
  const close = rest.indexOf('>', open);
  const bare = rest.slice(0, open).trim();
  const name = quoted ? unescapeQuoted(quoted[1]) : bare.replace(/^"|"$/g, '');
  return {
    displayName: name === '' ? null : name,
    uri: rest.slice(open + 1, close < 0 ? undefined : close).trim(),
    parameters: close < 0 ? '' : rest.slice(close + 1).trim(),
  };
}

/** Where to look for the address: an unquoted name may itself hold a `<` (markup), the address is the last one. */
function lastNameMark(text: string): number {
  const match = /<\s*(?:sips?|tel|urn|https?|mailto)\s*:/i.exec(text);
  return match ? match.index : Math.max(0, text.lastIndexOf('<'));
}

function unescapeQuoted(text: string | undefined): string {
  return (text ?? '').replace(/\\(.)/gs, '$1');
}

/** Splits a comma-separated header value; commas inside quotes and angle brackets do not count. */
export function splitAddresses(value: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let depth = 0;
  for (let index = 0; index < value.length; index++) {
    const char = value[index];
    if (char === '\\' && quoted) index++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === '<') depth++;
    else if (!quoted && char === '>') depth = Math.max(0, depth - 1);
    else if (!quoted && depth === 0 && char === ',') {
      parts.push(value.slice(start, index).trim());
      start = index + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter((part) => part !== '');
}

/** The value of one header parameter (`;name=value`), unquoted; null where it is not there. */
export function parameter(parameters: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*("(?:[^"\\\\]|\\\\.)*"|[^;,\\s]+)`, 'i').exec(parameters);
  const value = match?.[1];
  if (value === undefined) return null;
  return value.startsWith('"') ? unescapeQuoted(value.slice(1, -1)) : value;
}

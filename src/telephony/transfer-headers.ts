import type { TransferHeaders } from './phone-types.ts';

const MOST_HEADERS = 8;

/**
 * The headers of a transfer that may leave: names `X-…`, values of visible ASCII without what ends a header or a URI.
 * The rest is left out; nobody's note travels in a header, only a reference to it.
 */
export function cleanHeaders(headers: TransferHeaders = {}): Record<string, string> {
  const clean = Object.entries(headers).filter(([name, value]) => {
    return /^X-[A-Za-z0-9-]{1,60}$/.test(name) && /^[A-Za-z0-9._~:+/@=-]{1,200}$/.test(value);
  });
  return Object.fromEntries(clean.slice(0, MOST_HEADERS));
}

/** Whole header lines. */
export function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

/** The same for the headers part of a URI (RFC 3261 section 19.1.1). */
export function uriHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, encodeURIComponent(value)]));
}

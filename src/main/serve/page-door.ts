import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';

/**
 * Who may speak to this desk: whoever brought a one-time token once, by the cookie they got for it, from a page of this very
 * origin. The cookie's secret is in the data folder, so that a restart of the host leaves open pages as they are.
 */
export interface PageDoor {
  /** The token that opens one more window; in DIR/open-token (0600) for whoever started the desk. */
  openToken: () => string;
  /** Takes the token, once. Returns the Set-Cookie value, or null for a wrong or used token. */
  takeToken: (token: string) => string | null;
  /** Whether the request has our cookie and names this machine in its Host header (a rebound name does not). */
  isOurs: (request: IncomingMessage) => boolean;
  /** The same, and the page that asks is of this origin: for everything that a foreign page could also send. */
  isOurPage: (request: IncomingMessage) => boolean;
  /** Whether the Host header names this machine and port. */
  isOurHost: (request: IncomingMessage) => boolean;
}

const COOKIE_DAYS = 30;
const DAY_MS = 86_400_000;

export function createPageDoor(options: { folder: string; port: number; now: () => number }): PageDoor {
  const { folder, port, now } = options;
  const secret = readOrMake(join(folder, 'page-secret'));
  const tokenFile = join(folder, 'open-token');
  // Cookies know no ports: two desks on one machine must not take each other's.
  const cookieName = `dangol_${port}`;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];

  const sign = (issued: string) => createHmac('sha256', secret).update(`${cookieName} ${issued}`).digest('base64url');
  const isOurHost = (request: IncomingMessage) => hosts.includes(request.headers.host ?? '');
  const isOurs = (request: IncomingMessage) => {
    const [issued, signature] = readCookie(request, cookieName)?.split('.') ?? [];
    if (issued === undefined || signature === undefined || !isOurHost(request)) return false;
    const age = now() - Number(issued.split('-')[0]);
    return age < COOKIE_DAYS * DAY_MS && same(signature, sign(issued));
  };

  return {
    openToken: () => readOrMake(tokenFile),
    takeToken: (token) => {
      if (!same(token, readOrMake(tokenFile))) return null;
      writePrivately(tokenFile, newSecret());
      const issued = `${now()}-${randomBytes(9).toString('base64url').replaceAll('-', '_')}`;
      return `${cookieName}=${issued}.${sign(issued)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_DAYS * 86_400}`;
    },
    isOurHost,
    isOurs,
    isOurPage: (request) => isOurs(request) && request.headers.origin === `http://${request.headers.host}`,
  };
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** For this user alone, and never half written. Lost to a power cut, it costs a click on a new address. */
function writePrivately(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function readOrMake(file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (text.length >= 40) return text;
  const made = newSecret();
  writePrivately(file, made);
  return made;
}

function readCookie(request: IncomingMessage, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name) return value;
  }
  return undefined;
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

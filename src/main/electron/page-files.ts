import { readFile, realpath } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { ANY_WEBSOCKET, contentSecurityPolicy, PAGE_HEADERS } from '../../shared/page-policy.ts';

export const PAGE_SCHEME = 'app';
export const PAGE_ORIGIN = `${PAGE_SCHEME}://dangol`;

/** What the page is made of. A kind of file that is not here is not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
};

/**
 * The file an app:// address means, or null for everything that is not plainly a file of the page: another host, a login or
 * a port in the address, encoded separators, dots that climb, hidden files, unknown kinds.
 * @param folder absolute path of the built page.
 */
export function pageFile(folder: string, address: string): { path: string; contentType: string } | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || url.protocol !== `${PAGE_SCHEME}:` || url.host !== 'dangol' || url.username || url.password) return null;
  const decoded = decode(url.pathname);
  if (decoded === null || decoded.includes('%')) return null;
  const segments = (decoded === '/' ? '/index.html' : decoded).slice(1).split('/');
  // An empty segment, '.', '..' and hidden files all begin with a dot or are empty; a backslash separates on Windows.
  if (segments.some((segment) => segment === '' || segment.startsWith('.') || /[\\:\0]/.test(segment))) return null;
  const path = join(folder, ...segments);
  const contentType = CONTENT_TYPES[extname(path).toLowerCase()];
  return contentType && isInside(folder, path) ? { path, contentType } : null;
}

/** Answers a request for a file of the page, with the page policy on every answer. */
export async function answerPageRequest(folder: string, request: { url: string; method: string }): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  const file = pageFile(folder, request.url);
  if (!file) return refuse(404);
  try {
    // A link inside the folder must not lead out of it.
    if (!isInside(await realpath(folder), await realpath(file.path))) return refuse(404);
    const body = await readFile(file.path);
    return new Response(new Uint8Array(body), { headers: headers(file.contentType) });
  } catch {
    return refuse(404);
  }
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: headers('text/plain') });
}

function headers(contentType: string): Record<string, string> {
  return {
    ...PAGE_HEADERS,
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy({ connect: ANY_WEBSOCKET }),
    'cache-control': 'no-cache',
  };
}

function isInside(folder: string, path: string): boolean {
  return resolve(path).startsWith(resolve(folder) + sep);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

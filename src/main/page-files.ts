import { readFile, realpath } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { ANY_WEBSOCKET, contentSecurityPolicy, PAGE_HEADERS } from '../shared/page-policy.ts';

/** What a page is made of. A kind of file that is not here is not served. */
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
 * A file of the page, or null for everything that is not plainly one: encoded separators, dots that climb, hidden files,
 * unknown kinds, links that lead out of the folder.
 * @param pathname of the request's address, still encoded.
 */
export async function readPageFile(
  folder: string,
  pathname: string,
): Promise<{ body: Buffer; contentType: string } | null> {
  const decoded = decode(pathname);
  if (decoded === null || decoded.includes('%')) return null;
  const segments = (decoded === '/' ? '/index.html' : decoded).slice(1).split('/');
  if (segments.some((segment) => segment === '' || segment.startsWith('.') || /[\\:\0]/.test(segment))) return null;
  const path = join(folder, ...segments);
  const contentType = CONTENT_TYPES[extname(path).toLowerCase()];
  if (contentType === undefined) return null;
  try {
    const real = await realpath(path);
    if (!real.startsWith((await realpath(resolve(folder))) + sep)) return null;
    return { body: await readFile(real), contentType };
  } catch {
    return null;
  }
}

/** The headers of every answer of a shell's page server, whatever it answers. */
export function pageHeaders(): Record<string, string> {
  return {
    ...PAGE_HEADERS,
    'content-security-policy': contentSecurityPolicy({ connect: ANY_WEBSOCKET }),
    'cache-control': 'no-cache',
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

import { pageHeaders, readPageFile } from '../page-files.ts';

export const PAGE_SCHEME = 'app';
export const PAGE_ORIGIN = `${PAGE_SCHEME}://dangol`;

/** Answers a request for a file of the page, with the page policy on every answer. */
export async function answerPageRequest(folder: string, request: { url: string; method: string }): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  const pathname = pathOfPage(request.url);
  const file = pathname === null ? null : await readPageFile(folder, pathname);
  if (!file) return refuse(404);
  const headers = { ...pageHeaders(), 'content-type': file.contentType };
  return new Response(request.method === 'HEAD' ? null : new Uint8Array(file.body), { headers });
}

/** The path of an app:// address of this page, still encoded; null for another host, a login or a port in the address. */
function pathOfPage(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || url.protocol !== `${PAGE_SCHEME}:` || url.host !== 'dangol' || url.username || url.password) return null;
  return url.pathname;
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: { ...pageHeaders(), 'content-type': 'text/plain' } });
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import shellEn from '../../../assets/locales/en/shell.json' with { type: 'json' };
import shellKo from '../../../assets/locales/ko/shell.json' with { type: 'json' };
import { HOST_FAILURE_PATH, type HostFailure } from '../../shared/shell-bridge.ts';
import { pageHeaders, readPageFile } from '../page-files.ts';
import type { PageDoor } from './page-door.ts';

/** Both languages, one a line: nobody is signed in, so nobody has chosen one. */
const inBoth = (word: keyof typeof shellKo.page) => `${shellKo.page[word]}\n${shellEn.page[word]}\n`;

export interface PageServerOptions {
  pageFolder: string;
  /** null for the moment between the port and the folder: the port is taken first. */
  door: () => PageDoor | null;
  /** Why the host behind it could not open; null while there is no such reason. */
  failure?: () => HostFailure | null;
}

/** The desk's page over loopback HTTP: the token's door, then files. The contract comes over /rpc, see rpc-socket.ts. */
export function createPageServer(options: PageServerOptions): Server {
  return createServer((request, response) => {
    const door = options.door();
    if (!door) return refuse(response, 503, inBoth('not_yet'));
    answer({ ...options, failure: options.failure?.() ?? null, door }, request, response).catch(() =>
      refuse(response, 500, 'INTERNAL\n'),
    );
  });
}

async function answer(
  { pageFolder, door, failure }: { pageFolder: string; door: PageDoor; failure: HostFailure | null },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!door.isOurHost(request)) return refuse(response, 421, inBoth('no_entry'));
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, '');
  const address = request.url ?? '/';
  if (!URL.canParse(address, 'http://desk')) return refuse(response, 400, '');
  const url = new URL(address, 'http://desk');
  const token = url.searchParams.get('token');
  if (url.pathname === '/' && token !== null && takeToken(door, token, request, response)) return;
  if (!door.isOurs(request)) return refuse(response, 401, inBoth('no_entry'));
  if (url.pathname === HOST_FAILURE_PATH) return tellFailure(response, failure);
  const file = await readPageFile(pageFolder, url.pathname);
  if (!file) return refuse(response, url.pathname === '/' ? 503 : 404, url.pathname === '/' ? inBoth('no_page') : '');
  response.writeHead(200, { ...pageHeaders(), 'content-type': file.contentType, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

function tellFailure(response: ServerResponse, failure: HostFailure | null): void {
  response.writeHead(failure ? 200 : 204, {
    ...pageHeaders(),
    ...(failure ? { 'content-type': 'application/json' } : {}),
  });
  response.end(failure ? JSON.stringify(failure) : undefined);
}

/** A used token in the address of a window that has its cookie already (a reload, a second click) is no harm. */
function takeToken(door: PageDoor, token: string, request: IncomingMessage, response: ServerResponse): boolean {
  const cookie = door.takeToken(token);
  if (cookie === null && !door.isOurs(request)) return false;
  response.writeHead(303, { ...pageHeaders(), ...(cookie === null ? {} : { 'set-cookie': cookie }), location: '/' });
  response.end();
  return true;
}

function refuse(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.writeHead(status, { ...pageHeaders(), 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

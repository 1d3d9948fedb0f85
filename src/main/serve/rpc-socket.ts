import type { Server } from 'node:http';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Host } from '../host.ts';
import { answerUnknownActs } from '../router.ts';
import type { PageDoor } from './page-door.ts';

/** Larger than any message of the contract (a note of 20,000 letters), smaller than what hurts. */
const MESSAGE_MAX_BYTES = 1_000_000;
/** RFC 6455 section 7.4.1: a message that makes no sense here. */
const UNSUPPORTED_DATA = 1003;

/** The frame of the RPC library: id, kind, payload; kind 1 (or none) is a request and has an address. */
const Frame = z.union([
  z.object({ i: z.string(), t: z.literal(1).optional(), p: z.object({ u: z.string().startsWith('/') }) }),
  z.object({ i: z.string(), t: z.union([z.literal(3), z.literal(4)]) }),
]);

/** A socket that hands on frames and nothing else: what is none closes it. A page of ours never sends such a thing. */
class FrameSocket extends WebSocket {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event !== 'message' || isFrame(args[0], args[1] === true)) return super.emit(event, ...args);
    this.close(UNSUPPORTED_DATA);
    return false;
  }
}

function isFrame(data: unknown, isBinary: boolean): boolean {
  if (isBinary || !Buffer.isBuffer(data)) return false;
  try {
    return Frame.safeParse(JSON.parse(data.toString())).success;
  } catch {
    return false;
  }
}

/** Any page of the web may send any address here: '//' is none, and must not end the host. */
function pathOf(address = '/'): string | null {
  return URL.canParse(address, 'http://desk') ? new URL(address, 'http://desk').pathname : null;
}

/**
 * The contract over WebSocket at /rpc, for pages that have the cookie and are of this origin.
 * @returns the end of all sockets.
 */
export function serveRpc(server: Server, host: Host, door: PageDoor): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_MAX_BYTES,
    perMessageDeflate: false,
    WebSocket: FrameSocket,
  });
  const handler = new RPCHandler(host.router, { rootInterceptors: [answerUnknownActs] });
  server.on('upgrade', (request, socket, head) => {
    // A socket that is reset before ws has it would end the process otherwise.
    socket.on('error', () => socket.destroy());
    if (pathOf(request.url) !== '/rpc' || !door.isOurPage(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (page) => {
      page.on('error', () => page.terminate());
      void handler.upgrade(page);
    });
  });
  return () => {
    for (const page of sockets.clients) page.terminate();
    sockets.close();
  };
}

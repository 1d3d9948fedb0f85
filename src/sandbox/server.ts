import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { DangolError } from '../shared/errors.ts';
import { createPbx, type Pbx, type PbxOptions } from './pbx.ts';
import { createPracticeHttp } from './practice-http.ts';
import { MAX_MESSAGE_BYTES } from './sip/read-message.ts';

export interface PracticeServer {
  port: number;
  sipUrl: string;
  practiceUrl: string;
  pbx: Pbx;
  close: () => Promise<void>;
}

/** Opens the PBX (WebSocket at /ws) and the practice API (/practice) on one loopback port; port 0 takes a free one. */
export async function openPracticeServer(
  options: PbxOptions & { port: number; practiceToken: string },
): Promise<PracticeServer> {
  const pbx = createPbx(options);
  const practice = createPracticeHttp({ pbx, scenarios: options.scenarios, token: options.practiceToken });
  const http = createServer((request, response) => {
    practice(request, response).catch(() => response.destroy());
  });
  // A desk whose message is too large loses its socket and comes back; a page of another kind gets no socket at all.
  const sockets = new WebSocketServer({
    server: http,
    path: '/ws',
    maxPayload: MAX_MESSAGE_BYTES * 2,
    handleProtocols: (protocols) => (protocols.has('sip') ? 'sip' : false),
  });
  sockets.on('connection', (socket: WebSocket) => {
    if (socket.protocol === 'sip') pbx.accept(socket);
    else socket.close(1002, 'subprotocol sip');
  });
  // Bound errors of the HTTP server arrive here too; listen() rejects with them.
  sockets.on('error', () => {});
  const port = await listen(http, options.port);
  return {
    port,
    pbx,
    sipUrl: `ws://127.0.0.1:${port}/ws`,
    practiceUrl: `http://127.0.0.1:${port}/practice`,
    close: async () => {
      pbx.close();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'INTERNAL';
      reject(new DangolError(code, 'call-administrator', { detail: `Port ${port}: ${error.message}`, cause: error }));
    });
    http.listen(port, '127.0.0.1', () => {
      const address = http.address() as AddressInfo;
      resolve(address.port);
    });
  });
}

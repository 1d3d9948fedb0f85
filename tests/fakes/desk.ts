import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { WebSocket } from 'ws';
import { createHost, type Host, type HostDeps } from '../../src/main/host.ts';
import { answerUnknownActs } from '../../src/main/router.ts';
import { createPageServer } from '../../src/main/serve/http.ts';
import { createPageDoor } from '../../src/main/serve/page-door.ts';
import { serveRpc } from '../../src/main/serve/rpc-socket.ts';
import type { DeskContract } from '../../src/shared/contract.ts';
import type { HostStart } from '../../src/shared/key-hand-over.ts';

export type DeskClient = ContractRouterClient<DeskContract>;

/** A desk for tests: a real host on real files, and a client of its contract over a real wire. */
export interface TestDesk {
  api: DeskClient;
  folder: string;
  close: () => Promise<void>;
}

export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-desk-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function hostStart(folder: string, centralUrl: string, more: Partial<HostStart> = {}): HostStart {
  return {
    type: 'start',
    dataFolder: folder,
    dataKey: 'ab'.repeat(32),
    centralUrl,
    practice: true,
    allowKeyFile: false,
    demoLogin: null,
    version: '0.0.0-test',
    ...more,
  };
}

/** The host's contract over a MessagePort, as in Electron. */
export async function openPortDesk(start: HostStart, deps: HostDeps = {}): Promise<TestDesk> {
  const host = await createHost(start, deps);
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(host.router, { rootInterceptors: [answerUnknownActs] }).upgrade(port1);
  const api = createORPCClient<DeskClient>(new PortLink({ port: port2 }));
  port1.start();
  port2.start();
  return {
    api,
    folder: start.dataFolder,
    close: async () => {
      await host.close();
      port1.close();
      port2.close();
    },
  };
}

/** The host's contract over the browser shell's WebSocket: token, cookie, Origin and all. */
export async function openSocketDesk(
  start: HostStart,
  deps: HostDeps = {},
): Promise<TestDesk & { origin: string; cookie: string }> {
  const host = await createHost(start, deps);
  const { origin, server, endSockets } = await serveHost(host, start.dataFolder);
  const cookie = await signInWindow(origin, start.dataFolder);
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin } });
  const api = createORPCClient<DeskClient>(new SocketLink({ websocket: socket }));
  return {
    api,
    folder: start.dataFolder,
    origin,
    cookie,
    close: async () => {
      socket.terminate();
      endSockets();
      server.closeAllConnections();
      server.close();
      await host.close();
    },
  };
}

async function serveHost(
  host: Host,
  folder: string,
): Promise<{ origin: string; server: Server; endSockets: () => void }> {
  let door: ReturnType<typeof createPageDoor> | null = null;
  const server = createPageServer({ pageFolder: folder, door: () => door });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  door = createPageDoor({ folder, port, now: Date.now });
  return { origin: `http://127.0.0.1:${port}`, server, endSockets: serveRpc(server, host, door) };
}

/** What a browser does with the address that the launcher prints: token in, cookie out. */
async function signInWindow(origin: string, folder: string): Promise<string> {
  const port = Number(new URL(origin).port);
  const token = createPageDoor({ folder, port, now: Date.now }).openToken();
  const response = await fetch(`${origin}/?token=${token}`, { redirect: 'manual' });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Waits until a question about the desk has the answer; each try waits for the next turn of the event loop and a little. */
export async function until<T>(
  ask: () => Promise<T | null | false | undefined>,
  what: string,
  ms = 15_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

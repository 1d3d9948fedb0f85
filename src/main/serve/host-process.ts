import type { Server } from 'node:http';
import { DangolError } from '../../shared/errors.ts';
import { createHost, endForRepair, type Log } from '../host.ts';
import { createPageServer } from './http.ts';
import { type FromChild, ToChild } from './messages.ts';
import { createPageDoor, type PageDoor } from './page-door.ts';
import { serveRpc } from './rpc-socket.ts';

// The host of the browser shell: one process, started and watched by start.ts.

const log: Log = (event, data) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...data })}\n`);
};

function tell(message: FromChild, then: () => void = () => {}): void {
  if (process.send) process.send(message, then);
  else then();
}

/** Takes the port before the database is opened: a taken port is told at once. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      const detail = taken ? `port ${port} is taken by another program` : error.message;
      reject(new DangolError(taken ? 'PORT_IN_USE' : 'INTERNAL', taken ? 'call-administrator' : 'retry', { detail }));
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function serve(message: Extract<ToChild, { type: 'serve' }>): Promise<() => Promise<void>> {
  let door: PageDoor | null = null;
  const server = createPageServer({ pageFolder: message.pageFolder, door: () => door });
  const port = await listen(server, message.port);
  const host = await createHost(message.host, { log, onDamage: endForRepair });
  door = createPageDoor({ folder: message.host.dataFolder, port, now: Date.now });
  const endSockets = serveRpc(server, host, door);
  tell({ type: 'ready', port, token: door.openToken() });
  return async () => {
    endSockets();
    server.close();
    server.closeAllConnections();
    await host.close();
  };
}

function fail(error: unknown): void {
  const known = error instanceof DangolError ? error : null;
  const detail = error instanceof Error ? error.message : 'unknown';
  const failed = { type: 'failed', code: known?.code ?? 'INTERNAL', next: known?.next ?? 'retry', detail } as const;
  tell(failed, () => process.exit(1));
}

// The data folder is for this user alone.
process.umask(0o077);
let end: Promise<() => Promise<void>> | null = null;

async function stop(): Promise<never> {
  const close = await end?.catch(() => null);
  await close?.();
  process.exit(0);
}

process.on('message', (data) => {
  const message = ToChild.safeParse(data);
  if (!message.success) return;
  if (message.data.type === 'stop') void stop();
  else if (!end) {
    end = serve(message.data);
    end.catch(fail);
  }
});
// Ctrl+C reaches the whole group: the supervisor decides what it means.
process.on('SIGINT', () => {});
process.on('disconnect', () => void stop());

import type { Server } from 'node:http';
import { DangolError } from '../../shared/errors.ts';
import type { HostFailure } from '../../shared/shell-bridge.ts';
import { createHost, endForRepair, type Log } from '../host.ts';
import { createPageServer } from './http.ts';
import { type FromChild, ToChild } from './messages.ts';
import { createPageDoor, type PageDoor } from './page-door.ts';
import { serveRpc } from './rpc-socket.ts';

// The host of the browser shell: one process, started and watched by start.ts.

const log: Log = (event, data) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...data })}\n`);
};

/** Longer than pages pause between two questions. */
const REASON_STAYS_MS = 3000;

function tell(message: FromChild): void {
  process.send?.(message);
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
  let failure: HostFailure | null = null;
  const server = createPageServer({ pageFolder: message.pageFolder, door: () => door, failure: () => failure });
  const port = await listen(server, message.port);
  door = createPageDoor({ folder: message.host.dataFolder, port, now: Date.now });
  const host = await createHost(message.host, { log, onDamage: endForRepair, onWiped: endForRepair }).catch(
    (error: unknown) => {
      failure = failureOf(error);
      throw error;
    },
  );
  const endSockets = serveRpc(server, host, door);
  tell({ type: 'ready', port, token: door.openToken() });
  return async () => {
    endSockets();
    server.close();
    server.closeAllConnections();
    await host.close();
  };
}

function failureOf(error: unknown): HostFailure {
  const known = error instanceof DangolError ? error : null;
  const detail = (error instanceof Error ? error.message : 'unknown').slice(0, 2000);
  return { code: known?.code ?? 'INTERNAL', next: known?.next ?? 'retry', detail };
}

/** Open pages may ask for the reason until the next try, which is the next process's. */
function fail(error: unknown): void {
  tell({ type: 'failed', ...failureOf(error) });
  setTimeout(() => process.exit(1), REASON_STAYS_MS);
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

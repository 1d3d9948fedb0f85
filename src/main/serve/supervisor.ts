import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DangolError } from '../../shared/errors.ts';
import { FromChild, type ToChild } from './messages.ts';

export interface Supervisor {
  /** The first host's port and one-time token. @throws what the host said when it could not open. */
  ready: Promise<{ port: number; token: string }>;
  stop: () => Promise<void>;
}

export interface SupervisorOptions {
  entry?: string;
  message: Extract<ToChild, { type: 'serve' }>;
  log: (event: string, data?: Record<string, string | number>) => void;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** A host that lived this long died of something new: it is started again at once. */
const HEALTHY_AFTER_MS = 30_000;
const STOP_TIMEOUT_MS = 5000;

/**
 * Keeps one host running on one port: when its process dies, however it dies, another is there within a second or two, and
 * open pages come back to it by themselves. Where the very first one cannot open, `ready` rejects and the caller decides; later
 * ones are tried for ever (a disk gets room again, a key comes back), and open pages are told why (http.ts).
 */
export function superviseHost(options: SupervisorOptions): Supervisor {
  const entry = options.entry ?? fileURLToPath(new URL('./host-process.ts', import.meta.url));
  const { promise, resolve, reject } = Promise.withResolvers<{ port: number; token: string }>();
  let child: ChildProcess | null = null;
  let stopping = false;
  let pause = FIRST_PAUSE_MS;
  let { port } = options.message;

  function begin(): void {
    const startedAt = Date.now();
    const host = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    child = host;
    host.on('message', (data) => {
      const message = FromChild.safeParse(data);
      if (!message.success) return;
      if (message.data.type === 'ready') {
        // From now on this port and no other: pages have it in their address.
        port = message.data.port;
        resolve(message.data);
      } else {
        options.log('host.failed', { code: message.data.code });
        reject(new DangolError(message.data.code, message.data.next, { detail: message.data.detail }));
      }
    });
    host.on('exit', (code, signal) => {
      reject(new DangolError('INTERNAL', 'retry', { detail: `the host ended with ${signal ?? code}` }));
      if (stopping) return;
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) pause = FIRST_PAUSE_MS;
      options.log('host.died', { code: code ?? -1, signal: signal ?? '', restartInMs: pause });
      setTimeout(() => !stopping && begin(), pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
    host.send({ ...options.message, port } satisfies ToChild);
  }

  begin();
  return {
    ready: promise,
    stop: async () => {
      stopping = true;
      if (child) await endProcess(child);
    },
  };
}

function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    if (child.connected) child.send({ type: 'stop' } satisfies ToChild);
    else child.kill('SIGTERM');
  });
}

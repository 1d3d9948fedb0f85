import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../fakes/desk.ts';
import { startTcpProxy, type TcpProxy } from '../fakes/tcp-proxy.ts';
import { type Order, type Told, ToldSchema } from './desk-orders.ts';

/** A process that is stopped, killed and started again. */
export interface Victim {
  name: string;
  start(): Promise<void>;
  kill(): void;
  freeze(): void;
  thaw(): void;
  runs(): boolean;
}

/** One desk in a process of its own, behind a wire of its own. */
export interface FleetDesk extends Victim {
  folder: string;
  proxy: TcpProxy;
  /** What its host answered for, by note. */
  saved: Map<string, string>;
  typed: Map<string, string>;
  tell(order: Order): void;
  /** null: it did not answer in time. */
  status(): Promise<Extract<Told, { type: 'status' }> | null>;
  end(): Promise<void>;
  remove(): Promise<void>;
}

const STATUS_MS = 2000;

export async function createFleetDesk(
  name: string,
  centre: { port: number; password: string; customers: string[] },
  everyMs: number,
): Promise<FleetDesk> {
  const { folder, remove } = temporaryFolder();
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: centre.port });
  const entry = fileURLToPath(new URL('./desk-process.ts', import.meta.url));
  let child: ChildProcess | null = null;
  let heard: (status: Extract<Told, { type: 'status' }>) => void = () => undefined;
  const desk: FleetDesk = {
    ...{ name, folder, proxy, saved: new Map(), typed: new Map() },
    start: async () => {
      if (child) return;
      const made = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      child = made;
      made.on('message', (data) => {
        const told = ToldSchema.parse(data);
        if (told.type === 'status') heard(told);
        else desk[told.type].set(told.noteId, told.text);
      });
      made.once('exit', () => {
        if (child === made) child = null;
      });
      const { password, customers } = centre;
      desk.tell({ type: 'begin', folder, centralUrl: proxy.url, login: name, password, customers, everyMs });
    },
    kill: () => void child?.kill('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    runs: () => child !== null,
    tell: (order) => void (child?.connected && child.send(order, () => undefined)),
    status: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(null), STATUS_MS);
        heard = (status) => {
          clearTimeout(timer);
          resolve(status);
        };
        desk.tell({ type: 'status' });
      }),
    end: async () => {
      if (!child) return;
      const exit = once(child, 'exit');
      desk.tell({ type: 'end' });
      await exit;
    },
    remove: async () => {
      if (child) {
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      }
      await proxy.close();
      remove();
    },
  };
  return desk;
}

/** The centre's own program on PostgreSQL, always on the same port. */
export function createCentreProcess(
  databaseUrl: string,
  folder: string,
  port: number,
): Victim & { end(): Promise<void> } {
  const entry = fileURLToPath(new URL('../../src/central/start.ts', import.meta.url));
  let child: ChildProcess | null = null;
  const start = async () => {
    if (child) return;
    const env = { ...process.env, DATABASE_URL: databaseUrl };
    const made = spawn(process.execPath, [entry, '--port', String(port), '--data', folder], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child = made;
    made.once('exit', () => {
      if (child === made) child = null;
    });
    await Promise.race([once(made.stdout, 'data'), once(made, 'exit')]);
  };
  return {
    name: 'centre',
    start,
    kill: () => void child?.kill('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    runs: () => child !== null,
    end: async () => {
      if (!child) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

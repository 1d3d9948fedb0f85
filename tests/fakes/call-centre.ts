import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type LogWatch, watchLog } from './log-watch.ts';

const root = resolve(import.meta.dirname, '..', '..');

interface RunningDesk {
  /** Opens one window: the token in it works once. */
  url: string;
  /** The address of one more window of the same desk. */
  newUrl: () => string;
  /** The present host's process, for tests that kill it; its supervisor starts another. */
  hostPid: () => number;
  dataFolder: string;
  /** Everything that its servers have logged. */
  log: () => string;
  stop: () => Promise<void>;
}

export interface CallCentre {
  centralUrl: string;
  sipUrl: string;
  practiceUrl: string;
  /** The first desk's window (demo agent agent1, unless told otherwise). */
  deskUrl: string;
  desk: RunningDesk;
  /** One more desk with data of its own, as on another machine. */
  addDesk: (options?: DeskOptions) => Promise<RunningDesk>;
  dataFolder: string;
  /** The centre goes away (SIGTERM), and comes back on the same address with the same data. */
  stopCentral: () => Promise<void>;
  startCentralAgain: () => Promise<void>;
  /** Ends everything, desks first, and removes the data. Rejects where a server logged a number or a credential. */
  stop: () => Promise<void>;
}

export interface DeskOptions {
  /** null: nobody is signed in. */
  demoLogin?: string | null;
  /** The page to serve; dist/renderer if absent. */
  pageFolder?: string;
}

/**
 * A whole practice call centre on free ports: centre on its embedded store, practice PBX with sample customers, and a desk in
 * the browser shell. The same commands that `npm start` runs; needs dist/renderer for a page.
 * @param options.customers how many sample customers (100 if absent).
 */
export async function startCallCentre(options: { customers?: number } & DeskOptions = {}): Promise<CallCentre> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'dangol-call-centre-'));
  const parts: Part[] = [];
  const desks: RunningDesk[] = [];
  const stop = async () => {
    for (const desk of desks.toReversed()) await desk.stop();
    for (const part of parts.toReversed()) await end(part.child);
    rmSync(dataFolder, { recursive: true, force: true });
    for (const { log } of parts) log.check();
  };
  try {
    const centralData = join(dataFolder, 'central');
    let central = await startPart('src/central/start.ts', ['--port', '0', '--data', centralData, '--practice']);
    parts.push(central);
    const centralUrl = text(central.ready, 'url');
    const sandbox = await startPart('src/sandbox/start.ts', [
      ...['--port', '0', '--central', centralUrl, '--data', join(dataFolder, 'practice')],
      ...['--admin-token-file', join(centralData, 'admin-token'), '--customers', String(options.customers ?? 100)],
    ]);
    parts.push(sandbox);
    const addDesk = async (given: DeskOptions = {}) => {
      const desk = await startDesk(centralUrl, join(dataFolder, `desk-${desks.length + 1}`), given);
      desks.push(desk);
      return desk;
    };
    const desk = await addDesk(options);
    return {
      centralUrl,
      sipUrl: text(sandbox.ready, 'sipUrl'),
      practiceUrl: text(sandbox.ready, 'practiceUrl'),
      deskUrl: desk.url,
      desk,
      addDesk,
      dataFolder,
      stopCentral: () => end(central.child),
      startCentralAgain: async () => {
        central.log.check();
        const port = new URL(centralUrl).port;
        central = await startPart('src/central/start.ts', ['--port', port, '--data', centralData, '--practice']);
        parts[0] = central;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One desk in the browser shell at whatever centre; it keeps `dataFolder`. */
export async function startDesk(centralUrl: string, dataFolder: string, given: DeskOptions): Promise<RunningDesk> {
  const { demoLogin = 'agent1', pageFolder = join(root, 'dist', 'renderer') } = given;
  const { child, ready, log } = await startPart('src/main/serve/start.ts', [
    ...['--port', '0', '--data', dataFolder, '--central', centralUrl, '--page', pageFolder, '--practice'],
    ...(demoLogin === null ? [] : ['--demo-login', demoLogin]),
  ]);
  const url = text(ready, 'url');
  return {
    url,
    newUrl: () => `${new URL(url).origin}/?token=${readFileSync(join(dataFolder, 'open-token'), 'utf8').trim()}`,
    hostPid: () => childOf(child),
    dataFolder,
    log: log.text,
    stop: async () => {
      await end(child);
      log.check();
    },
  };
}

/** The one child of a server of ours; 0 in the moment between one that ended and the next (`ps` then ends with 1). */
function childOf({ pid }: ChildProcess): number {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return Number(stdout.trim().split('\n')[0] ?? 0);
}

interface Part {
  child: ChildProcess;
  log: LogWatch;
  ready: object;
}

/** Starts one of our servers and waits for its { ready: true } line. What it logged is told only when it fails. */
function startPart(entry: string, args: readonly string[]): Promise<Part> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, entry), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '' },
  });
  // A test run that dies must not leave servers behind.
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  const log = watchLog(child.stderr, entry);
  return new Promise((ready, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = readLine(line);
      if ('ready' in message) ready({ child, ready: message, log });
      if ('error' in message) reject(new Error(`${entry}: ${line}`));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${entry} ended with code ${code}: ${log.text().slice(-4000)}`)));
  });
}

function readLine(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function text(message: object, name: string): string {
  const value: unknown = Reflect.get(message, name);
  if (typeof value !== 'string') throw new Error(`no ${name} in ${JSON.stringify(message)}`);
  return value;
}

/** SIGTERM, and SIGKILL after 5 s for one that does not listen. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const limit = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.once('exit', () => {
      clearTimeout(limit);
      done();
    });
    child.kill('SIGTERM');
  });
}

import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RunningPostgres {
  url: string;
  /** Of the PostgreSQL programs, e.g. for pg_basebackup. */
  binFolder: string;
  dataFolder: string;
  stop(): Promise<void>;
}

/** The newest server's programs: Debian's folders, then the PATH. */
function findBinFolder(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((v) => join(debian, v, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

/** PostgreSQL refuses to run as root: there it runs as Debian's user for it, or as nobody. */
async function serverUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(() => null);
    if (ids) return { uid: Number(ids[0]?.stdout), gid: Number(ids[1]?.stdout) };
  }
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts a server on an existing cluster and waits until it takes connections. */
export async function runPostgres(binFolder: string, dataFolder: string): Promise<RunningPostgres> {
  const user = await serverUser();
  const port = await freePort();
  const settings = [
    'fsync=off',
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${dataFolder}`,
    'max_connections=60',
  ];
  const args = ['-D', dataFolder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(join(binFolder, 'postgres'), args, {
    ...user,
    cwd: dataFolder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error(`postgres ended: ${said}`)));
  });
  return {
    url: `postgres://dangol@127.0.0.1:${port}/postgres`,
    binFolder,
    dataFolder,
    stop: async () => {
      // SIGINT: fast shutdown, open connections are cut.
      child.kill('SIGINT');
      await ended;
    },
  };
}

/**
 * A private PostgreSQL cluster on a free port of the loopback, gone after `stop`. Where no server is installed: why not, or an
 * error with DANGOL_REQUIRE_POSTGRES=1.
 */
export async function startPostgres(): Promise<RunningPostgres | { skip: string }> {
  const binFolder = findBinFolder();
  const user = await serverUser();
  if (binFolder === null) {
    const skip = 'no PostgreSQL server is installed (Debian: apt-get install postgresql)';
    if (process.env.DANGOL_REQUIRE_POSTGRES === '1') throw new Error(skip);
    return { skip };
  }
  const dataFolder = mkdtempSync(join(tmpdir(), 'dangol-pg-'));
  if (user) chownSync(dataFolder, user.uid, user.gid);
  const init = ['-D', dataFolder, '-U', 'dangol', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(join(binFolder, 'initdb'), init, { ...user, cwd: dataFolder });
  const server = await runPostgres(binFolder, dataFolder);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

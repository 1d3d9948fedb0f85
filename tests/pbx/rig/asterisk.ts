import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeWav } from './sound-files.ts';
import { tone } from './tones.ts';

const execute = promisify(execFile);
const configFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'etc');

/** What the waiting and the held hear (musiconhold.conf), in hertz: apart from every voice of these tests. */
export const MUSIC_HZ = 440;

/** The Asterisk of one test file. Everything it writes lies in one folder that stop() removes. */
export interface Asterisk {
  /** The desk's WebSocket address. */
  readonly server: string;
  /** Runs one command of Asterisk's console and resolves with what it printed. */
  console: (command: string) => Promise<string>;
  /** The folder MixMonitor writes to, as seen from here. */
  readonly recordings: string;
  /** Everything logged so far. */
  log: () => string;
  stop: () => Promise<void>;
}

/** Where scripts/test-pbx.mjs built Asterisk; it also starts the tests where nothing but loopback exists. */
function preparedRoot(): { root: string; extraAddress: string } {
  const root = process.env.DANGOL_PBX_ROOT;
  const extraAddress = process.env.DANGOL_PBX_EXTRA_ADDRESS;
  if (!root || !extraAddress) throw new Error('these tests are started by: npm run test:pbx');
  return { root, extraAddress };
}

/** @param dialplan in the place of etc/extensions.conf. */
export async function startAsterisk(dialplan?: string): Promise<Asterisk> {
  const { root, extraAddress } = preparedRoot();
  const run = mkdtempSync(join(root, 'run', 'dangol-'));
  const inside = run.slice(root.length);
  writeRunFolder(root, run, { RUN: inside, MODULES: modulesFolder(root), EXTRA_ADDRESS: extraAddress });
  if (dialplan !== undefined) writeFileSync(join(run, 'etc', 'extensions.conf'), dialplan);

  const configuration = join(inside, 'etc', 'asterisk.conf');
  const child = spawn(
    'chroot',
    [root, 'asterisk', '-f', '-n', '-U', 'asterisk', '-G', 'asterisk', '-C', configuration],
    {
      stdio: 'ignore',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
    },
  );
  const command = async (line: string) => {
    const { stdout } = await execute('chroot', [root, 'asterisk', '-C', configuration, '-rx', line]);
    // Loopback has no hardware address to make an identity from: true, and told before every answer.
    return stdout.replace(/^No ethernet interface .*\n/m, '');
  };
  const logFile = join(run, 'log', 'full');
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const stop = async () => {
    await end(child);
    rmSync(run, { recursive: true, force: true });
  };
  try {
    await fullyBooted(child, command, join(run, 'asterisk.ctl'));
  } catch (error) {
    const told = log().trim().split('\n').slice(-20).join('\n');
    await stop();
    throw new Error(`Asterisk did not start: ${String(error)}\n${told}`);
  }
  return { server: 'ws://127.0.0.1:8088/ws', console: command, recordings: join(run, 'spool', 'monitor'), log, stop };
}

function modulesFolder(root: string): string {
  for (const name of readdirSync(join(root, 'usr', 'lib'))) {
    const folder = join('/usr/lib', name, 'asterisk', 'modules');
    if (existsSync(join(root, folder))) return folder;
  }
  throw new Error(`no Asterisk modules in ${root}`);
}

function writeRunFolder(root: string, run: string, names: Record<string, string>): void {
  for (const part of ['etc', 'lib/keys', 'cache', 'log', 'spool/monitor', 'moh'])
    mkdirSync(join(run, part), { recursive: true });
  for (const file of readdirSync(configFolder)) {
    const text = readFileSync(join(configFolder, file), 'utf8').replace(/\{\{([A-Z_]+)\}\}/g, (whole, name: string) => {
      return names[name] ?? whole;
    });
    writeFileSync(join(run, 'etc', file), text);
  }
  writeWav(join(run, 'moh', 'music.wav'), tone({ hz: MUSIC_HZ, seconds: 10, rate: 8000 }), 8000);
  // Asterisk runs as its own user, who owns its spool in the root it was installed to.
  const { uid, gid } = statSync(join(root, 'var/spool/asterisk'));
  chmodSync(run, 0o755);
  const give = (path: string) => {
    chownSync(path, uid, gid);
    if (statSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name));
  };
  give(run);
}

/** The console answers only once its socket is there; then Asterisk itself says when every module is up. */
async function fullyBooted(
  child: ChildProcess,
  command: (line: string) => Promise<string>,
  socket: string,
): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error('it was not up after 30 s');
    if (existsSync(socket)) {
      const answered = await command('core waitfullybooted').catch(() => '');
      if (answered.includes('fully booted')) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, node24, root } from './paths.mjs';
import { fail, withProgress } from './say.mjs';

const stampFile = () => inRoot('node_modules', '.dangol-installed');

/** What must be installed again when it changes: the lock file and the platform. */
function wantedStamp() {
  return createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .update(readFileSync(inRoot('package.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
}

function installedStamp() {
  return existsSync(stampFile()) ? readFileSync(stampFile(), 'utf8').trim() : null;
}

/** Runs npm as it was started (npm_execpath), so that no other npm of the machine gets in between. */
function npm(args) {
  const viaNode = process.env.npm_execpath?.endsWith('.js') ?? false;
  const command = viaNode ? process.execPath : process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const all = viaNode ? [process.env.npm_execpath, ...args] : args;
  return new Promise((resolve) => {
    const child = spawn(command, all, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      env: { ...process.env, NODE_ENV: 'development' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-8000);
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Two commands on a fresh clone must not install into each other. */
async function withLock(work) {
  const folder = inRoot('.cache');
  const lock = join(folder, 'install.lock');
  mkdirSync(folder, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
      if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Installs what package-lock.json names, if it is not there yet. Ends the command with a clear message on failure. */
export async function ensureInstalled() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) fail(`Node ${process.versions.node} is too old.`, 'Install Node 20 or newer.');
  if (installedStamp() === wantedStamp() && existsSync(node24())) return;
  await withProgress('Installing libraries (npm ci)', () =>
    withLock(async () => {
      if (installedStamp() === wantedStamp()) return;
      const { code, output } = await npm(['ci', '--include=dev', '--no-audit', '--no-fund']);
      if (code !== 0) {
        const last = output.trim().split('\n').slice(-15).join('\n');
        fail(
          `the libraries could not be installed:\n${last}`,
          'Check the connection to your npm registry and run the same command again.',
        );
      }
      if (!existsSync(inRoot('node_modules', 'node', 'bin'))) {
        fail(
          'npm did not install Node 24 (its install script was blocked).',
          'Run: npm rebuild node --foreground-scripts',
        );
      }
      writeFileSync(stampFile(), wantedStamp());
    }),
  );
}

// Plain JavaScript: Node 20 runs this before the tests, outside their network namespace, because it needs the mirror.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { debianMirror } from '../../../scripts/lib/apt.mjs';
import { capture } from '../../../scripts/lib/run.mjs';

/** Raise it when the packages below change: an older folder is then no longer used. */
const VERSION = 1;
const SUITE = 'sid';
const PACKAGES = ['asterisk', 'asterisk-core-sounds-en-gsm'];
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const MARKER = 'dangol-asterisk.json';

/** Outside the clone: a fresh clone on the same machine need not build it again. */
function asteriskRootFolder() {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'dangol', `asterisk-root-v${VERSION}`);
}

/** What `chroot root asterisk -V` says, where the folder is complete and its Asterisk starts; null otherwise. */
async function versionIn(root) {
  const marker = join(root, MARKER);
  if (!existsSync(marker)) return null;
  try {
    if (JSON.parse(readFileSync(marker, 'utf8')).version !== VERSION) return null;
  } catch {
    return null;
  }
  const { code, output } = await capture('chroot', [root, '/usr/sbin/asterisk', '-V']);
  return code === 0 ? output.trim() : null;
}

/**
 * Makes sure that there is a folder with Asterisk in it, and resolves with { ok: true, root, version, built }
 * or { ok: false, reason }. Two runs at once: the second waits and finds it done. Needs root and the mirror.
 */
export async function ensureAsteriskRoot({ rebuild = false } = {}) {
  const root = asteriskRootFolder();
  mkdirSync(dirname(root), { recursive: true });
  const release = await takeLock(`${root}.lock`);
  try {
    const version = rebuild ? null : await versionIn(root);
    if (version) {
      removeOldRuns(root);
      return { ok: true, root, version, built: false };
    }
    removeLeftovers(root);
    return await build(root);
  } finally {
    release();
  }
}

async function build(root) {
  const mirror = await debianMirror();
  if (!mirror) return { ok: false, reason: 'apt names no mirror for Debian main on this machine' };
  const partial = `${root}.partial-${process.pid}`;
  const steps = [
    // In a mount namespace of its own: whatever debootstrap mounts is gone with it, also when it is killed.
    () =>
      capture('unshare', [
        '--mount',
        'debootstrap',
        '--variant=minbase',
        `--keyring=${KEYRING}`,
        SUITE,
        partial,
        mirror,
      ]),
    () => prepare(partial),
    () => inChroot(partial, ['apt-get', 'update']),
    () => inChroot(partial, ['apt-get', 'install', '--yes', ...PACKAGES]),
    () => inChroot(partial, ['apt-get', 'clean']),
    () => inChroot(partial, ['/usr/sbin/asterisk', '-V']),
  ];
  let output = '';
  for (const step of steps) {
    const result = await step();
    output = result.output;
    if (result.code === 0) continue;
    const told = output.trim().split('\n').slice(-3).join(' / ');
    removeLeftovers(root);
    return { ok: false, reason: `Asterisk could not be installed into ${root}: ${told}` };
  }
  const version = output.trim();
  writeFileSync(join(partial, MARKER), `${JSON.stringify({ version: VERSION, asterisk: version, suite: SUITE })}\n`);
  // The rename comes last: a folder by its final name is a complete one.
  renameSync(partial, root);
  return { ok: true, root, version, built: true };
}

function prepare(root) {
  // A mirror may serve an index that is past its date. Its signature is checked all the same.
  writeFileSync(
    join(root, 'etc/apt/apt.conf.d/90dangol'),
    'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\n',
  );
  writeFileSync(
    join(root, 'etc/dpkg/dpkg.cfg.d/90dangol'),
    'path-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\n',
  );
  // 101, "action forbidden by policy": no package may start a service in here.
  writeFileSync(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return Promise.resolve({ code: 0, output: '' });
}

function inChroot(root, command) {
  return capture('unshare', ['--mount', 'chroot', root, ...command], {
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
}

/** A broken folder, and what runs that were killed left behind. Only ever called under the lock. */
function removeLeftovers(root) {
  const folder = dirname(root);
  for (const name of readdirSync(folder)) {
    if (name !== basename(root) && !name.startsWith(`${basename(root)}.partial-`)) continue;
    const path = join(folder, name);
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    if (mounts.some((line) => line.split(' ')[1]?.startsWith(`${path}/`))) {
      throw new Error(`${path} holds a mounted file system; unmount it first`);
    }
    rmSync(path, { recursive: true, force: true });
  }
}

/** What runs that were killed left in it: configuration, logs, recordings. */
function removeOldRuns(root) {
  const aDayAgo = Date.now() - 24 * 3600 * 1000;
  for (const name of readdirSync(join(root, 'run'))) {
    const path = join(root, 'run', name);
    if (name.startsWith('dangol-') && statSync(path).mtimeMs < aDayAgo) rmSync(path, { recursive: true, force: true });
  }
}

/** Held by a child that ends when our pipe to it closes: released also when we are killed. Resolves with the release. */
function takeLock(file) {
  const child = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`flock ended with ${code}`)));
    child.stdout.once('data', () => resolve(() => child.stdin.end()));
  });
}

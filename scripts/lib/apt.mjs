import { existsSync, readFileSync } from 'node:fs';
import { capture } from './run.mjs';
import { withProgress } from './say.mjs';

/** { debian, codename }: what kind of machine this is, from os-release; codename is e.g. "bookworm". */
export function debianRelease() {
  const file = '/etc/os-release';
  const text = process.platform === 'linux' && existsSync(file) ? readFileSync(file, 'utf8') : '';
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return { debian: field('ID') === 'debian' && existsSync('/usr/bin/apt-get'), codename: field('VERSION_CODENAME') };
}

export const isRoot = () => process.getuid?.() === 0;

/** The packages of `names` that are not installed. Everything counts as missing where there is no dpkg. */
async function missingPackages(names) {
  const { output } = await capture('dpkg-query', ['--show', '--showformat', `\${Package} \${Status}\n`, ...names]);
  const installed = new Set();
  for (const line of output.split('\n')) {
    const [name, ...status] = line.split(' ');
    if (status.join(' ') === 'install ok installed') installed.add(name);
  }
  return names.filter((name) => !installed.has(name));
}

/** Waits for another apt of the machine instead of failing on its lock; never asks, never starts a service. */
const aptOptions = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];

function apt(args) {
  return capture('apt-get', [...aptOptions, ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', POLICY_RC_D: '101' },
  });
}

/**
 * Installs those of the Debian packages `names` that are missing, where that can be done (root on Debian).
 * Never ends the command: resolves with { ok: true } or { ok: false, reason } with a reason for people.
 */
export async function ensureDebianPackages(names) {
  const missing = await missingPackages(names);
  if (missing.length === 0) return { ok: true };
  const list = missing.join(' ');
  if (!debianRelease().debian) return { ok: false, reason: `needs ${list} of Debian, and this machine is not Debian` };
  if (!isRoot()) return { ok: false, reason: `not installed: ${list}; run as root: apt-get install ${list}` };
  return withProgress(`Installing ${list}`, () => install(missing));
}

/**
 * Installs Debian packages without a progress line of its own, for callers that show theirs. Needs root on Debian.
 * @param tell hears what is going on. Resolves with whether all of them are there.
 */
export async function aptInstall(names, tell = () => {}) {
  if (!debianRelease().debian || !isRoot()) return false;
  const missing = await missingPackages(names);
  if (missing.length === 0) return true;
  tell(missing.join(' '));
  return (await install(missing)).ok;
}

async function install(names) {
  // The lists first: a machine made from an image has none, or old ones that name files no longer there.
  const update = await apt(['update']);
  const { code, output } = await apt(['install', '--yes', '--no-install-recommends', ...names]);
  if (code === 0) return { ok: true };
  const told = (update.code === 0 ? output : update.output).trim().split('\n').slice(-3).join(' / ');
  return { ok: false, reason: `${names.join(' ')} could not be installed: ${told}` };
}

/** The mirror this machine gets its own Debian release from (as apt was told), or null. */
export async function debianMirror() {
  const { code, output } = await capture('apt-get', [
    'indextargets',
    '--format',
    '$(CREATED_BY)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)',
  ]);
  if (code !== 0) return null;
  const { codename } = debianRelease();
  for (const line of output.split('\n')) {
    const [createdBy, release, component, uri] = line.split('|');
    const known = release === codename || release === 'stable' || release === 'testing';
    if (createdBy === 'Packages' && component === 'main' && known && uri) return uri.replace(/\/$/, '');
  }
  return null;
}

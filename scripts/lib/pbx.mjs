import { ensureAsteriskRoot } from '../../tests/pbx/rig/asterisk-root.mjs';
import { debianRelease, ensureDebianPackages, isRoot } from './apt.mjs';
import { inLoopbackOnly, PBX_EXTRA_ADDRESS } from './loopback-only.mjs';
import { node24 } from './paths.mjs';
import { run } from './run.mjs';
import { withProgress } from './say.mjs';

const packages = ['debootstrap', 'iproute2', 'util-linux', 'sip-tester', 'baresip-core', 'chromium'];

/** Everything that a run against Asterisk needs: { root, version }, or { reason } why it cannot be had here. */
export async function preparePbx() {
  const { debian } = debianRelease();
  if (!debian) return { reason: 'Asterisk is taken from Debian, and this machine is not Debian' };
  if (!isRoot()) return { reason: 'installing and starting Asterisk in a folder of its own needs root' };
  const installed = await ensureDebianPackages(packages);
  if (!installed.ok) return { reason: installed.reason };
  const asterisk = await withProgress('Installing Asterisk into a folder of its own', () => ensureAsteriskRoot());
  return asterisk.ok ? { root: asterisk.root, version: asterisk.version } : { reason: asterisk.reason };
}

/** Runs a TypeScript entry under Node 24 where nothing but loopback is in reach; resolves with its exit code. */
export function runWithPbx({ root }, args, env = {}) {
  const [command, ...rest] = inLoopbackOnly([node24(), '--disable-warning=ExperimentalWarning', ...args]);
  return run(command, rest, {
    env: { ...env, DANGOL_PBX_ROOT: root, DANGOL_PBX_EXTRA_ADDRESS: PBX_EXTRA_ADDRESS },
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ensureDebianPackages } from './apt.mjs';

/** What an Electron window needs on a Debian without a desktop, and a display that nobody sees. */
const PACKAGES = ['xvfb', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1'];

/**
 * A display of our own for windows of tests: on Linux an Xvfb on a free number, elsewhere the system's.
 * @returns {Promise<{ env: Record<string, string>, stop: () => void } | { reason: string }>}
 */
export async function ensureDisplay() {
  if (process.platform !== 'linux') return { env: {}, stop: () => {} };
  const installed = await ensureDebianPackages(PACKAGES);
  const own = await startXvfb();
  if (own) return own;
  // Somebody's screen is better than no test: the windows show there for a moment.
  if (process.env.DISPLAY) return { env: {}, stop: () => {} };
  return { reason: installed.ok ? 'Xvfb did not start' : `there is no display, and no Xvfb: ${installed.reason}` };
}

async function startXvfb() {
  const args = ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await Promise.race([
    once(child.stdio[3], 'data').then(([chunk]) => String(chunk).trim()),
    once(child, 'error').then(() => null),
    once(child, 'exit').then(() => null),
  ]).catch(() => null);
  if (!number) return null;
  const stop = () => child.kill('SIGTERM');
  process.once('exit', stop);
  return { env: { DISPLAY: `:${number}` }, stop };
}

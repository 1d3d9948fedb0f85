import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findElectron } from './electron-binary.mjs';
import { childEnvironment, inRoot, node24, root } from './paths.mjs';
import { capture } from './run.mjs';

/** Why a window cannot be opened on this machine, in words for one line; null when it can. */
export async function whyNoElectron() {
  if (process.platform === 'linux') {
    if (process.getuid?.() === 0) return 'Electron does not run as root';
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display';
  }
  const electron = await findElectron({ forTests: false });
  return electron ? null : 'the Electron program is not installed and could not be fetched';
}

/** Opens the window. It counts as open once it says so, and as failed if it ends before that. */
export async function openElectron(deskArguments) {
  const electron = await findElectron({ forTests: false });
  const build = await capture(node24(), [inRoot('scripts', 'build-electron.mjs')]);
  if (build.code !== 0) return { child: null, reason: `its program could not be built: ${build.output.slice(-300)}` };
  const child = spawn(electron.path, [root, ...deskArguments], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnvironment(),
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => done({ child }), 15_000);
    const done = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"ready":true')) done({ child });
    });
    child.on('error', (error) => done({ child: null, reason: error.message }));
    child.on('exit', (code) => done({ child: null, reason: `it ended with code ${code}` }));
  });
}

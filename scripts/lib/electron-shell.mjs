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
  return openWindow(electron.path, [root, ...deskArguments]);
}

/** A window that says nothing for so long stands there all the same: slow is no failure. */
const SILENT_MS = 15_000;

/**
 * Starts the program and waits for its word.
 * @returns {Promise<{ child: import('node:child_process').ChildProcess } | { child: null, reason: string }>} why it did not open:
 * in the program's own words where it said them.
 */
export function openWindow(executable, args, silentMs = SILENT_MS) {
  const child = spawn(executable, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: childEnvironment() });
  let said = null;
  return new Promise((resolve) => {
    const timer = setTimeout(() => done({ child }), silentMs);
    const done = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = readLine(line);
      if (message?.ready === true) done({ child });
      if (message?.error)
        said = [message.error.detail ?? message.error.code, message.error.next].filter(Boolean).join('; ');
    });
    child.on('error', (error) => done({ child: null, reason: error.message }));
    // After its last line was read, which says why.
    child.on('close', (code) => done({ child: null, reason: said ?? `it ended with code ${code}` }));
  });
}

function readLine(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

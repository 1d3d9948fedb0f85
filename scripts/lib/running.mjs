// One running Dangol a data folder: who it is, and how a second start finds it.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = (home) => join(home, 'run.json');

/** What the first start wrote down, if that process still lives. */
export function readRunning(home) {
  try {
    const running = JSON.parse(readFileSync(file(home), 'utf8'));
    process.kill(running.pid, 0);
    // A machine that was started again gives old numbers to new processes.
    return running.began === null || running.began === beganAt(running.pid) ? running : null;
  } catch {
    return null;
  }
}

/** When the process began, in the system's own count; null where that cannot be told. */
function beganAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const textOf = (running) => JSON.stringify({ ...running, pid: process.pid, began: beganAt(process.pid) });

/** Takes the folder before anything is done in it. Returns null, or the start that has it already. */
export function claimRunning(home) {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      writeFileSync(file(home), textOf({ kind: 'starting' }), { mode: 0o600, flag: 'wx' });
      return null;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const running = readRunning(home);
      if (running) return running;
      // Left behind by one that was killed.
      rmSync(file(home), { force: true });
    }
  }
}

export function writeRunning(home, running) {
  writeFileSync(`${file(home)}.new`, textOf(running), { mode: 0o600 });
  renameSync(`${file(home)}.new`, file(home));
}

export function forgetRunning(home) {
  if (readRunning(home)?.pid === process.pid) rmSync(file(home), { force: true });
}

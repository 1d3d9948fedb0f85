// One running Dangol a data folder: who it is, and how a second start finds it.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = (dataFolder) => join(dataFolder, 'run.json');

/** What the first start wrote down, if that process still lives. */
export function readRunning(dataFolder) {
  if (!existsSync(file(dataFolder))) return null;
  try {
    const running = JSON.parse(readFileSync(file(dataFolder), 'utf8'));
    process.kill(running.pid, 0);
    return running;
  } catch {
    return null;
  }
}

export function writeRunning(dataFolder, running) {
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(file(dataFolder), JSON.stringify({ ...running, pid: process.pid }), { mode: 0o600 });
}

export function forgetRunning(dataFolder) {
  if (readRunning(dataFolder)?.pid === process.pid) rmSync(file(dataFolder), { force: true });
}

import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DangolError } from '../../shared/errors.ts';

interface Holder {
  pid: number;
  /** Tells this process from an earlier one with the same number (in a container the centre is always 1). */
  started: string;
}

/** When the process with this number began, as the system counts it; null where it cannot be told or there is none. */
function startOf(pid: number): string | null {
  if (pid === process.pid) return String(performance.timeOrigin);
  try {
    process.kill(pid, 0);
    return '';
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : null;
  }
}

function readHolder(path: string): Holder | null {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || typeof holder.pid !== 'number')
      return null;
    return { pid: holder.pid, started: 'started' in holder ? String(holder.started) : '' };
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  const started = startOf(holder.pid);
  return started !== null && (started === '' || started === holder.started);
}

/**
 * Takes the folder for this process, because PGlite lets two processes open one folder without a word and ruins it.
 * HOST_BUSY when another living process holds it. A lock left by a process that died is taken over.
 * @returns a function that gives the folder back.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'central.lock');
  const mine = `${path}.${process.pid}.${Date.now()}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: String(performance.timeOrigin) }), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        // A hard link appears whole or not at all, and never over an existing file.
        linkSync(mine, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = readHolder(path);
        if (holder && isAlive(holder)) {
          throw new DangolError('HOST_BUSY', 'none', {
            detail: `process ${holder.pid} already runs a centre on ${folder}; stop it, or use another --data folder`,
            data: { pid: holder.pid },
          });
        }
        rmSync(path, { force: true });
      }
    }
    throw new DangolError('HOST_BUSY', 'retry', { detail: `another process is taking ${folder} at this moment` });
  } finally {
    unlinkSync(mine);
  }
}

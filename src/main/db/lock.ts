import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DangolError } from '../../shared/errors.ts';

/**
 * One host per data folder. The lock is SQLite's own on an empty file: the system gives it back when its process dies,
 * however it dies, so there is nothing stale to clean up and no process number to trust.
 * @returns the release.
 */
export function lockFolder(folder: string): () => void {
  const lock = new Database(join(folder, 'host.lock'), { timeout: 0 });
  const pidFile = join(folder, 'host.pid');
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new DangolError('HOST_BUSY', 'none', { detail: `held by process ${readPid(pidFile)}`, cause: error });
  }
  writeFileSync(pidFile, String(process.pid), { mode: 0o600 });
  return () => lock.close();
}

function readPid(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 20);
  } catch {
    return '?';
  }
}

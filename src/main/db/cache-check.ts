import { existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * When cache.db is read through for damage, which takes a second per 500 MB: once a day, and at the next start after any statement
 * met a broken page. A small file is read before the desk opens. A large one is not waited for: the desk opens and the
 * file is read in slices while it works (read-through.ts), but for the start after a broken page: there it is known that
 * something is wrong, and the desk must not open on it again and again.
 */
const CHECK_EVERY_MS = 20 * 3_600_000;
/** Read in a third of a second or less. */
const SMALL_BYTES = 150_000_000;

export type CacheCheck = 'now' | 'while it works' | 'none';

export function cacheCheckDue(folder: string, now: number, smallBytes = SMALL_BYTES): CacheCheck {
  const checked = join(folder, 'cache-checked');
  if (existsSync(asked(folder))) return 'now';
  if (existsSync(checked) && Math.abs(now - statSync(checked).mtimeMs) <= CHECK_EVERY_MS) return 'none';
  const size = statSync(join(folder, 'cache.db'), { throwIfNoEntry: false })?.size ?? 0;
  return size <= smallBytes ? 'now' : 'while it works';
}

export function noteCacheChecked(folder: string, now: number): void {
  const checked = join(folder, 'cache-checked');
  writeFileSync(checked, '', { mode: 0o600 });
  utimesSync(checked, now / 1000, now / 1000);
  rmSync(asked(folder), { force: true });
}

/** A broken page was met: the next start reads the whole file. */
export function askForCheck(folder: string): void {
  try {
    writeFileSync(asked(folder), '', { mode: 0o600 });
  } catch {
    // A disk that takes no file now: the page will be met again.
  }
}

function asked(folder: string): string {
  return join(folder, 'cache-check-asked');
}

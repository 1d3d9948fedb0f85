import { existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * When cache.db is read through for damage. It can be made anew, and it is large: reading it takes a second per 200 MB, and a
 * host that was killed in a call must be back sooner. So: at the first start of a day, and at the next start after any
 * statement met a broken page.
 */
const CHECK_EVERY_MS = 20 * 3_600_000;

export function isCacheCheckDue(folder: string, now: number): boolean {
  const checked = join(folder, 'cache-checked');
  return (
    existsSync(asked(folder)) || !existsSync(checked) || Math.abs(now - statSync(checked).mtimeMs) > CHECK_EVERY_MS
  );
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

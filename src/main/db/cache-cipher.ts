import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cipher } from './connection.ts';

/**
 * What a file of a desk's folder is encrypted with. cache.db of this build is AEGIS-256: half of what a first load cost was
 * ChaCha20, which no processor has a unit for. A file of an earlier build stays what it is and works on; a mark beside the
 * file tells them apart, because trying a cipher on a file with a write-ahead log would take that log for broken.
 */
export function cipherOf(folder: string, name: 'cache.db' | 'outbox.db'): Cipher {
  if (name === 'outbox.db') return 'chacha20';
  return existsSync(join(folder, name)) && !existsSync(mark(folder)) ? 'chacha20' : 'aegis';
}

/** Call it before cache.db is opened: a cut before the file is there leaves a mark without a file, which will be a new one. */
export function markNewCache(folder: string): void {
  if (!existsSync(join(folder, 'cache.db'))) writeFileSync(mark(folder), 'aegis\n', { mode: 0o600 });
}

function mark(folder: string): string {
  return join(folder, 'cache-cipher');
}

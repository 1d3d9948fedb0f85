import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DangolError } from '../../shared/errors.ts';
import { writeDurably } from '../write-durably.ts';

/** Where the data key comes from. `none`: nothing on this machine may hold one, so data stays in memory. */
export type DataKey = { store: 'os' | 'file'; key: string } | { store: 'none'; key: null };

export interface KeyRequest {
  folder: string;
  /** From the shell's key store; null when it has none. */
  dataKey: string | null;
  /** Practice data, or the administrator's setting. */
  mayUseFile: boolean;
  /** Encrypted files are there already: then a new key would open nothing. */
  hasData: boolean;
}

const HEX_KEY = /^[0-9a-f]{64}$/;

/** Chooses the data key. KEY_MISSING when there is data and no key for it: nothing is deleted, nothing is made anew. */
export function chooseDataKey(request: KeyRequest): DataKey {
  if (request.dataKey !== null) {
    const known = readCheck(request.folder);
    const fileKey = readKeyFile(request.folder);
    // Data that was made with a key file goes on with it: a key store that appears later has another key.
    if (known !== null && known !== checkOf(request.dataKey) && fileKey && known === checkOf(fileKey)) {
      return { store: 'file', key: fileKey };
    }
    return { store: 'os', key: request.dataKey };
  }
  const fileKey = readKeyFile(request.folder);
  if (fileKey && request.mayUseFile) return { store: 'file', key: fileKey };
  if (request.hasData) throw keyMissing('there is data here and no key for it');
  if (!request.mayUseFile) return { store: 'none', key: null };
  const made = randomBytes(32).toString('hex');
  writeDurably(join(request.folder, 'data-key'), made);
  return { store: 'file', key: made };
}

/** True, false, or null when this folder never noted which key it belongs to. */
export function isKeyOfFolder(folder: string, key: string): boolean | null {
  const known = readCheck(folder);
  return known === null ? null : known === checkOf(key);
}

/** Notes which key the files of this folder belong to (a keyed digest: it tells nothing about the key). */
export function noteKeyOfFolder(folder: string, key: string): void {
  if (readCheck(folder) !== checkOf(key)) writeFileSync(join(folder, 'key-check'), checkOf(key), { mode: 0o600 });
}

export function keyMissing(detail: string): DangolError {
  return new DangolError('KEY_MISSING', 'call-administrator', { detail });
}

function checkOf(key: string): string {
  return createHmac('sha256', Buffer.from(key, 'hex')).update('dangol data key').digest('hex');
}

function readCheck(folder: string): string | null {
  const file = join(folder, 'key-check');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function readKeyFile(folder: string): string | null {
  const file = join(folder, 'data-key');
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8').trim();
  if (!HEX_KEY.test(text)) throw keyMissing('the key file is not a key');
  return text;
}

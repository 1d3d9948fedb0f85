import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HostStart } from '../../shared/key-hand-over.ts';
import { writeDurably } from '../write-durably.ts';

/** The part of Electron's safeStorage that is used here. */
export interface KeyWrapper {
  isEncryptionAvailable: () => boolean;
  /** Linux only. */
  getSelectedStorageBackend?: () => string;
  encryptString: (text: string) => Buffer;
  decryptString: (wrapped: Buffer) => string;
}

/**
 * 'none': this machine has no store for a key; the host decides what may be kept (RELIABILITY section 2).
 * 'missing': there was a key and it cannot be had now. Nothing may be made new, nothing may be deleted.
 */
export type DataKey = { kind: 'key'; dataKey: string } | { kind: 'none' } | { kind: 'missing'; detail: string };

const KeyFile = z.object({ version: z.literal(1), backend: z.string(), wrapped: z.base64() });
const Key = HostStart.shape.dataKey.unwrap();

/**
 * The desk's data key, unwrapped by the system's keyring. Made on the first start of an empty data folder only: a folder
 * that already holds an outbox was keyed in another way, and a new key would shut it for ever.
 */
export function openDataKey(folder: string, wrapper: KeyWrapper): DataKey {
  const file = join(folder, 'data-key.json');
  const backend = wrapper.getSelectedStorageBackend?.() ?? 'system';
  // basic_text wraps with a password that is the same on every machine: it is no store.
  const usable = wrapper.isEncryptionAvailable() && backend !== 'basic_text' && backend !== 'unknown';
  if (existsSync(file)) return unwrap(file, wrapper, usable ? backend : null);
  if (!usable || existsSync(join(folder, 'outbox.db'))) return { kind: 'none' };
  return makeKey(file, wrapper, backend);
}

function unwrap(file: string, wrapper: KeyWrapper, backend: string | null): DataKey {
  let madeWith = 'unknown';
  try {
    const stored = KeyFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    madeWith = stored.backend;
    if (backend !== null) {
      return { kind: 'key', dataKey: Key.parse(wrapper.decryptString(Buffer.from(stored.wrapped, 'base64'))) };
    }
  } catch {
    // Told below, without the text of the error: it may hold a piece of the key.
  }
  const now = backend === null ? 'the keyring is not available now' : `the keyring is now ${backend}`;
  return { kind: 'missing', detail: `the key in ${file} was made with the keyring ${madeWith}; ${now}` };
}

function makeKey(file: string, wrapper: KeyWrapper, backend: string): DataKey {
  const dataKey = randomBytes(32).toString('hex');
  const wrapped = wrapper.encryptString(dataKey);
  // A keyring that cannot give back what it took must show it now, before there is data.
  if (wrapper.decryptString(wrapped) !== dataKey) return { kind: 'none' };
  writeDurably(file, JSON.stringify({ version: 1, backend, wrapped: wrapped.toString('base64') }));
  return { kind: 'key', dataKey };
}

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Passwords of other servers, as they lie in the database: sealed by a key that is not in it. */
export interface Secrets {
  seal: (text: string) => string;
  /** null: sealed by another key, or broken. */
  open: (sealed: string) => string | null;
}

const FORM = 'v1';

export function createSecrets(key: Buffer): Secrets {
  return {
    seal: (text) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [FORM, nonce, cipher.getAuthTag(), sealed]
        .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
        .join('.');
    },
    open: (text) => {
      const [form, nonce = '', tag = '', sealed = ''] = text.split('.');
      if (form !== FORM) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'));
        decipher.setAuthTag(Buffer.from(tag, 'base64url'));
        return decipher.update(sealed, 'base64url', 'utf8') + decipher.final('utf8');
      } catch {
        return null;
      }
    },
  };
}

/**
 * DANGOL_SECRET_KEY of the environment; else a key of its own beside the data, readable by its owner only; else, where there is no
 * folder, one for this run: what it sealed has to be given again after a restart.
 */
export function secretKeyIn(folder: string | undefined, given: string | undefined): Buffer {
  if (given) return createHash('sha256').update(given).digest();
  if (folder === undefined) return randomBytes(32);
  const path = join(folder, 'secret-key');
  return readKey(path) ?? makeKey(folder, path);
}

/** null: there is none yet. Whatever else is wrong with it, what it sealed is not given up for a new one. */
function readKey(path: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw new Error(`${path}: cannot be read (${String(error)}); nothing was changed`, { cause: error });
  }
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length === 32) return key;
  throw new Error(`${path}: is no key any more; put the file back, or remove it and give every password again`);
}

function makeKey(folder: string, path: string): Buffer {
  const key = randomBytes(32);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Another process of this centre was faster.
    if (isCode(error, 'EEXIST')) return readKey(path) ?? makeKey(folder, path);
    throw error;
  }
  return key;
}

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

import { DangolError } from '../../shared/errors.ts';

function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return error.code;
}

/** SQLite refused the key, or the first page is broken: from the file alone the two look the same. */
export function isNotADatabase(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_NOTADB';
}

/** The file's content is broken. */
export function isCorrupt(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'));
}

/**
 * What SQLite or the file system threw, as an error of ours; anything else comes back as it is.
 * The failed transaction was rolled back: whatever had been saved before is untouched.
 */
export function asStoreError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === null || error instanceof DangolError) return error;
  const options = { detail: code, cause: error };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new DangolError('DISK_FULL', 'free-disk-space', options);
  }
  if (isCorrupt(error)) return new DangolError('DATABASE_CORRUPT', 'call-administrator', options);
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM)/.test(code) || ['EIO', 'EROFS', 'EACCES', 'EPERM'].includes(code)) {
    return new DangolError('DISK_ERROR', 'call-administrator', options);
  }
  return error;
}

import { assertNever } from '../shared/assert-never.ts';
import type { SyncStatus } from '../shared/host-types.ts';
import { type FailureReason, SyncFailure } from './transport.ts';

type Problem = NonNullable<SyncStatus['problem']>;

/** The reason of a failure of the wire; null for anything else (a full disk, a bug). */
export function reasonOf(error: unknown): FailureReason | null {
  return error instanceof SyncFailure ? error.reason : null;
}

/** What the status shows: a code, and the step that helps. */
export function problemOf(error: unknown): Problem {
  const reason = reasonOf(error);
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  if (reason) return { ...wireProblem(reason), detail };
  const code = sqliteCode(error);
  if (code === 'SQLITE_FULL') return { code: 'DISK_FULL', next: 'free-disk-space', detail };
  if (code.startsWith('SQLITE_IOERR')) return { code: 'DISK_ERROR', next: 'call-administrator', detail };
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return { code: 'DATABASE_CORRUPT', next: 'call-administrator', detail };
  }
  return { code: 'INTERNAL', next: 'call-administrator', detail };
}

function wireProblem(reason: FailureReason): Pick<Problem, 'code' | 'next'> {
  switch (reason.kind) {
    case 'unreachable':
      return { code: 'CENTRE_UNREACHABLE', next: 'check-network' };
    case 'nonsense':
      return { code: 'CENTRE_NONSENSE', next: 'call-administrator' };
    case 'other_release':
      return { code: 'OTHER_RELEASE', next: 'update-dangol' };
    case 'signed_out':
      return { code: 'SIGNED_OUT', next: 'sign-in' };
    case 'epoch_changed':
      return { code: 'EPOCH_CHANGED', next: 'wait' };
    case 'device_forked':
      return { code: 'DEVICE_FORKED', next: 'wait' };
    case 'rate_limited':
      return { code: 'CENTRE_UNREACHABLE', next: 'wait' };
    default:
      return assertNever(reason);
  }
}

/** better-sqlite3 puts SQLite's result code on its errors. */
export function sqliteCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

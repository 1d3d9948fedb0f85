import { DangolError } from '../shared/errors.ts';
import type { SessionState } from '../shared/host-types.ts';
import type { Clock } from '../sync/clock.ts';
import type { WritableDb } from '../sync/sql-db.ts';
import type { CentralClient } from './central-client.ts';
import type { Log } from './host-context.ts';

export interface SessionOptions {
  outbox: WritableDb;
  central: CentralClient;
  clock: Clock;
  centralUrl: string;
  practice: boolean;
  log: Log;
  /** Signed in, out, locked, or the configuration came. After the commit. */
  onChange: (state: SessionState) => void;
}

/** The centre did not answer: the one failure that a desk works on with. */
export const isAway = (error: unknown): boolean => error instanceof DangolError && error.code === 'CENTRE_UNREACHABLE';

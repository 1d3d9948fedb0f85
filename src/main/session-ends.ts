import { z } from 'zod';
import { DangolError } from '../shared/errors.ts';
import { Id } from '../shared/ids.ts';
import type { Clock } from '../sync/clock.ts';
import type { WritableDb } from '../sync/sql-db.ts';
import type { CentralClient } from './central-client.ts';
import type { Log } from './host-context.ts';
import { readKeep, writeKeep } from './keep.ts';
import { KEEP, type KeptSession } from './session-keep.ts';

/** Sessions that an agent ended here and that the centre does not know of yet: a token that was copied must not live on. */
export interface SessionEnds {
  /** Part of the caller's transaction. */
  add: (session: KeptSession) => void;
  /** Tells the centre of all of them now, and again until it knows. */
  send: () => void;
  close: () => void;
}

const Ends = z.array(z.object({ refreshToken: z.string(), deviceId: Id }));
/** More agents than sit at one desk in the 30 days that a token lives. */
const KEPT_MAX = 50;
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 600_000;
/** With these the centre does not know the end yet; everything else is its answer. */
const TRY_AGAIN = ['CENTRE_UNREACHABLE', 'CENTRE_NONSENSE', 'TOO_MANY_TRIES', 'INTERNAL'];

export function createSessionEnds(options: {
  outbox: WritableDb;
  central: CentralClient;
  clock: Clock;
  log: Log;
}): SessionEnds {
  const { outbox, central, clock, log } = options;
  let sending = false;
  let closed = false;
  let cancel = () => {};
  const read = () => readKeep(outbox, KEEP.ends, Ends) ?? [];
  const write = (ends: z.infer<typeof Ends>) => writeKeep(outbox, KEEP.ends, ends.length === 0 ? null : ends);

  /** Oldest first, until one fails. */
  const sendAll = async (): Promise<void> => {
    for (let next = read()[0]; next && !closed; next = read()[0]) {
      const { refreshToken } = next;
      try {
        await central.ask({ method: 'POST', path: '/v1/sign-out', body: next, answer: z.object({}) });
      } catch (error) {
        if (!(error instanceof DangolError) || TRY_AGAIN.includes(error.code)) throw error;
        log('session.end_refused', { code: error.code });
      }
      if (!closed) write(read().filter((end) => end.refreshToken !== refreshToken));
    }
  };
  const send = (retryMs: number): void => {
    if (sending || closed) return;
    cancel();
    sending = true;
    sendAll()
      .catch((error: unknown) => {
        log('session.end_not_told', { code: error instanceof DangolError ? error.code : 'INTERNAL' });
        if (!closed) cancel = clock.schedule(retryMs, () => send(Math.min(retryMs * 2, LONGEST_RETRY_MS)));
      })
      .finally(() => {
        sending = false;
      });
  };
  return {
    add: ({ refreshToken, deviceId, revoked }) => {
      // A sign-in that the centre never saw has no token to end.
      if (!revoked && refreshToken !== '') write([...read(), { refreshToken, deviceId }].slice(-KEPT_MAX));
    },
    send: () => send(FIRST_RETRY_MS),
    close: () => {
      closed = true;
      cancel();
    },
  };
}

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { DangolError } from '../shared/errors.ts';
import type { Clock } from '../sync/clock.ts';
import type { WritableDb } from '../sync/sql-db.ts';
import { readKeep, writeKeep } from './keep.ts';
import { isLeased, KeptSession, looked } from './session-keep.ts';

/**
 * Sign-in while the centre is away: whoever signed in on this desk with their password and whose lease still runs may sit down
 * again. The password itself is never kept, only what it is checked against, in the encrypted outbox.
 */
export interface OfflineSignIn {
  /** After a sign-in at the centre. */
  remember: (who: { login: string; password: string }, session: KeptSession) => Promise<void>;
  /** The lease was renewed, or the centre ended the session: part of the caller's transaction. */
  follow: (session: KeptSession) => void;
  /** A look at the clock, for everybody who may still sign in here. */
  look: () => void;
  /** Whether this agent may still sign in here without the centre. */
  knows: (agentId: string) => boolean;
  /**
   * The session to go on with: its tokens hold nothing, the lease is the one that the centre granted last.
   * @throws WRONG_PASSWORD, TOO_MANY_TRIES; null: this desk cannot tell, only the centre can.
   */
  signIn: (login: string, password: string) => Promise<KeptSession | null>;
}

/** What is left of a session: no token is kept for whoever is not there. */
const Leased = KeptSession.omit({ accessToken: true, accessUntil: true, refreshToken: true, revoked: true });
const Entry = z.object({ login: z.string(), salt: z.string(), hash: z.string(), session: Leased });
type Entry = z.infer<typeof Entry>;
const KEEP_NAME = 'session.offline';
/** More agents than take turns at one desk. */
const KEPT_MAX = 20;
const TRIES = 5;
const REST_MS = 60_000;
/** 16 MiB and some 50 ms a try: as dear as the centre's own. */
const COST = { N: 16_384, r: 8, p: 1 } as const;

export function createOfflineSignIn(options: {
  outbox: WritableDb;
  clock: Clock;
  isClosed: () => boolean;
}): OfflineSignIn {
  const { outbox, clock, isClosed } = options;
  let failures = 0;
  let restUntil = Number.NEGATIVE_INFINITY;
  const read = () => readKeep(outbox, KEEP_NAME, z.array(Entry)) ?? [];
  const write = (entries: Entry[]) =>
    writeKeep(outbox, KEEP_NAME, entries.length === 0 ? null : entries.slice(-KEPT_MAX));
  const without = (agentId: string) => read().filter((entry) => entry.session.agent.id !== agentId);

  return {
    remember: async ({ login, password }, session) => {
      const salt = randomBytes(16).toString('hex');
      const hash = await hashOf(password, salt);
      if (isClosed()) return;
      write([...without(session.agent.id), { login, salt, hash, session: Leased.parse(session) }]);
    },
    follow: (session) => {
      const entries = read();
      const entry = entries.find((one) => one.session.agent.id === session.agent.id);
      if (!entry) return;
      // The centre ended it: whoever it was signs in there.
      if (session.revoked) write(without(session.agent.id));
      else write(entries.map((one) => (one === entry ? { ...one, session: Leased.parse(session) } : one)));
    },
    look: () => {
      const entries = read();
      if (entries.length > 0) write(entries.map((one) => ({ ...one, session: looked(one.session, clock.now()) })));
    },
    knows: (agentId) => {
      const entry = read().find((one) => one.session.agent.id === agentId);
      return entry !== undefined && isLeased(blank(entry.session), clock.now());
    },
    signIn: async (login, password) => {
      const now = clock.now();
      const entry = read().find((one) => one.login === login);
      if (!entry || !isLeased(blank(entry.session), now)) return null;
      if (now < restUntil) {
        const retryAfterSeconds = Math.ceil((restUntil - now) / 1000);
        throw new DangolError('TOO_MANY_TRIES', 'wait', { data: { retryAfterSeconds } });
      }
      const [given, kept] = [await hashOf(password, entry.salt), entry.hash].map((hex) => Buffer.from(hex, 'hex'));
      if (given && kept && given.length === kept.length && timingSafeEqual(given, kept)) {
        failures = 0;
        return { ...blank(entry.session), seenUntil: Math.max(now, entry.session.seenUntil) };
      }
      failures += 1;
      if (failures % TRIES === 0) restUntil = now + REST_MS;
      throw new DangolError('WRONG_PASSWORD', 'check-input');
    },
  };
}

/** A session whose tokens hold nothing: with the centre back, the desk signs in anew. */
const blank = (session: z.infer<typeof Leased>): KeptSession => ({
  ...session,
  accessToken: '',
  accessUntil: 0,
  refreshToken: '',
  revoked: false,
});

function hashOf(password: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) =>
    scrypt(password, Buffer.from(salt, 'hex'), 32, COST, (error, key) =>
      error ? reject(error) : resolve(key.toString('hex')),
    ),
  );
}

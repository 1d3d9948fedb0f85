import { z } from 'zod';
import { Agent } from '../shared/agent.ts';
import { DeskConfig, type SignInResponse, type TokenPair } from '../shared/central-api.ts';
import { Id } from '../shared/ids.ts';
import { Instant } from '../shared/text.ts';
import type { ReadableDb, WritableDb } from '../sync/sql-db.ts';
import type { Log } from './host-context.ts';
import { readKeep, writeKeep } from './keep.ts';

/**
 * The session as outbox.db keeps it (encrypted with the file). Times are this desk's clock: a lease is a length of time that
 * the centre granted, so a clock that is wrong by two days changes nothing.
 */
export const KeptSession = z.object({
  agent: Agent,
  /** The name that this desk had at sign-in: tokens are bound to it. */
  deviceId: Id,
  accessToken: z.string(),
  accessUntil: z.number(),
  refreshToken: z.string(),
  leaseUntil: z.number(),
  /** What the centre called that moment; shown. */
  leaseUntilCentre: Instant,
  /** The latest moment this desk has seen in this session: a clock that is turned back does not lengthen the lease. */
  seenUntil: z.number(),
  /** The centre ended the session: only a sign-in goes on from here. */
  revoked: z.boolean(),
});
export type KeptSession = z.infer<typeof KeptSession>;

/** What this desk knows of the business, whoever sits here: without the line of anybody (KeptLine). */
export const KeptConfig = DeskConfig.omit({ sip: true, practice: true });
export type KeptConfig = z.infer<typeof KeptConfig>;

/**
 * What an agent's desk needs to take calls while the centre is away, their line's password with it: in the encrypted file alone,
 * and only as long as that agent's lease.
 */
export const KeptLine = z.object({ agentId: Id, config: DeskConfig });
export type KeptLine = z.infer<typeof KeptLine>;

export const KEEP = {
  session: 'session',
  lines: 'session.lines',
  deviceToken: 'device.token',
  config: 'desk.config',
  settings: 'desk.settings',
  /** See session-ends.ts. */
  ends: 'session.ends',
} as const;

export function newSession(answer: SignInResponse, deviceId: string, now: number): KeptSession {
  return { ...leased({ agent: answer.agent, deviceId, revoked: false, seenUntil: now }, answer, now) };
}

/** The session after a sign-in or a refresh: new tokens, and the lease as a length from now. */
export function leased(
  session: Pick<KeptSession, 'agent' | 'deviceId' | 'revoked' | 'seenUntil'>,
  answer: TokenPair & { leaseUntil: string; serverTime: string },
  now: number,
): KeptSession {
  return {
    agent: session.agent,
    deviceId: session.deviceId,
    accessToken: answer.accessToken,
    accessUntil: now + answer.accessExpiresIn * 1000,
    refreshToken: answer.refreshToken,
    leaseUntil: now + (Date.parse(answer.leaseUntil) - Date.parse(answer.serverTime)),
    leaseUntilCentre: answer.leaseUntil,
    seenUntil: now,
    revoked: false,
  };
}

/** Whether the lease still holds. */
export function isLeased(session: KeptSession, now: number): boolean {
  return !session.revoked && Math.max(now, session.seenUntil) < session.leaseUntil;
}

/**
 * A look at the clock. Where it was set back, the lease ends as much earlier: what is left of it stays what it was at the last
 * look, whoever turns the clock and however often.
 */
export function looked<S extends Pick<KeptSession, 'leaseUntil' | 'seenUntil'>>(session: S, now: number): S {
  const back = Math.max(0, session.seenUntil - now);
  return { ...session, leaseUntil: session.leaseUntil - back, seenUntil: now };
}

/** Keeps what a look at the clock found. A disk that is full is no reason to stop: the next look does it. */
export function keepLook(
  { outbox, log }: { outbox: WritableDb; log: Log },
  session: KeptSession | null,
  others: () => void,
): void {
  const write = () => {
    if (session) writeKeep(outbox, KEEP.session, session);
    others();
  };
  try {
    outbox.transaction(write).immediate();
  } catch {
    log('session.clock_not_kept');
  }
}

/** How often the clock is looked at: turned back, it may win so much. */
export const LOOK_EVERY_MS = 60_000;

/** Renewed this long before its end, so that no request leaves with a token that dies on the way. */
const RENEW_BEFORE_MS = 60_000;

export function isRenewalDue(session: KeptSession, now: number): boolean {
  return now >= session.accessUntil - RENEW_BEFORE_MS;
}

/** Ms until the next renewal, at least `notBeforeMs`, or the end of the lease; at most until the next look at the clock. */
export function nextStepIn(session: KeptSession, now: number, notBeforeMs: number): number {
  const untilRenewal = Math.max(notBeforeMs, session.accessUntil - RENEW_BEFORE_MS - now);
  return Math.max(0, Math.min(untilRenewal, session.leaseUntil - now, LOOK_EVERY_MS));
}

/** The desk's credential for pushing. It outlives sessions: A's pending work is pushed while B is signed in. */
export function readDeviceToken(outbox: ReadableDb): string | null {
  return readKeep(outbox, KEEP.deviceToken, z.string());
}

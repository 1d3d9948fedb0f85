import { RefreshResponse, SignInResponse } from '../shared/central-api.ts';
import { DangolError } from '../shared/errors.ts';
import { ensureDevice } from '../sync/outbox.ts';
import {
  isLeased,
  isRenewalDue,
  type KeptSession,
  LOOK_EVERY_MS,
  leased,
  newSession,
  nextStepIn,
} from './session-keep.ts';
import type { SessionOptions } from './session-options.ts';

/** What a sign-in changes in what is kept, beside the session itself. */
export interface KeepHow {
  /** Over the session before, which ends. */
  over?: boolean;
  deviceToken?: string;
}

export interface RenewalParts extends Pick<SessionOptions, 'outbox' | 'central' | 'clock' | 'log'> {
  /** null: nobody sits here, or the host is closed. */
  kept: () => KeptSession | null;
  keep: (session: KeptSession, how?: KeepHow) => void;
  /** The clock was looked at: what it says is kept, and told where the lease is over. */
  seen: () => void;
  /** New tokens are there. */
  renewed: () => void;
  /** A sign-in that was made without the centre was made good. */
  paid: (owed: Owed, session: KeptSession) => Promise<void>;
}

interface Owed {
  login: string;
  password: string;
}

const RENEW_AGAIN_MS = 30_000;

/** Keeps a session's tokens fresh: one timer, one request at a time. A renewal is also what proves that the desk may work on. */
export class SessionRenewal {
  readonly #parts: RenewalParts;
  #renewing: Promise<void> | null = null;
  #cancelTimer = () => {};
  /** Who signed in while the centre was away, to sign in there when it is back; in memory only. */
  #owed: Owed | null = null;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  owe(owed: Owed | null): void {
    this.#owed = owed;
  }

  owes(): boolean {
    return this.#owed !== null;
  }

  close(): void {
    this.#cancelTimer();
  }

  /** One timer, for the next renewal or the end of the lease. */
  plan(notBeforeMs = 0): void {
    this.#cancelTimer();
    const { clock } = this.#parts;
    const now = clock.now();
    const kept = this.#parts.kept();
    if (!kept || !isLeased(kept, now)) {
      // Those who went home may come back: their leases, too, end however the clock is turned.
      this.#cancelTimer = clock.schedule(LOOK_EVERY_MS, () => this.#look());
      return;
    }
    this.#cancelTimer = clock.schedule(nextStepIn(kept, now, notBeforeMs), () =>
      this.#onTimer().catch(() => this.plan(RENEW_AGAIN_MS)),
    );
  }

  #look(): void {
    try {
      this.#parts.seen();
    } finally {
      this.plan();
    }
  }

  /** One renewal at a time: a second one with the same refresh token would look like a theft. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #onTimer(): Promise<void> {
    this.#parts.seen();
    const kept = this.#parts.kept();
    const now = this.#parts.clock.now();
    if (!kept || !isLeased(kept, now)) return this.plan();
    if (!isRenewalDue(kept, now)) {
      this.plan();
      return;
    }
    await this.renew();
  }

  async #renewOnce(): Promise<void> {
    const { kept, keep, central, clock, log, renewed } = this.#parts;
    const before = kept();
    if (!before) return;
    if (this.#owed) return this.#pay(before, this.#owed);
    const body = { refreshToken: before.refreshToken, deviceId: before.deviceId };
    try {
      const answer = await central.ask({ method: 'POST', path: '/v1/refresh', body, answer: RefreshResponse });
      if (kept()?.refreshToken !== before.refreshToken) return;
      keep(leased(before, answer, clock.now()));
    } catch (error) {
      const ended = error instanceof DangolError && ['SIGNED_OUT', 'FORBIDDEN'].includes(error.code);
      if (ended && kept()?.refreshToken === before.refreshToken) {
        log('session.ended_by_centre');
        keep({ ...before, revoked: true });
      }
      throw error;
    }
    renewed();
  }

  /** The sign-in that the centre has not seen yet. It may refuse: the password was changed, or the agent let go. */
  async #pay(before: KeptSession, owed: Owed): Promise<void> {
    const { kept, keep, central, clock, log, outbox, renewed, paid } = this.#parts;
    try {
      const { deviceId } = ensureDevice(outbox);
      const body = { ...owed, deviceId };
      const answer = await central.ask({ method: 'POST', path: '/v1/sign-in', body, answer: SignInResponse });
      if (kept() === null || this.#owed !== owed) return;
      this.#owed = null;
      const session = newSession(answer, deviceId, clock.now());
      keep(session, { over: true, deviceToken: answer.deviceToken });
      await paid(owed, session);
    } catch (error) {
      const refused = error instanceof DangolError && ['WRONG_PASSWORD', 'FORBIDDEN'].includes(error.code);
      if (refused && kept() !== null && this.#owed === owed) {
        log('session.refused_afterwards');
        this.#owed = null;
        keep({ ...before, revoked: true });
      }
      throw error;
    }
    renewed();
  }
}

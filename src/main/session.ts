import type { Agent } from '../shared/agent.ts';
import { type CallingPolicy, DeskConfig, RefreshResponse, SignInResponse } from '../shared/central-api.ts';
import { DangolError } from '../shared/errors.ts';
import type { SessionState } from '../shared/host-types.ts';
import type { Clock } from '../sync/clock.ts';
import { ensureDevice } from '../sync/outbox.ts';
import type { WritableDb } from '../sync/sql-db.ts';
import type { CentralClient } from './central-client.ts';
import type { Log, Seat } from './host-context.ts';
import { readKeep, writeKeep } from './keep.ts';
import { createOfflineSignIn, type OfflineSignIn } from './offline-sign-in.ts';
import { createSessionEnds, type SessionEnds } from './session-ends.ts';
import {
  isLeased,
  isRenewalDue,
  KEEP,
  KeptConfig,
  KeptSession,
  leased,
  newSession,
  nextStepIn,
  readDeviceToken,
} from './session-keep.ts';

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

const RENEW_AGAIN_MS = 30_000;
const CONFIG_TIMEOUT_MS = 5000;
const ASK_CONFIG_AGAIN_MS = 2000;

/**
 * Who works at this desk: sign-in, tokens, lease, and the configuration that comes with it.
 * signed_out -> signed_in -> locked (the lease ran out, or the centre ended the session) -> signed_in. Once locked, only a
 * sign-in goes on: whoever starts the desk the next morning is not the one who left it.
 */
export class Session implements Seat {
  readonly #options: SessionOptions;
  #kept: KeptSession | null;
  #keptConfig: KeptConfig | null;
  #config: DeskConfig | null = null;
  #renewing: Promise<void> | null = null;
  #cancelTimer = () => {};
  #closed = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  readonly #ends: SessionEnds;
  readonly #offline: OfflineSignIn;
  /** Who signed in while the centre was away, to sign in there when it is back; in memory only. */
  #owed: { login: string; password: string } | null = null;
  /** In memory only, for whoever signs in again while the centre is away: their line comes with it. */
  readonly #configs = new Map<string, DeskConfig>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#kept = readKeep(options.outbox, KEEP.session, KeptSession);
    this.#keptConfig = readKeep(options.outbox, KEEP.config, KeptConfig);
    this.#ends = createSessionEnds(options);
    this.#offline = createOfflineSignIn({ ...options, isClosed: () => this.#closed });
    this.#ends.send();
    this.#plan();
  }

  state(): SessionState {
    const { centralUrl, practice, clock } = this.#options;
    const kept = this.#kept;
    if (!kept) return { status: 'signed_out', centralUrl, practice };
    if (!isLeased(kept, clock.now())) return { status: 'locked', agent: kept.agent, centralUrl, practice };
    const leaseUntil = new Date(kept.leaseUntil).toISOString();
    return { status: 'signed_in', agent: kept.agent, centralUrl, practice, leaseUntil, config: this.#config };
  }

  author(): Agent {
    if (!this.#kept) throw new DangolError('SIGNED_OUT', 'sign-in');
    return this.#kept.agent;
  }

  reader(): Agent {
    const agent = this.author();
    if (this.state().status === 'locked') throw new DangolError('LOCKED', 'sign-in');
    return agent;
  }

  config(): DeskConfig | null {
    return this.#config;
  }

  policy(): CallingPolicy | null {
    return (this.#config ?? this.#keptConfig)?.policy ?? null;
  }

  isLine(extension: string): boolean {
    const { directory = [] } = this.#config ?? this.#keptConfig ?? {};
    return directory.some((colleague) => colleague.extension === extension);
  }

  country(): string {
    return this.policy()?.country ?? 'KR';
  }

  /** Whether the centre runs on the practice store, as it said last. */
  practiceStore(): boolean {
    return (this.#config ?? this.#keptConfig)?.practiceStore ?? false;
  }

  /**
   * At the centre; where it is away, by what this desk knows of those whose lease still runs.
   * Errors: CENTRE_UNREACHABLE, CENTRE_NONSENSE, WRONG_PASSWORD, TOO_MANY_TRIES.
   */
  async signIn(login: string, password: string): Promise<SessionState> {
    try {
      await this.#signInAt('/v1/sign-in', { login, password });
    } catch (error) {
      if (!isAway(error) || this.#closed) throw error;
      const found = await this.#offline.signIn(login, password);
      if (found === null || this.#closed) throw error;
      this.#owed = { login, password };
      this.#config = this.#configs.get(found.agent.id) ?? null;
      this.#keep(found, { over: true });
      return this.state();
    }
    if (this.#kept && !this.#closed) await this.#offline.remember({ login, password }, this.#kept);
    return this.state();
  }

  /** One click, where the centre holds practice data. */
  signInDemo(login: string): Promise<SessionState> {
    return this.#signInAt('/v1/sign-in-demo', { login });
  }

  signOut(): SessionState {
    this.#config = null;
    this.#owed = null;
    this.#keep(null);
    return this.state();
  }

  /** The centre let nobody work here any more: locked, whoever sits here. */
  shut(): void {
    if (this.#kept && !this.#kept.revoked) this.#keep({ ...this.#kept, revoked: true });
  }

  /** A token for requests in the agent's name, renewed when it is about to end; null: nobody is signed in. */
  async accessToken(): Promise<string | null> {
    if (this.state().status !== 'signed_in') return null;
    if (this.#kept && isRenewalDue(this.#kept, this.#options.clock.now())) await this.#renew();
    return this.#kept?.accessToken ?? null;
  }

  /** The desk's own credential for pushing, whoever is signed in; null: nobody ever was. */
  deviceToken(): string | null {
    return readDeviceToken(this.#options.outbox);
  }

  /** The token as it is now, for a transport that renews by itself. */
  currentToken(): string | null {
    return this.state().status === 'signed_in' ? (this.#kept?.accessToken ?? null) : null;
  }

  /** Gets a new access token. False: the agent has to sign in again. @throws CENTRE_UNREACHABLE, CENTRE_NONSENSE. */
  async renewToken(): Promise<boolean> {
    if (this.currentToken() === null) return false;
    try {
      await this.#renew();
    } catch (error) {
      if (this.state().status === 'signed_in') throw error;
    }
    return this.currentToken() !== null;
  }

  /** The centre answered somebody: if it did not tell this desk its configuration since the start, it may now. */
  centreIsThere(): void {
    const now = this.#options.clock.now();
    if (this.#config !== null || Math.abs(now - this.#askedAt) < ASK_CONFIG_AGAIN_MS) return;
    void this.refreshConfig();
  }

  /** Asks for the configuration again. A failure is logged and tried again with the next contact or renewal. */
  async refreshConfig(): Promise<void> {
    const { central, outbox, log } = this.#options;
    try {
      const token = await this.accessToken();
      if (token === null) return;
      this.#askedAt = this.#options.clock.now();
      const request = { path: '/v1/desk-config', token, answer: DeskConfig, timeoutMs: CONFIG_TIMEOUT_MS };
      const answer = await central.ask(request);
      if (this.#closed || this.#kept?.accessToken !== token) return;
      const changed = JSON.stringify(answer) !== JSON.stringify(this.#config);
      this.#config = answer;
      if (this.#kept) this.#configs.set(this.#kept.agent.id, answer);
      this.#keptConfig = KeptConfig.parse(answer);
      writeKeep(outbox, KEEP.config, this.#keptConfig);
      if (changed) this.#options.onChange(this.state());
    } catch (error) {
      log('session.no_config', { code: error instanceof DangolError ? error.code : 'INTERNAL' });
    }
  }

  close(): void {
    this.#closed = true;
    this.#ends.close();
    this.#cancelTimer();
  }

  async #signInAt(path: string, body: Record<string, string>): Promise<SessionState> {
    const { outbox, central, clock } = this.#options;
    const { deviceId } = ensureDevice(outbox);
    const answer = await central.ask({ method: 'POST', path, body: { ...body, deviceId }, answer: SignInResponse });
    if (this.#closed) return this.state();
    // Whoever signed in while the centre was away keeps their line.
    if (this.#owed === null) this.#config = null;
    this.#owed = null;
    this.#keep(newSession(answer, deviceId, clock.now()), { over: true, deviceToken: answer.deviceToken });
    await this.refreshConfig();
    return this.state();
  }

  /** Session, device token and the end of the session before in one commit; who listens hears of it after that. */
  #keep(next: KeptSession | null, how: { over?: boolean; deviceToken?: string } = {}): void {
    const { outbox, onChange } = this.#options;
    const before = this.#kept;
    // A sign-out, or a sign-in over a session: a renewal keeps its own.
    const ended = before !== null && (next === null || how.over === true);
    outbox
      .transaction(() => {
        if (ended) this.#ends.add(before);
        const followed = next ?? before;
        if (followed) this.#offline.follow(followed);
        writeKeep(outbox, KEEP.session, next);
        if (how.deviceToken !== undefined) writeKeep(outbox, KEEP.deviceToken, how.deviceToken);
      })
      .immediate();
    this.#kept = next;
    if (ended) this.#ends.send();
    this.#plan();
    onChange(this.state());
  }

  /** One timer, for the next renewal or the end of the lease. A renewal is also what proves that the desk may work on. */
  #plan(notBeforeMs = 0): void {
    this.#cancelTimer();
    const { clock } = this.#options;
    const now = clock.now();
    const kept = this.#kept;
    if (this.#closed || !kept || !isLeased(kept, now)) return;
    this.#cancelTimer = clock.schedule(nextStepIn(kept, now, notBeforeMs), () =>
      this.#onTimer().catch(() => this.#plan(RENEW_AGAIN_MS)),
    );
  }

  async #onTimer(): Promise<void> {
    const { outbox, clock, onChange } = this.#options;
    if (this.#closed || !this.#kept) return;
    this.#kept = { ...this.#kept, seenUntil: Math.max(clock.now(), this.#kept.seenUntil) };
    writeKeep(outbox, KEEP.session, this.#kept);
    if (!isLeased(this.#kept, clock.now())) return onChange(this.state());
    if (!isRenewalDue(this.#kept, clock.now())) return this.#plan();
    await this.#renew();
  }

  /** One renewal at a time: a second one with the same refresh token would look like a theft. */
  #renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    const before = this.#kept;
    if (!before) return;
    if (this.#owed) return this.#payOwed(before, this.#owed);
    const body = { refreshToken: before.refreshToken, deviceId: before.deviceId };
    try {
      const request = { method: 'POST', path: '/v1/refresh', body, answer: RefreshResponse } as const;
      const answer = await this.#options.central.ask(request);
      if (this.#closed || this.#kept?.refreshToken !== before.refreshToken) return;
      this.#keep(leased(before, answer, this.#options.clock.now()));
    } catch (error) {
      const ended = error instanceof DangolError && ['SIGNED_OUT', 'FORBIDDEN'].includes(error.code);
      if (ended && !this.#closed && this.#kept?.refreshToken === before.refreshToken) {
        this.#options.log('session.ended_by_centre');
        this.#keep({ ...before, revoked: true });
      }
      throw error;
    }
    // Not awaited: it asks for a token itself, and this renewal is what it would wait for.
    void this.refreshConfig();
  }

  /** The sign-in that the centre has not seen yet. It may refuse: the password was changed, or the agent let go. */
  async #payOwed(before: KeptSession, owed: { login: string; password: string }): Promise<void> {
    try {
      const { deviceId } = ensureDevice(this.#options.outbox);
      const request = {
        method: 'POST',
        path: '/v1/sign-in',
        body: { ...owed, deviceId },
        answer: SignInResponse,
      } as const;
      const answer = await this.#options.central.ask(request);
      if (this.#closed || this.#owed !== owed) return;
      this.#owed = null;
      const session = newSession(answer, deviceId, this.#options.clock.now());
      this.#keep(session, { over: true, deviceToken: answer.deviceToken });
      await this.#offline.remember(owed, session);
    } catch (error) {
      const refused = error instanceof DangolError && ['WRONG_PASSWORD', 'FORBIDDEN'].includes(error.code);
      if (refused && !this.#closed && this.#owed === owed) {
        this.#options.log('session.refused_afterwards');
        this.#owed = null;
        this.#keep({ ...before, revoked: true });
      }
      throw error;
    }
    void this.refreshConfig();
  }
}

const isAway = (error: unknown) => error instanceof DangolError && error.code === 'CENTRE_UNREACHABLE';

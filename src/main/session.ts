import type { Agent } from '../shared/agent.ts';
import { type CallingPolicy, type DeskConfig, SignInResponse } from '../shared/central-api.ts';
import type { CurrentRule } from '../shared/current-customer.ts';
import { DangolError } from '../shared/errors.ts';
import type { SessionState } from '../shared/host-types.ts';
import { ensureDevice } from '../sync/outbox.ts';
import { hasLiveCall } from './calls.ts';
import type { Seat } from './host-context.ts';
import { readKeep, writeKeep } from './keep.ts';
import { createOfflineSignIn, type OfflineSignIn } from './offline-sign-in.ts';
import { SessionConfig } from './session-config.ts';
import { createSessionEnds, type SessionEnds } from './session-ends.ts';
import {
  isLeased,
  isRenewalDue,
  KEEP,
  KeptSession,
  keepLook,
  looked,
  newSession,
  readDeviceToken,
} from './session-keep.ts';
import { isAway, type SessionOptions } from './session-options.ts';
import { type KeepHow, SessionRenewal } from './session-renewal.ts';

/**
 * Who works at this desk: sign-in, tokens, lease, and the configuration that comes with it.
 * signed_out -> signed_in -> locked (the lease ran out, or the centre ended the session) -> signed_in. Once locked, only a
 * sign-in goes on: whoever starts the desk the next morning is not the one who left it.
 */
export class Session implements Seat {
  readonly #options: SessionOptions;
  #kept: KeptSession | null;
  readonly #config: SessionConfig;
  readonly #renewal: SessionRenewal;
  /** Who signed out in a call: the line lives on, and its calls are theirs. */
  #left: Agent | null = null;
  #closed = false;
  readonly #ends: SessionEnds;
  readonly #offline: OfflineSignIn;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#kept = readKeep(options.outbox, KEEP.session, KeptSession);
    const sitting = () => (this.#closed ? null : this.#kept);
    this.#config = new SessionConfig({
      ...options,
      accessToken: () => this.accessToken(),
      sitting: () => (this.state().status === 'signed_in' ? sitting() : null),
      changed: () => options.onChange(this.state()),
    });
    this.#ends = createSessionEnds(options);
    this.#offline = createOfflineSignIn({ ...options, isClosed: () => this.#closed });
    this.#renewal = new SessionRenewal({
      ...options,
      kept: sitting,
      keep: (session, how) => this.#keep(session, how),
      seen: () => this.#look(() => this.state().status === 'locked' && options.onChange(this.state())),
      // Not awaited: it asks for a token itself, and this renewal is what it would wait for.
      renewed: () => void this.refreshConfig(),
      paid: (owed, session) => this.#offline.remember(owed, session),
    });
    this.#look();
    if (this.#kept && this.state().status === 'signed_in') this.#config.recall(this.#kept.agent.id);
    this.#ends.send();
    this.#renewal.plan();
  }

  state(): SessionState {
    const { centralUrl, practice, clock } = this.#options;
    const kept = this.#kept;
    if (!kept) return { status: 'signed_out', centralUrl, practice };
    if (!isLeased(kept, clock.now())) return { status: 'locked', agent: kept.agent, centralUrl, practice };
    const leaseUntil = new Date(kept.leaseUntil).toISOString();
    return { status: 'signed_in', agent: kept.agent, centralUrl, practice, leaseUntil, config: this.#config.now() };
  }

  author(): Agent {
    if (!this.#kept) throw new DangolError('SIGNED_OUT', 'sign-in');
    return this.#kept.agent;
  }

  caller(callId: string): Agent {
    const left = this.#left;
    const theirs = !this.#kept && left !== null && hasLiveCall(this.#options.outbox, left.id, callId);
    return theirs ? left : this.author();
  }

  reader(): Agent {
    const agent = this.author();
    if (this.state().status === 'locked') throw new DangolError('LOCKED', 'sign-in');
    return agent;
  }

  config(): DeskConfig | null {
    return this.#config.now();
  }

  policy(): CallingPolicy | null {
    return this.#config.known()?.policy ?? null;
  }

  currentRule(): CurrentRule | null {
    return this.#config.known()?.currentCustomer ?? null;
  }

  isLine(extension: string): boolean {
    return (this.#config.known()?.directory ?? []).some((colleague) => colleague.extension === extension);
  }

  country(): string {
    return this.policy()?.country ?? 'KR';
  }

  /** Whether the centre runs on the practice store, as it said last. */
  practiceStore(): boolean {
    return this.#config.known()?.practiceStore ?? false;
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
      this.#renewal.owe({ login, password });
      this.#config.recall(found.agent.id);
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
    const agent = this.#kept?.agent ?? null;
    this.#left = agent !== null && hasLiveCall(this.#options.outbox, agent.id) ? agent : null;
    this.#config.forget();
    this.#renewal.owe(null);
    this.#keep(null);
    return this.state();
  }

  /** The centre let nobody work here any more: locked, whoever sits here. */
  shut(): void {
    if (!this.#kept || this.#kept.revoked) return;
    // Before it is written: a full disk must not keep the desk open.
    this.#kept = { ...this.#kept, revoked: true };
    this.#options.onChange(this.state());
    this.#keep(this.#kept);
  }

  /** A token for requests in the agent's name, renewed when it is about to end; null: nobody is signed in. */
  async accessToken(): Promise<string | null> {
    if (this.state().status !== 'signed_in') return null;
    if (this.#kept && isRenewalDue(this.#kept, this.#options.clock.now())) await this.#renewal.renew();
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
      await this.#renewal.renew();
    } catch (error) {
      if (this.state().status === 'signed_in') throw error;
    }
    return this.currentToken() !== null;
  }

  centreIsThere(): void {
    this.#config.centreIsThere();
  }

  refreshConfig(): Promise<void> {
    return this.#config.refresh();
  }

  close(): void {
    this.#closed = true;
    this.#ends.close();
    this.#renewal.close();
  }

  async #signInAt(path: string, body: Record<string, string>): Promise<SessionState> {
    const { outbox, central, clock } = this.#options;
    const { deviceId } = ensureDevice(outbox);
    const answer = await central.ask({ method: 'POST', path, body: { ...body, deviceId }, answer: SignInResponse });
    if (this.#closed) return this.state();
    // Whoever signed in while the centre was away keeps their line.
    if (!this.#renewal.owes()) this.#config.forget();
    this.#renewal.owe(null);
    this.#keep(newSession(answer, deviceId, clock.now()), { over: true, deviceToken: answer.deviceToken });
    await this.refreshConfig();
    return this.state();
  }

  /** Session, device token and the end of the session before in one commit; who listens hears of it after that. */
  #keep(next: KeptSession | null, how: KeepHow = {}): void {
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
    this.#forgetLines();
    if (next) this.#left = null;
    if (ended) this.#ends.send();
    this.#renewal.plan();
    onChange(this.state());
  }

  /** Whose lease is over leaves no line here. */
  #forgetLines(): void {
    const sits = this.state().status === 'signed_in' && this.#kept;
    this.#config.keepLinesOf((id) => (sits && sits.agent.id === id) || this.#offline.knows(id));
  }

  /** What the clock says is kept: turned back, it lengthens no lease. A disk that is full is no reason to stop. */
  #look(after: () => void = () => {}): void {
    this.#kept = this.#kept && looked(this.#kept, this.#options.clock.now());
    keepLook(this.#options, this.#kept, () => {
      this.#offline.look();
      this.#forgetLines();
    });
    after();
  }
}

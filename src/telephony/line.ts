import { retryDelay } from './back-off.ts';
import { FailBack } from './fail-back.ts';
import { KeepAlive } from './keep-alive.ts';
import type { LineOptions } from './line-options.ts';
import type { RegistrationProblem, RegistrationState } from './phone-types.ts';
import type { RegisterResult } from './registration.ts';

/** In a call the same server is tried this often before another: one that does not know the call would end it (481). */
const PATIENCE_IN_CALL = 3;
/** While an emergency call waits. */
const URGENT_RETRY_MS = 1_000;

/** Keeps the phone registered (states: line-options.ts): connects, registers, refreshes, notices a dead line, and tries again for ever. */
export class Line {
  readonly #options: LineOptions;
  readonly #keepAlive: KeepAlive;
  readonly #failBack: FailBack;
  #state: RegistrationState = { state: 'stopped' };
  #running = false;
  #retired = false;
  #attempt = 0;
  #outageSince = 0;
  #stopTimer: (() => void) | null = null;
  #stopListening: (() => void) | null = null;
  #newSocket = false;
  /** Distinguishes this try from one that was overtaken. */
  #round = 0;

  constructor(options: LineOptions) {
    this.#options = options;
    const { startTimer, now } = options.environment;
    this.#keepAlive = new KeepAlive({
      startTimer,
      now,
      probe: options.probe,
      busy: options.busy,
      dead: () => {
        options.log('line dead');
        options.wire.giveUp();
      },
    });
    this.#failBack = new FailBack({
      environment: options.environment,
      first: () => options.servers.first(),
      busy: options.busy,
      go: () => void this.#moveHome(),
    });
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    this.#outageSince = this.#options.environment.now();
    this.#stopListening = this.#options.environment.onWake(() => this.#wake());
    void this.#try();
  }

  /**
   * Another window has registered this account, with the Contact that is ours, too: nothing is registered here any more, and
   * nothing unregistered, which would take that window off the PBX. The socket stays for the calls that are on.
   */
  retire(retired: boolean): void {
    if (this.#retired === retired) return;
    this.#retired = retired;
    this.#stopTimer?.();
    this.#failBack.stop(retired);
    if (this.#running) void this.#try();
  }

  /** Unregisters if there is a line, waits at most a second for the answer, and closes the socket. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#round++;
    this.#stopTimer?.();
    this.#stopListening?.();
    this.#keepAlive.stop();
    this.#failBack.stop(true);
    if (!this.#retired) await this.#options.registration.leave();
    await this.#options.wire.disconnect();
    this.#become({ state: 'stopped' });
  }

  /** Back to the first server, while nobody talks. It is one binding after the other, never two. */
  async #moveHome(): Promise<void> {
    this.#options.log('moving home');
    this.#stopTimer?.();
    this.#keepAlive.stop();
    const round = ++this.#round;
    this.#become({ state: 'connecting', since: this.#options.environment.now(), attempt: 1 });
    await this.#options.registration.leave();
    await this.#options.wire.disconnect();
    if (round !== this.#round || !this.#running) return;
    this.#options.servers.backToFirst();
    await this.#try();
  }

  /** Anything came over the current socket. */
  heard(): void {
    this.#keepAlive.heard();
  }

  /** The current socket ended. */
  lost(): void {
    this.#keepAlive.stop();
    this.#failBack.stop(false);
    if (!this.#running) return;
    this.#round++;
    this.#options.registration.forget();
    this.#retry('socket_lost', null);
  }

  async #try(): Promise<void> {
    const round = ++this.#round;
    const { wire, environment, log } = this.#options;
    this.#attempt++;
    if (!wire.isConnected()) {
      this.#become({ state: 'connecting', since: environment.now(), attempt: this.#attempt });
      this.#newSocket = true;
      try {
        await wire.open();
      } catch {
        if (round === this.#round && this.#running) this.#failed('unreachable', null);
        return;
      }
      if (round !== this.#round || !this.#running) return;
      log('socket open', { attempt: this.#attempt });
      this.#keepAlive.start();
      this.#options.opened();
    }
    if (this.#retired) {
      this.#attempt = 0;
      this.#become({ state: 'stopped' });
      this.#tellNewSocket();
      return;
    }
    const result = await this.#options.registration.register();
    if (round === this.#round && this.#running) this.#registerEnded(result);
  }

  #registerEnded(result: RegisterResult): void {
    const { log, wire } = this.#options;
    switch (result.result) {
      case 'registered':
        this.#registered(result.expiresInSeconds);
        return;
      case 'wrong_password':
        log('register refused', { status: result.status });
        this.#retry('wrong_password', null);
        return;
      case 'rejected':
        log('register refused', { status: result.status });
        // Another server is asked where this one is unwell, not where it says no.
        if (result.status >= 500) this.#failed('rejected', result.retryAfterMs);
        else this.#retry('rejected', result.retryAfterMs);
        return;
      case 'timeout':
        log('register unanswered');
        // A line that does not answer a REGISTER is not trusted: the next try has a new socket.
        this.#keepAlive.stop();
        void wire.disconnect();
        this.#failed('timeout', null);
        return;
    }
  }

  /** The server itself failed: the next one is tried, at once where it has not failed, too. */
  #failed(reason: RegistrationProblem, retryAfterMs: number | null): void {
    const { servers, wire, environment, busy, log } = this.#options;
    if (busy() && this.#attempt < PATIENCE_IN_CALL) {
      this.#retry(reason, retryAfterMs);
      return;
    }
    const before = servers.current();
    const next = servers.failedNow(environment.now(), retryAfterMs);
    if (servers.current() === before) {
      this.#retry(reason, next.retryAfterMs);
      return;
    }
    log('other server', { backup: servers.onBackup() });
    this.#failBack.stop(false);
    this.#keepAlive.stop();
    void wire.disconnect();
    this.#retry(reason, next.retryAfterMs, next.fresh);
  }

  #registered(expiresInSeconds: number): void {
    const { environment, log, servers } = this.#options;
    this.#attempt = 0;
    servers.succeeded();
    const backup = servers.onBackup();
    if (backup) this.#failBack.start();
    else this.#failBack.stop(true);
    this.#stopTimer?.();
    this.#stopTimer = environment.startTimer(Math.max(5, expiresInSeconds / 2) * 1_000, () => void this.#try());
    const refreshed = this.#state.state === 'registered';
    log('registered', { refreshed, expiresInSeconds });
    this.#become({
      state: 'registered',
      since: this.#state.state === 'registered' ? this.#state.since : environment.now(),
      expiresInSeconds,
      ...(backup ? { backup } : {}),
    });
    this.#tellNewSocket();
  }

  #tellNewSocket(): void {
    if (!this.#newSocket) return;
    this.#newSocket = false;
    this.#options.reconnected();
  }

  #retry(reason: RegistrationProblem, retryAfterMs: number | null, fresh = false): void {
    const { environment, log } = this.#options;
    const now = environment.now();
    if (this.#state.state === 'registered') this.#outageSince = now;
    const nextTryInMs = retryDelay({
      reason: fresh ? 'unreachable' : reason,
      attempt: fresh ? 1 : Math.max(1, this.#attempt),
      outageMs: now - this.#outageSince,
      retryAfterMs,
      random: environment.random(),
    });
    log('retrying', { reason, nextTryInMs });
    this.#stopTimer?.();
    const inMs = this.#options.urgent() ? Math.min(nextTryInMs, URGENT_RETRY_MS) : nextTryInMs;
    this.#stopTimer = environment.startTimer(inMs, () => void this.#try());
    this.#become({ state: 'retrying', since: now, attempt: this.#attempt, nextTryInMs, reason });
  }

  /** An emergency call needs a socket, now. @returns false where this line is not running. */
  hurry(): boolean {
    if (this.#running && this.#state.state === 'retrying' && !this.#options.wire.isConnected()) {
      this.#stopTimer?.();
      void this.#try();
    }
    return this.#running;
  }

  /** The network or the page is back. A refusal by the PBX is not cured by that: those waits are kept. */
  #wake(): void {
    const state = this.#state;
    if (state.state === 'registered' || (this.#retired && state.state === 'stopped')) {
      this.#keepAlive.check();
      return;
    }
    if (state.state !== 'retrying' || state.reason === 'wrong_password' || state.reason === 'rejected') return;
    this.#stopTimer?.();
    void this.#try();
  }

  #become(state: RegistrationState): void {
    if (this.#state.state === 'stopped' && state.state === 'stopped') return;
    this.#state = state;
    this.#options.changed(state);
  }
}

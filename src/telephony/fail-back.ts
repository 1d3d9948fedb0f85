import type { PhoneEnvironment, Socket } from './phone-environment.ts';

export interface FailBackOptions {
  environment: Pick<PhoneEnvironment, 'openSocket' | 'startTimer' | 'random'>;
  /** The address that is preferred. */
  first: () => string;
  /** True while a call is live: nothing is moved under it. */
  busy: () => boolean;
  /** It can be reached again, and nobody is talking. */
  go: () => void;
}

const FIRST_LOOK_MS = 60_000;
const RAREST_LOOK_MS = 15 * 60_000;
const BUSY_LOOK_MS = 5_000;
const REACH_PATIENCE_MS = 3_000;

/** While the phone is registered at a backup: looks for the first server now and then, ever more rarely. */
export class FailBack {
  readonly #options: FailBackOptions;
  #interval = FIRST_LOOK_MS;
  #stopTimer: (() => void) | null = null;
  #socket: Socket | null = null;

  constructor(options: FailBackOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopTimer) return;
    this.#wait(this.#interval * (1 + this.#options.environment.random() * 0.2));
  }

  /** @param home true where the first server is in use: next time it is looked for as soon as ever. */
  stop(home: boolean): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#close();
    if (home) this.#interval = FIRST_LOOK_MS;
  }

  #wait(milliseconds: number): void {
    this.#stopTimer = this.#options.environment.startTimer(milliseconds, () => this.#look());
  }

  #look(): void {
    if (this.#options.busy()) {
      this.#wait(BUSY_LOOK_MS);
      return;
    }
    this.#interval = Math.min(this.#interval * 2, RAREST_LOOK_MS);
    const { environment, first, go, busy } = this.#options;
    const missed = () => {
      if (!this.#close(socket)) return;
      this.#stopTimer?.();
      this.#wait(this.#interval);
    };
    let socket: Socket | null = null;
    this.#stopTimer = environment.startTimer(REACH_PATIENCE_MS, () => missed());
    try {
      socket = environment.openSocket(first());
    } catch {
      this.#stopTimer();
      this.#wait(this.#interval);
      return;
    }
    this.#socket = socket;
    socket.addEventListener('error', missed);
    socket.addEventListener('close', missed);
    socket.addEventListener('open', () => {
      if (busy() || this.#socket !== socket) {
        missed();
        return;
      }
      this.stop(false);
      go();
    });
  }

  /** @returns false where it was closed before. */
  #close(socket = this.#socket): boolean {
    if (!socket || this.#socket !== socket) return false;
    this.#socket = null;
    try {
      socket.close();
    } catch {
      // Still connecting: forgotten either way.
    }
    return true;
  }
}

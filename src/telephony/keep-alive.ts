import type { StartTimer } from './timers.ts';

export interface KeepAliveOptions {
  startTimer: StartTimer;
  now: () => number;
  /** Sends something that the far side must answer. */
  probe: () => void;
  /** True while a call is live: then a dead line is seen sooner. */
  busy: () => boolean;
  /** Nothing was heard after a probe: the line is dead. */
  dead: () => void;
}

/*
 * A half-open socket looks connected for minutes. Whatever is heard proves life; after a quiet time the far side is
 * asked, and without any sound the line is dead: 5 + 4 s idle, 2 + 2.5 s in a call.
 */
const IDLE = { quiet: 5_000, patience: 4_000 };
const IN_CALL = { quiet: 2_000, patience: 2_500 };
/** After sleep the line is asked at once and must answer soon: registered 3 s after waking. */
const AFTER_SLEEP_PATIENCE = 1_500;
const TICK_MS = 500;
/** Ticks this late mean that the machine slept or the process was stopped. */
const SLEPT_MS = 5_000;

/** Watches one connected socket. start() when it is open, stop() when it is given up. */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  #stopTimer: (() => void) | null = null;
  #heardAt = 0;
  #tickedAt = 0;
  #probe: { at: number; patience: number } | null = null;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#heardAt = this.#options.now();
    this.#tickedAt = this.#heardAt;
    this.#schedule();
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#probe = null;
  }

  /** Something came from the far side. */
  heard(): void {
    this.#heardAt = this.#options.now();
    this.#probe = null;
  }

  /** Asks now, with little patience: the page woke up or the network changed. */
  check(): void {
    if (this.#stopTimer === null) return;
    this.#ask(AFTER_SLEEP_PATIENCE);
  }

  #ask(patience: number): void {
    this.#probe = { at: this.#options.now(), patience };
    this.#options.probe();
  }

  #schedule(): void {
    this.#stopTimer = this.#options.startTimer(TICK_MS, () => this.#tick());
  }

  #tick(): void {
    const now = this.#options.now();
    const slept = now - this.#tickedAt > SLEPT_MS;
    this.#tickedAt = now;
    this.#schedule();
    if (slept) {
      this.check();
      return;
    }
    const { quiet, patience } = this.#options.busy() ? IN_CALL : IDLE;
    if (this.#probe) {
      if (now - this.#probe.at >= Math.min(this.#probe.patience, patience)) {
        this.stop();
        this.#options.dead();
      }
      return;
    }
    if (now - this.#heardAt >= quiet) this.#ask(patience);
  }
}

import type { MediaState } from './media-options.ts';
import type { StartTimer } from './timers.ts';

export interface MediaWatchOptions {
  startTimer: StartTimer;
  state: () => MediaState;
  /** False while there is no socket. */
  connected: () => boolean;
  /** Somebody else announced something before this one answered: their path may be in the way. */
  forked: () => boolean;
  /** A new network path is to be looked for. */
  restart: () => void;
  /** There was no audio for too long. */
  lost: (interrupted: boolean) => void;
}

/** Audio that does not flow for this long ends the call. */
const MEDIA_PATIENCE_MS = 15_000;
/** After this an interrupted call looks for a new network path. */
const ICE_RESTART_MS = 2_500;
const FORKED_RESTART_MS = 1_200;

/** Runs from the first moment of a call without audio; only audio stops it. */
export class MediaWatch {
  readonly #options: MediaWatchOptions;
  #stopTimers: (() => void)[] = [];

  constructor(options: MediaWatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopTimers.length > 0) return;
    const { startTimer, state, connected, lost, forked } = this.#options;
    const stopPatience = startTimer(MEDIA_PATIENCE_MS, () => lost(state() === 'interrupted'));
    let stopRestart = () => {};
    const restart = () => {
      stopRestart = startTimer(ICE_RESTART_MS, restart);
      if (connected() && (forked() || state() === 'interrupted')) this.#options.restart();
    };
    stopRestart = startTimer(forked() ? FORKED_RESTART_MS : ICE_RESTART_MS, restart);
    this.#stopTimers = [stopPatience, () => stopRestart()];
  }

  stop(): void {
    for (const stop of this.#stopTimers) stop();
    this.#stopTimers = [];
  }
}

import type { PhoneCall } from './phone-types.ts';
import { type Judgement, judge } from './quality.ts';
import { type AudioSample, readSample } from './quality-sample.ts';
import type { StartTimer } from './timers.ts';

export interface QualityWatchOptions {
  startTimer: StartTimer;
  now: () => number;
  /** The call as it is now. */
  call: () => PhoneCall | undefined;
  /** null: there is no connection (any more). */
  stats: () => Promise<RTCStatsReport | null>;
  tell: (judgement: Judgement) => void;
}

export const QUALITY_EVERY_MS = 2_000;
const KEPT_SAMPLES = 4;

/**
 * Judges one call every 2 s from its answer to its end. What the agent does (mute, hold) begins a new stretch: an interval
 * that is half on hold says nothing.
 */
export class QualityWatch {
  readonly #options: QualityWatchOptions;
  #samples: AudioSample[] = [];
  #stretch = '';
  #stopTimer: (() => void) | null = null;
  #running = false;

  constructor(options: QualityWatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#look();
  }

  stop(): void {
    this.#running = false;
    this.#stopTimer?.();
  }

  async #look(): Promise<void> {
    const { startTimer, now, call, stats, tell } = this.#options;
    this.#stopTimer = startTimer(QUALITY_EVERY_MS, () => void this.#look());
    const before = call();
    const report = await stats().catch(() => null);
    const live = call();
    if (!this.#running || !report || live?.phase !== 'talking' || before !== live) return;
    const parked = live.hold !== 'none';
    const stretch = `${live.muted} ${parked}`;
    if (stretch !== this.#stretch) this.#samples = [];
    this.#stretch = stretch;
    this.#samples = [...this.#samples, readSample(report, now())].slice(-KEPT_SAMPLES);
    const judgement = judge(this.#samples, { muted: live.muted, parked });
    if (judgement) tell(judgement);
  }
}

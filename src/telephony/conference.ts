import type { CallControl } from './call-control.ts';
import type { CallDrivers } from './call-drivers.ts';
import { mixTwo } from './mixer.ts';
import type { PhoneEnvironment } from './phone-environment.ts';
import type { PhoneStore } from './phone-store.ts';
import type { PhoneCall, PhoneOptions } from './phone-types.ts';

export interface ConferenceOptions {
  environment: PhoneEnvironment;
  store: PhoneStore;
  drivers: CallDrivers;
  control: () => CallControl;
  log: PhoneOptions['log'];
}

/** A page that nobody has touched yet may not make sound, and is never told so. */
const SOUND_PATIENCE_MS = 2_000;

type Pair = readonly [string, string];
type Talking = Extract<PhoneCall, { phase: 'talking' }>;

/*
 *   idle --join(a, b)--> gathering --both off hold--> mixing --sound runs--> joined --split, hold, end--> idle
 *                            | one ended, or stays on hold      | refused
 *                            +----------------> idle <----------+
 */
export class Conference {
  readonly #options: ConferenceOptions;
  #pair: Pair | null = null;
  #state: 'idle' | 'gathering' | 'mixing' | 'joined' = 'idle';
  #asked = new Set<string>();
  #unmix: (() => void) | null = null;

  constructor(options: ConferenceOptions) {
    this.#options = options;
    options.store.subscribe(() => this.#calls());
  }

  join(callId: string, otherCallId: string): void {
    const pair: Pair = [callId, otherCallId];
    if (this.#state !== 'idle' || callId === otherCallId || pair.some((one) => !this.#mayJoin(one))) return;
    const control = this.#options.control();
    for (const { callId: third } of this.#options.store.live()) if (!pair.includes(third)) control.hold(third);
    this.#pair = pair;
    this.#state = 'gathering';
    this.#calls();
  }

  split(): void {
    const pair = this.#pair;
    if (!pair) return;
    const calls = pair.map((callId) => this.#talking(callId)).filter((call) => call !== null);
    this.#leave();
    const [, ...later] = calls.sort((a, b) => a.answeredAt - b.answeredAt);
    for (const call of later) this.#options.control().hold(call.callId);
  }

  /** The calls that hear the agent together with this one. */
  together(callId: string): readonly string[] {
    return this.#state === 'joined' && this.#pair?.includes(callId) ? this.#pair : [callId];
  }

  #mayJoin(callId: string): boolean {
    const call = this.#talking(callId);
    return call !== null && (call.transfer === null || call.transfer.state === 'failed');
  }

  #talking(callId: string): Talking | null {
    const call = this.#options.store.call(callId);
    return call?.phase === 'talking' ? call : null;
  }

  #calls(): void {
    const pair = this.#pair;
    if (!pair) return;
    const calls = pair.map((callId) => this.#talking(callId)).filter((call) => call !== null);
    if (calls.length < 2) this.#leave();
    else if (this.#state === 'gathering') this.#gather(calls);
    else if (calls.some((call) => call.hold !== 'none')) this.#leave();
  }

  #gather(calls: readonly Talking[]): void {
    for (const call of calls) {
      if (call.hold !== 'held') continue;
      if (this.#asked.has(call.callId)) {
        // Asked and still on hold: the network refused.
        this.#leave();
        return;
      }
      this.#asked.add(call.callId);
      this.#options.control().resume(call.callId, false);
    }
    // Resuming was heard here, too: this may be the older of two looks at the same calls.
    const settled = calls.every((call) => this.#talking(call.callId)?.hold === 'none');
    if (settled && this.#state === 'gathering') this.#mix();
  }

  #mix(): void {
    const { drivers, environment, log } = this.#options;
    const pair = this.#pair;
    const [one, other] = (pair ?? []).map((callId) => drivers.get(callId)?.media);
    if (!pair || !one || !other) return;
    this.#state = 'mixing';
    const refused = (name: string) => {
      stopPatience();
      if (this.#pair !== pair || this.#state !== 'mixing') return;
      log('conference refused', { name });
      // Both would hear the agent and not each other.
      this.split();
    };
    const stopPatience = environment.startTimer(SOUND_PATIENCE_MS, () => refused('no sound'));
    mixTwo(environment.openAudio, one, other).then(
      (unmix) => {
        stopPatience();
        this.#mixed(pair, unmix);
      },
      (error: unknown) => refused(error instanceof Error ? error.name : 'unknown'),
    );
  }

  #mixed(pair: Pair, unmix: () => void): void {
    if (this.#pair !== pair || this.#state !== 'mixing') {
      unmix();
      return;
    }
    this.#unmix = unmix;
    this.#state = 'joined';
    const { store } = this.#options;
    // Who was not to hear the agent before does not hear them now.
    if (pair.some((callId) => this.#talking(callId)?.muted)) this.#options.control().setMuted(pair[0], true);
    for (const callId of pair) store.dispatch(callId, { type: 'conference', joined: true });
  }

  #leave(): void {
    const pair = this.#pair;
    this.#pair = null;
    this.#state = 'idle';
    this.#asked.clear();
    this.#unmix?.();
    this.#unmix = null;
    for (const callId of pair ?? []) this.#options.store.dispatch(callId, { type: 'conference', joined: false });
  }
}

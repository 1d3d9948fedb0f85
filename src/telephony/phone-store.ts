import { type CallEvent, isLive, nextCall } from './call-machine.ts';
import type { PhoneCall, PhoneState, RegistrationState } from './phone-types.ts';

/** The phone's state and who listens to it. Calls change by nextCall() alone. */
export class PhoneStore {
  readonly #listeners = new Set<(state: PhoneState) => void>();
  readonly #beforePublish: (next: PhoneCall) => void;
  #state: PhoneState = {
    registration: { state: 'stopped' },
    calls: [],
    voicemail: null,
    presence: {},
  };

  /** @param beforePublish what must have happened when a screen sees the call's new state: the microphone is shut first. */
  constructor(beforePublish: (next: PhoneCall) => void) {
    this.#beforePublish = beforePublish;
  }

  state(): PhoneState {
    return this.#state;
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  call(callId: string): PhoneCall | undefined {
    return this.#state.calls.find((call) => call.callId === callId);
  }

  live(): PhoneCall[] {
    return this.#state.calls.filter(isLive);
  }

  add(call: PhoneCall): void {
    this.#publish({ calls: [...this.#state.calls, call] });
  }

  dispatch(callId: string, event: CallEvent): void {
    const call = this.call(callId);
    const next = call && nextCall(call, event);
    if (!next || next === call) return;
    this.#beforePublish(next);
    this.#publish({ calls: this.#state.calls.map((one) => (one === call ? next : one)) });
  }

  forget(callId: string): void {
    const call = this.call(callId);
    if (call && !isLive(call)) this.#publish({ calls: this.#state.calls.filter((one) => one !== call) });
  }

  registration(registration: RegistrationState): void {
    this.#publish({ registration });
  }

  /** What the PBX told without a call. */
  news(news: Partial<Pick<PhoneState, 'voicemail' | 'presence'>>): void {
    this.#publish(news);
  }

  #publish(change: Partial<PhoneState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

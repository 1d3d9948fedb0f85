import { isEmergencyNumber } from '../shared/phone-number.ts';
import type { CallDrivers } from './call-drivers.ts';
import type { PhoneStore } from './phone-store.ts';

export interface UrgentCallsOptions {
  store: PhoneStore;
  drivers: CallDrivers;
  country: string;
  connected: () => boolean;
  /** Makes the line try again at once. @returns false where the phone was not started, or was stopped. */
  hurry: () => boolean;
  now: () => number;
}

/*
 * Calls to emergency numbers. They need a socket and no registration: where there is none they are on the screen as dialling, the
 * line tries again without its usual patience, and the INVITE leaves first thing on the new socket. One that dies with its socket
 * before anybody answered is placed again: ringing twice at the police is better than not at all.
 */
export class UrgentCalls {
  readonly #options: UrgentCallsOptions;
  readonly #calls = new Map<string, { place: () => void; placed: boolean }>();

  constructor(options: UrgentCallsOptions) {
    this.#options = options;
    options.store.subscribe(() => {
      for (const callId of this.#calls.keys()) {
        if (options.store.call(callId)?.phase !== 'dialling') this.#calls.delete(callId);
      }
    });
  }

  /** Takes charge of a call that is shown as dialling. @returns false where it is none of these, or cannot be waited for. */
  take(callId: string, target: string, place: () => void): boolean {
    const { country, connected, hurry } = this.#options;
    if (!isEmergencyNumber(target.normalize('NFKC'), country)) return false;
    const now = connected();
    if (!now && !hurry()) return false;
    this.#calls.set(callId, { place, placed: now });
    if (now) place();
    else this.#show(callId, true);
    return true;
  }

  /** Somebody waits for a socket. */
  waiting(): boolean {
    return [...this.#calls.values()].some(({ placed }) => !placed);
  }

  /** There is a new socket, registered or not. */
  opened(): void {
    this.lineLost();
    for (const [callId, call] of this.#calls) {
      call.placed = true;
      this.#show(callId, false);
      call.place();
    }
  }

  /** The socket is gone: before the calls hear of it. */
  lineLost(): void {
    for (const [callId, call] of this.#calls) {
      if (!call.placed) continue;
      this.#options.drivers.release(callId);
      call.placed = false;
      this.#show(callId, true);
    }
  }

  /** The agent gives up a call that waits. @returns false where it is none of those. */
  letGo(callId: string): boolean {
    if (this.#calls.get(callId)?.placed !== false) return false;
    const end = { result: 'no_answer', by: 'here', sipStatus: null } as const;
    this.#options.store.dispatch(callId, { type: 'ended', at: this.#options.now(), end });
    return true;
  }

  #show(callId: string, waiting: boolean): void {
    this.#options.store.dispatch(callId, { type: 'line_awaited', waiting });
  }
}

import { Inviter, SessionState, UserAgent } from 'sip.js';
import type { CallKeepsake } from '../shared/call.ts';
import { quietly } from './call-driver.ts';
import type { CallDrivers } from './call-drivers.ts';
import { mayBeHeard } from './call-machine.ts';
import type { PhoneEnvironment } from './phone-environment.ts';
import type { PhoneStore } from './phone-store.ts';
import type { PhoneCall, PhoneOptions } from './phone-types.ts';
import { targetUri } from './target.ts';

export interface TakeUpOptions {
  environment: PhoneEnvironment;
  store: PhoneStore;
  drivers: CallDrivers;
  userAgent: () => UserAgent;
  domain: string;
  /** Sends a whole message, now or on the next socket. */
  say: (message: string) => void;
  log: PhoneOptions['log'];
}

/** A line and an answer of the PBX within this time, or the customer is let go: they hear nothing meanwhile. */
const PATIENCE_MS = 3_000;

/*
 * Calls that outlived their page. Each is on the screen as talking from the first moment; the PBX is asked to put this page in
 * the place of the old one (INVITE with Replaces, RFC 3891). Whatever comes in between - a refusal, no answer, no line, the
 * agent hanging up - the old dialog is ended by its own BYE: nobody is left who talks to silence.
 */
export class TakeUp {
  readonly #options: TakeUpOptions;
  readonly #waiting = new Map<string, { keepsake: CallKeepsake; stop: () => void }>();

  constructor(options: TakeUpOptions) {
    this.#options = options;
  }

  /** Shows the calls; they are asked for as soon as there is a line. */
  take(keepsakes: readonly CallKeepsake[]): void {
    const { store, environment } = this.#options;
    for (const keepsake of keepsakes) {
      if (store.call(keepsake.callId)) continue;
      const { callId } = keepsake;
      const stop = environment.startTimer(PATIENCE_MS, () => this.#tooLate(callId));
      this.#waiting.set(callId, { keepsake, stop });
      store.add(shown(keepsake));
    }
    if (store.state().registration.state === 'registered') this.online();
  }

  /** There is a line. */
  online(): void {
    for (const { keepsake } of this.#waiting.values()) this.#ask(keepsake);
  }

  /** Of a call that the PBX has not given us yet: what the next page would go on with. */
  waitingFor(callId: string): CallKeepsake | null {
    return this.#waiting.get(callId)?.keepsake ?? null;
  }

  /** The agent hangs up a call that was not asked for yet. @returns false where this is none of those. */
  letGo(callId: string): boolean {
    const waiting = this.#waiting.get(callId);
    if (!waiting || this.#options.drivers.get(callId)) return false;
    this.#end(callId, 'here');
    return true;
  }

  #ask(keepsake: CallKeepsake): void {
    const { drivers, userAgent, domain, say, store } = this.#options;
    const { callId, held, replaces, target } = keepsake;
    const call = store.call(callId);
    if (!call || drivers.get(callId)) return;
    const uri = UserAgent.makeURI(target) ?? targetUri(target, domain);
    if (!uri) {
      this.#end(callId, 'network');
      return;
    }
    const inviter = new Inviter(userAgent(), uri, { extraHeaders: [`Replaces: ${replaces}`, 'Require: replaces'] });
    const driver = drivers.drive(callId, inviter);
    driver.replaces({ held, end: () => say(keepsake.bye) });
    driver.media.setAudible(mayBeHeard(call));
    inviter.stateChange.addListener(() => this.#settled(callId));
    quietly(inviter.invite());
  }

  #settled(callId: string): void {
    const state = this.#options.drivers.get(callId)?.session.state;
    if (state === SessionState.Initial || state === SessionState.Establishing) return;
    this.#waiting.get(callId)?.stop();
    this.#waiting.delete(callId);
  }

  #tooLate(callId: string): void {
    this.#options.log('take-up timed out');
    const driver = this.#options.drivers.get(callId);
    if (driver) driver.finish({ result: 'answered', by: 'network', sipStatus: 408 });
    else this.#end(callId, 'network');
  }

  /** Before there was a session of ours. */
  #end(callId: string, by: 'here' | 'network'): void {
    const { store, environment, say } = this.#options;
    const waiting = this.#waiting.get(callId);
    if (!waiting) return;
    waiting.stop();
    this.#waiting.delete(callId);
    say(waiting.keepsake.bye);
    const end = { result: 'answered', by, sipStatus: null } as const;
    store.dispatch(callId, { type: 'ended', at: environment.now(), end });
  }
}

function shown(keepsake: CallKeepsake): PhoneCall {
  const { callId, direction, caller, queue, customerRef, capsule } = keepsake;
  const { consultFor, startedAt, answeredAt, muted, held } = keepsake;
  return {
    callId,
    direction,
    caller,
    queue,
    customerRef,
    capsule,
    consultFor,
    startedAt,
    phase: 'talking',
    answeredAt,
    muted,
    hold: held ? 'holding' : 'none',
    holdProblem: null,
    media: 'interrupted',
    transfer: null,
    conference: false,
  };
}

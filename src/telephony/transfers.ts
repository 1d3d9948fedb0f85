import type { URI } from 'sip.js';
import type { CallControl } from './call-control.ts';
import type { CallDrivers } from './call-drivers.ts';
import type { PhoneEnvironment } from './phone-environment.ts';
import type { PhoneStore } from './phone-store.ts';
import type { PhoneCall, TransferHeaders } from './phone-types.ts';
import { Refer, ReferTo, replacing } from './refer.ts';
import { targetUri } from './target.ts';
import { cleanHeaders, headerLines, uriHeaders } from './transfer-headers.ts';

export interface TransfersOptions {
  environment: PhoneEnvironment;
  store: PhoneStore;
  drivers: CallDrivers;
  control: CallControl;
  domain: string;
  connected: () => boolean;
}

type Talking = Extract<PhoneCall, { phase: 'talking' }>;

/** A transfer that waits until the customer is parked, or until the PBX has refused to. */
interface Pending {
  to: string;
  /** null for an attended transfer. */
  uri: URI | null;
  consultCallId: string | null;
  headers: Record<string, string>;
  /** The agent was talking to the customer: they get them back when it fails. */
  wasOpen: boolean;
  askedHold: boolean;
}

/*
 * Hands customers over. The rule above all others: the customer's call ends here only when the PBX said that somebody else
 * has them. RFC 5589: first the customer is parked, then the PBX is asked (REFER), and on success we say BYE.
 */
export class Transfers {
  readonly #options: TransfersOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #refers = new Map<string, Refer>();
  /** Calls that are to be taken back when there is a line again. */
  readonly #waiting = new Set<string>();
  /** What was dialled to consult, by the callId of the consultation. */
  readonly #asked = new Map<string, string>();

  constructor(options: TransfersOptions) {
    this.#options = options;
    options.store.subscribe(() => this.#calls());
  }

  transfer(callId: string, target: string, headers?: TransferHeaders): void {
    const call = this.#free(callId);
    if (!call) return;
    const { store, domain } = this.#options;
    const uri = targetUri(target, domain);
    store.dispatch(callId, { type: 'transfer', to: target, kind: 'blind' });
    if (!uri) {
      store.dispatch(callId, { type: 'transfer_failed', sipStatus: 484 });
      return;
    }
    this.#pending.set(callId, {
      to: target,
      uri,
      consultCallId: null,
      headers: cleanHeaders(headers),
      wasOpen: call.hold === 'none' || call.hold === 'resuming',
      askedHold: false,
    });
    this.#advance(callId);
  }

  /** One colleague at a time, and none for a customer who has hung up meanwhile. */
  consult(callId: string, target: string, headers?: TransferHeaders): string {
    const running = this.#options.store.live().find((call) => call.consultFor === callId);
    if (running) return running.callId;
    if (!this.#free(callId)) return '';
    const consultCallId = this.#options.control.call(target, callId, headerLines(cleanHeaders(headers)));
    this.#asked.set(consultCallId, target);
    return consultCallId;
  }

  complete(callId: string, consultCallId: string, headers?: TransferHeaders): void {
    const call = this.#free(callId);
    const consulted = this.#options.store.call(consultCallId);
    if (!call || !consulted || callId === consultCallId) return;
    const to = this.#asked.get(consultCallId) ?? consulted.caller.number ?? '';
    if (consulted.phase === 'dialling') {
      // Nobody has answered yet, so there is no dialog to be replaced: the target is called anew, for the customer.
      this.#options.control.hangUp(consultCallId);
      this.transfer(callId, to, headers);
      return;
    }
    if (consulted.phase !== 'talking') return;
    this.#options.store.dispatch(callId, { type: 'transfer', to, kind: 'attended' });
    const pending = { to, uri: null, consultCallId, headers: cleanHeaders(headers), wasOpen: false, askedHold: false };
    this.#pending.set(callId, pending);
    this.#advance(callId);
  }

  /** The socket is gone. */
  lineLost(): void {
    for (const refer of this.#refers.values()) refer.lineLost();
  }

  /** Registered on a new socket: customers whose transfer died with the old one come back. */
  reconnected(): void {
    for (const callId of this.#waiting) this.#takeBack(callId);
    this.#waiting.clear();
  }

  /** The call, where it can be handed over now. */
  #free(callId: string): Talking | null {
    const call = this.#options.store.call(callId);
    if (call?.phase !== 'talking') return null;
    return call.transfer === null || call.transfer.state === 'failed' ? call : null;
  }

  #calls(): void {
    const { store } = this.#options;
    for (const callId of [...this.#pending.keys()]) this.#advance(callId);
    for (const [callId, refer] of this.#refers) {
      if (store.call(callId)?.phase === 'talking') continue;
      refer.stop();
      this.#refers.delete(callId);
    }
    for (const callId of this.#asked.keys()) if (!store.call(callId)) this.#asked.delete(callId);
  }

  /** One re-INVITE at a time: a REFER goes out when nothing else is being agreed. */
  #advance(callId: string): void {
    const pending = this.#pending.get(callId);
    const call = this.#options.store.call(callId);
    if (!pending || call?.phase !== 'talking') {
      this.#pending.delete(callId);
      return;
    }
    if (call.hold === 'holding' || call.hold === 'resuming') return;
    if (call.hold === 'none' && pending.uri && !pending.askedHold) {
      pending.askedHold = true;
      this.#options.control.hold(callId);
      return;
    }
    if (pending.consultCallId !== null && this.#isSettling(pending.consultCallId)) return;
    this.#pending.delete(callId);
    this.#refer(callId, pending);
  }

  #isSettling(callId: string): boolean {
    const call = this.#options.store.call(callId);
    return call?.phase === 'talking' && (call.hold === 'holding' || call.hold === 'resuming');
  }

  #refer(callId: string, pending: Pending): void {
    const { drivers, environment, store, connected } = this.#options;
    const driver = drivers.get(callId);
    if (driver?.isEnded()) return;
    const session = driver?.session;
    const target = this.#target(pending);
    if (!session || !target || !connected()) {
      this.#failed(callId, pending, null);
      return;
    }
    this.#refers.get(callId)?.stop();
    const refer = new Refer({
      session,
      startTimer: environment.startTimer,
      target,
      headers: headerLines(pending.headers),
      accepted: () => store.dispatch(callId, { type: 'transfer_accepted' }),
      failed: (sipStatus) => this.#failed(callId, pending, sipStatus),
      succeeded: () => this.#succeeded(callId, pending),
    });
    this.#refers.set(callId, refer);
  }

  #target({ uri, consultCallId, headers }: Pending): ReferTo | null {
    if (uri) return ReferTo.of(uri, uriHeaders(headers));
    const consulted = consultCallId === null ? undefined : this.#options.drivers.get(consultCallId)?.session;
    return consulted ? replacing(consulted, uriHeaders(headers)) : null;
  }

  #succeeded(callId: string, { to, consultCallId }: Pending): void {
    const { drivers } = this.#options;
    drivers.get(callId)?.finish({ result: 'answered', by: 'here', sipStatus: null, transferredTo: to });
    if (consultCallId === null) return;
    drivers.get(consultCallId)?.finish({ result: 'answered', by: 'here', sipStatus: null });
  }

  #failed(callId: string, { wasOpen }: Pending, sipStatus: number | null): void {
    const { store, drivers, connected } = this.#options;
    store.dispatch(callId, { type: 'transfer_failed', sipStatus });
    if (wasOpen && !connected()) this.#waiting.add(callId);
    else if (wasOpen) this.#takeBack(callId);
    // RFC 5057 section 5.1: the PBX may have forgotten the call; a re-INVITE finds out.
    else if (sipStatus === 481) drivers.get(callId)?.reconnected();
  }

  #takeBack(callId: string): void {
    const { store, control } = this.#options;
    const alone = store.live().every((one) => one.callId === callId || !hasTheAgent(one));
    if (alone) control.resume(callId);
  }
}

/** Somebody the agent is turned to: they are not put aside for a customer who comes back. */
function hasTheAgent(call: PhoneCall): boolean {
  switch (call.phase) {
    case 'answering':
    case 'dialling':
      return true;
    case 'talking':
      return call.hold === 'none' || call.hold === 'resuming';
    case 'ringing':
    case 'ended':
      return false;
  }
}

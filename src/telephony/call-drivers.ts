import { type Core, type Session, SessionState } from 'sip.js';
import { isEmergencyNumber } from '../shared/phone-number.ts';
import { CallDriver, quietly } from './call-driver.ts';
import { CallMedia } from './call-media.ts';
import { assertedCaller, type ReceivedRequest } from './invite-caller.ts';
import type { PhoneEnvironment } from './phone-environment.ts';
import type { PhoneStore } from './phone-store.ts';
import type { PhoneOptions } from './phone-types.ts';
import { QualityWatch } from './quality-watch.ts';

export interface CallDriversOptions {
  phone: PhoneOptions;
  environment: PhoneEnvironment;
  store: PhoneStore;
  connected: () => boolean;
  /** The agent is turned to somebody else. */
  aside: (callId: string) => boolean;
}

/** Every call that still has something to do on the wire, its driver and its audio. */
export class CallDrivers {
  readonly #options: CallDriversOptions;
  readonly #drivers = new Map<string, CallDriver>();
  readonly #media = new WeakMap<Session, CallMedia>();

  constructor(options: CallDriversOptions) {
    this.#options = options;
  }

  get(callId: string): CallDriver | undefined {
    return this.#drivers.get(callId);
  }

  /** A copy: drivers leave while they are being asked. */
  all(): CallDriver[] {
    return [...this.#drivers.values()];
  }

  /** By the Call-ID on the wire. */
  bySipCallId(sipCallId: string): CallDriver | undefined {
    return this.all().find((driver) => driver.sipCallId() === sipCallId);
  }

  /** Why this call takes no re-INVITE now (its dialog is being closed, or ours is on its way); null: it does. */
  reinviteRefusal(sipCallId: string): { status: number; reason: string } | null {
    const driver = this.bySipCallId(sipCallId);
    if (!driver) return null;
    if (driver.isEnded() || driver.session.state !== SessionState.Established)
      return { status: 481, reason: 'Call/Transaction Does Not Exist' };
    // RFC 3261 section 14.2. SIP.js says so only once our INVITE is out, and loses the call in the moment before.
    if (driver.isAsking()) return { status: 491, reason: 'Request Pending' };
    driver.theyAsk(true);
    return null;
  }

  /** A final answer of ours to an INVITE has gone: what this call wants to ask itself comes behind it. */
  answered(message: string): void {
    this.bySipCallId(/^Call-ID: *(.*?)\r?$/im.exec(message)?.[1] ?? '')?.theyAsk(false);
  }

  /** An UPDATE inside a call (RFC 3311): perhaps another party is on the line now. @returns false where there is no such call. */
  updated(request: Core.IncomingRequestMessage): boolean {
    const found = [...this.#drivers].find(([, driver]) => driver.sipCallId() === request.callId);
    if (!found) return false;
    const [callId, driver] = found;
    const { dialog } = driver.session;
    const known = !dialog || (dialog.localTag === request.toTag && dialog.remoteTag === request.fromTag);
    if (driver.isEnded() || !known) return false;
    this.#identify(callId, request);
    return true;
  }

  /**
   * Our call was answered. Whoever is reached by a code of the PBX (a pick-up, a parking place) is named in the answer (RFC 3325
   * section 5) or in an UPDATE after it. Somebody who was dialled by their own number stays who they are.
   */
  answeredBy(callId: string, answer: ReceivedRequest): void {
    const { phone, store } = this.#options;
    const dialled = store.call(callId)?.caller;
    if (dialled?.source !== 'dialled' || dialled.e164 !== null) return;
    if (isEmergencyNumber(dialled.number ?? '', phone.country)) return;
    const caller = assertedCaller(answer, { country: phone.country, trusted: true });
    if (caller?.e164) store.dispatch(callId, { type: 'identified', caller });
  }

  /** Takes charge of a session until it is over. */
  drive(callId: string, session: Session): CallDriver {
    const { phone, environment, store, connected, aside } = this.#options;
    const driver = new CallDriver(session, {
      environment,
      media: this.mediaOf(session, callId),
      dispatch: (event) => store.dispatch(callId, event),
      connected,
      aside: () => aside(callId),
      log: phone.log,
    });
    this.#drivers.set(callId, driver);
    const quality = this.#watchQuality(callId, driver.media);
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) quality.start();
      if (state !== SessionState.Terminated) return;
      quality.stop();
      // Unless the call was placed anew meanwhile.
      if (this.#drivers.get(callId) === driver) this.#drivers.delete(callId);
    });
    session.delegate = {
      ...session.delegate,
      // SIP.js would follow a REFER and dial; every call of ours goes through the gate instead.
      onRefer: (referral) => quietly(referral.reject({ statusCode: 603 })),
      onInvite: (request) => this.#identify(callId, request),
      onAck: () => driver.acknowledged(),
    };
    return driver;
  }

  /** Ends a session that is still asking, without a word to the call: it is about to have another. */
  release(callId: string): void {
    this.#drivers.get(callId)?.release();
    this.#drivers.delete(callId);
  }

  #identify(callId: string, request: Core.IncomingRequestMessage): void {
    const { phone, store } = this.#options;
    const caller = assertedCaller(request, { country: phone.country, trusted: true });
    if (caller) store.dispatch(callId, { type: 'identified', caller });
  }

  /** The audio of a session, made where it is first asked for. */
  mediaOf(session: Session, callId = ''): CallMedia {
    const known = this.#media.get(session);
    if (known) return known;
    const { phone, environment } = this.#options;
    const { iceServers, features } = phone.account;
    const made = new CallMedia({
      openPeer: () => environment.openPeer({ iceServers, bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' }),
      microphone: () => phone.media.microphone().catch((error: unknown) => this.#microphoneFailed(callId, error)),
      onMicrophone: phone.media.onMicrophone,
      onSwitched: (heard) => this.#microphoneSwitched(callId, heard),
      startTimer: environment.startTimer,
      noTones: features?.keys === 'info',
      onRemote: (remote) => phone.media.play(callId, remote),
      onState: () => this.#drivers.get(callId)?.mediaChanged(),
    });
    this.#media.set(session, made);
    return made;
  }

  #watchQuality(callId: string, media: CallMedia): QualityWatch {
    const { phone, environment, store } = this.#options;
    const { startTimer, now } = environment;
    return new QualityWatch({
      startTimer,
      now,
      call: () => store.call(callId),
      stats: () => media.stats(),
      tell: (judgement) => phone.onQuality?.(callId, judgement),
    });
  }

  /** Mute shown is mute sent: what the new track does is read back. */
  #microphoneSwitched(callId: string, heard: boolean): void {
    const call = this.#options.store.call(callId);
    if (call?.phase !== 'talking' || call.hold !== 'none') return;
    this.#options.store.dispatch(callId, { type: 'muted', muted: !heard });
  }

  #microphoneFailed(callId: string, error: unknown): never {
    this.#options.phone.log('microphone failed', { name: error instanceof Error ? error.name : 'unknown' });
    // In a call that talks it was a switch that failed: the call goes on without.
    if (this.#options.store.call(callId)?.phase !== 'talking') {
      this.#drivers.get(callId)?.expectEnd({ result: 'failed', by: 'here', sipStatus: null });
    }
    throw error;
  }
}

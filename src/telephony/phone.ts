import { type Invitation, Inviter, SessionState, URI } from 'sip.js';
import type { SipAccount } from '../shared/central-api.ts';
import { newId } from '../shared/ids.ts';
import { quietly } from './call-driver.ts';
import { CallDrivers } from './call-drivers.ts';
import { endOfCancel, endOfStatus } from './call-end.ts';
import { isLive, mayBeHeard } from './call-machine.ts';
import { dialledIdentity, readInvite } from './invite-caller.ts';
import { Line } from './line.ts';
import { type PhoneEnvironment, pageEnvironment } from './phone-environment.ts';
import { PhoneStore } from './phone-store.ts';
import type { Phone, PhoneCall, PhoneOptions, PhoneState } from './phone-types.ts';
import { Registration } from './registration.ts';
import { SipDoor } from './sip-door.ts';
import { targetUri } from './target.ts';
import { warmUp } from './warm-up.ts';

/** More than this at once and the next caller hears busy: nobody can look at four ringing calls. */
const MOST_CALLS = 3;

/**
 * Makes the phone of one account. Nothing happens before start().
 * @param environment The page's own unless a test brings another.
 * @throws DangolError CONFIG_BROKEN when the account's domain is no SIP domain.
 */
export function createPhone(options: PhoneOptions, environment: PhoneEnvironment = pageEnvironment()): Phone {
  return new SipPhone(options, environment);
}

class SipPhone implements Phone {
  readonly #options: PhoneOptions;
  readonly #environment: PhoneEnvironment;
  readonly #door: SipDoor;
  readonly #line: Line;
  readonly #store: PhoneStore;
  readonly #drivers: CallDrivers;

  constructor(options: PhoneOptions, environment: PhoneEnvironment) {
    this.#options = options;
    this.#environment = environment;
    this.#store = new PhoneStore((call) => this.#applyAudio(call));
    this.#drivers = new CallDrivers({
      phone: options,
      environment,
      store: this.#store,
      connected: () => this.#door.wire.isConnected(),
    });
    this.#door = this.#openDoor(options.account);
    this.#line = this.#openLine();
  }

  #openDoor(account: SipAccount): SipDoor {
    return new SipDoor({
      account,
      environment: this.#environment,
      mediaOf: (session) => this.#drivers.mediaOf(session),
      onInvite: (invitation) => this.#invited(invitation),
      onInviteRefused: (sipCallId, status) => this.#drivers.bySipCallId(sipCallId)?.inviteRefused(endOfStatus(status)),
      isCancelled: (sipCallId) => this.#drivers.bySipCallId(sipCallId)?.isEnded() ?? false,
      takesReinvite: (sipCallId) => {
        const driver = this.#drivers.bySipCallId(sipCallId);
        return !driver || (driver.session.state === SessionState.Established && !driver.isEnded());
      },
      heard: () => this.#line.heard(),
      lost: () => this.#lineLost(),
      log: this.#options.log,
    });
  }

  #openLine(): Line {
    const { userAgent, wire } = this.#door;
    return new Line({
      userAgent,
      wire,
      registration: new Registration({
        userAgent,
        registrar: new URI('sip', '', userAgent.configuration.uri.host, userAgent.configuration.uri.port),
        startTimer: this.#environment.startTimer,
      }),
      environment: this.#environment,
      probe: () => this.#door.probe(),
      busy: () => this.#store.live().length > 0,
      changed: (registration) => this.#store.registration(registration),
      reconnected: () => {
        this.#door.repeatFarewells();
        for (const driver of this.#drivers.all()) driver.reconnected();
      },
      log: this.#options.log,
    });
  }

  start(): void {
    this.#line.start();
    // While the socket is opening there is nothing else to do.
    warmUp(this.#options.country);
  }

  async stop(): Promise<void> {
    this.abandon();
    await this.#line.stop();
  }

  state(): PhoneState {
    return this.#store.state();
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    return this.#store.subscribe(listener);
  }

  call(target: string): string {
    const callId = newId();
    this.#store.add({
      callId,
      direction: 'out',
      caller: dialledIdentity(target, this.#options.country),
      queue: null,
      customerRef: null,
      capsule: null,
      consultFor: null,
      startedAt: this.#environment.now(),
      phase: 'dialling',
      ringingThere: false,
      earlyMedia: false,
    });
    const uri = targetUri(target, this.#options.account.domain);
    if (!uri || !this.#door.wire.isConnected()) {
      const end = { result: 'failed', by: uri ? 'network' : 'here', sipStatus: null } as const;
      this.#store.dispatch(callId, { type: 'ended', at: this.#environment.now(), end });
      return callId;
    }
    this.#holdOthers(callId);
    const inviter = new Inviter(this.#door.userAgent, uri, { earlyMedia: true });
    this.#drivers.drive(callId, inviter);
    const invited = inviter.invite({
      requestDelegate: {
        onProgress: ({ message }) =>
          this.#store.dispatch(callId, {
            type: 'progress',
            ringingThere: message.statusCode === 180,
            earlyMedia: message.body !== '',
          }),
      },
    });
    quietly(invited);
    return callId;
  }

  answer(callId: string): void {
    const driver = this.#drivers.get(callId);
    if (!driver || this.#store.call(callId)?.phase !== 'ringing') return;
    this.#holdOthers(callId);
    this.#store.dispatch(callId, { type: 'answer' });
    quietly((driver.session as Invitation).accept());
  }

  decline(callId: string, _options: { to?: string } = {}): void {
    const phase = this.#store.call(callId)?.phase;
    if (phase !== 'ringing' && phase !== 'answering') return;
    this.#drivers.get(callId)?.finish({ result: 'declined', by: 'here', sipStatus: 486 });
  }

  hangUp(callId: string): void {
    const call = this.#store.call(callId);
    if (call?.phase === 'ringing' || call?.phase === 'answering') {
      this.decline(callId);
      return;
    }
    const result = call?.phase === 'dialling' ? 'no_answer' : 'answered';
    this.#drivers.get(callId)?.finish({ result, by: 'here', sipStatus: null });
  }

  setMuted(callId: string, muted: boolean): void {
    const call = this.#store.call(callId);
    const media = this.#drivers.get(callId)?.media;
    if (call?.phase !== 'talking' || !media) return;
    const heard = media.setAudible(!muted && call.hold === 'none');
    // What is shown is what was read back: a dead microphone stays "muted".
    this.#store.dispatch(callId, { type: 'muted', muted: call.hold === 'none' ? !heard : muted });
  }

  hold(callId: string): void {
    this.#setHold(callId, true);
  }

  resume(callId: string): void {
    const call = this.#store.call(callId);
    if (call?.phase !== 'talking' || call.hold !== 'held') return;
    this.#holdOthers(callId);
    this.#setHold(callId, false);
  }

  sendDtmf(callId: string, tones: string): void {
    const driver = this.#drivers.get(callId);
    const clean = tones
      .toUpperCase()
      .replace(/[^0-9*#A-D]/g, '')
      .slice(0, 64);
    if (clean === '' || this.#store.call(callId)?.phase !== 'talking') return;
    driver?.sendDtmf(clean);
  }

  transfer(): void {}
  consult(_callId: string, target: string): string {
    return this.call(target);
  }
  completeTransfer(): void {}
  conference(): void {}
  splitConference(): void {}
  watch(): void {}

  forget(callId: string): void {
    this.#store.forget(callId);
  }

  abandon(): void {
    for (const call of this.#store.live()) {
      if (call.phase === 'ringing') {
        this.#drivers.get(call.callId)?.finish({ result: 'missed', by: 'here', sipStatus: 480 });
      } else this.hangUp(call.callId);
    }
  }

  #invited(invitation: Invitation): void {
    if (this.#store.live().length >= MOST_CALLS) {
      quietly(invitation.reject({ statusCode: 486 }));
      return;
    }
    const callId = newId();
    const facts = readInvite(invitation.request, { country: this.#options.country, trusted: true });
    invitation.delegate = {
      onCancel: (cancel) => driver.expectEnd(endOfCancel(cancel.request.getHeader('reason') ?? '')),
    };
    const driver = this.#drivers.drive(callId, invitation);
    this.#store.add({
      ...facts,
      callId,
      direction: 'in',
      consultFor: null,
      startedAt: this.#environment.now(),
      phase: 'ringing',
    });
    quietly(invitation.progress());
  }

  #setHold(callId: string, held: boolean): void {
    const call = this.#store.call(callId);
    if (call?.phase !== 'talking' || call.hold !== (held ? 'none' : 'held')) return;
    this.#store.dispatch(callId, { type: held ? 'hold' : 'resume' });
    this.#drivers.get(callId)?.setHold(held);
  }

  /** One customer hears the agent at a time. */
  #holdOthers(callId: string): void {
    for (const call of this.#store.live()) if (call.callId !== callId) this.#setHold(call.callId, true);
  }

  #lineLost(): void {
    this.#line.lost();
    for (const driver of this.#drivers.all()) driver.lineLost();
  }

  /** Before any screen shows the state: a muted or parked microphone is shut, an ended call is silent. */
  #applyAudio(call: PhoneCall): void {
    this.#drivers.get(call.callId)?.media.setAudible(mayBeHeard(call));
    if (!isLive(call)) this.#options.media.play(call.callId, null);
  }
}

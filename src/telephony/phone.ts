import { type Invitation, Inviter, type Session, SessionState, URI } from 'sip.js';
import type { SipAccount } from '../shared/central-api.ts';
import { newId } from '../shared/ids.ts';
import { CallDriver, quietly } from './call-driver.ts';
import { endOfCancel, endOfStatus } from './call-end.ts';
import { type CallEvent, isLive, mayBeHeard, nextCall } from './call-machine.ts';
import { CallMedia } from './call-media.ts';
import { assertedCaller, dialledIdentity, readInvite } from './invite-caller.ts';
import { Line } from './line.ts';
import { type PhoneEnvironment, pageEnvironment } from './phone-environment.ts';
import type { Phone, PhoneCall, PhoneOptions, PhoneState, RegistrationState } from './phone-types.ts';
import { Registration } from './registration.ts';
import { SipDoor } from './sip-door.ts';
import { targetUri } from './target.ts';

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
  readonly #listeners = new Set<(state: PhoneState) => void>();
  readonly #drivers = new Map<string, CallDriver>();
  readonly #media = new WeakMap<Session, CallMedia>();
  #state: PhoneState = { registration: { state: 'stopped' }, calls: [] };

  constructor(options: PhoneOptions, environment: PhoneEnvironment) {
    this.#options = options;
    this.#environment = environment;
    this.#door = this.#openDoor(options.account);
    this.#line = this.#openLine();
  }

  #openDoor(account: SipAccount): SipDoor {
    return new SipDoor({
      account,
      environment: this.#environment,
      mediaOf: (session) => this.#mediaOf(session),
      onInvite: (invitation) => this.#invited(invitation),
      onInviteRefused: (sipCallId, status) => this.#driverOf(sipCallId)?.inviteRefused(endOfStatus(status)),
      isCancelled: (sipCallId) => this.#driverOf(sipCallId)?.isEnded() ?? false,
      takesReinvite: (sipCallId) => {
        const driver = this.#driverOf(sipCallId);
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
      busy: () => this.#state.calls.some(isLive),
      changed: (registration) => this.#registrationChanged(registration),
      reconnected: () => {
        for (const driver of [...this.#drivers.values()]) driver.reconnected();
      },
      log: this.#options.log,
    });
  }

  start(): void {
    this.#line.start();
  }

  async stop(): Promise<void> {
    this.abandon();
    await this.#line.stop();
  }

  state(): PhoneState {
    return this.#state;
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  call(target: string): string {
    const callId = newId();
    this.#add({
      callId,
      direction: 'out',
      caller: dialledIdentity(target, this.#options.country),
      queue: null,
      customerRef: null,
      startedAt: this.#environment.now(),
      phase: 'dialling',
      ringingThere: false,
      earlyMedia: false,
    });
    const uri = targetUri(target, this.#options.account.domain);
    if (!uri || !this.#door.wire.isConnected()) {
      const end = { result: 'failed', by: uri ? 'network' : 'here', sipStatus: null } as const;
      this.#dispatch(callId, { type: 'ended', at: this.#environment.now(), end });
      return callId;
    }
    this.#holdOthers(callId);
    const inviter = new Inviter(this.#door.userAgent, uri, { earlyMedia: true });
    this.#drive(callId, inviter);
    const invited = inviter.invite({
      requestDelegate: {
        onProgress: ({ message }) =>
          this.#dispatch(callId, {
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
    if (!driver || this.#call(callId)?.phase !== 'ringing') return;
    this.#holdOthers(callId);
    this.#dispatch(callId, { type: 'answer' });
    quietly((driver.session as Invitation).accept());
  }

  decline(callId: string): void {
    const phase = this.#call(callId)?.phase;
    if (phase !== 'ringing' && phase !== 'answering') return;
    this.#drivers.get(callId)?.finish({ result: 'declined', by: 'here', sipStatus: 486 });
  }

  hangUp(callId: string): void {
    const call = this.#call(callId);
    if (call?.phase === 'ringing' || call?.phase === 'answering') {
      this.decline(callId);
      return;
    }
    const result = call?.phase === 'dialling' ? 'no_answer' : 'answered';
    this.#drivers.get(callId)?.finish({ result, by: 'here', sipStatus: null });
  }

  setMuted(callId: string, muted: boolean): void {
    const call = this.#call(callId);
    const media = this.#drivers.get(callId)?.media;
    if (call?.phase !== 'talking' || !media) return;
    const heard = media.setAudible(!muted && call.hold === 'none');
    // What is shown is what was read back: a dead microphone stays "muted".
    this.#dispatch(callId, { type: 'muted', muted: call.hold === 'none' ? !heard : muted });
  }

  hold(callId: string): void {
    this.#setHold(callId, true);
  }

  resume(callId: string): void {
    this.#holdOthers(callId);
    this.#setHold(callId, false);
  }

  sendDtmf(callId: string, tones: string): void {
    const driver = this.#drivers.get(callId);
    const clean = tones
      .toUpperCase()
      .replace(/[^0-9*#A-D]/g, '')
      .slice(0, 64);
    if (clean === '' || this.#call(callId)?.phase !== 'talking') return;
    driver?.sendDtmf(clean);
  }

  forget(callId: string): void {
    const call = this.#call(callId);
    if (call && !isLive(call)) this.#publish({ calls: this.#state.calls.filter((one) => one !== call) });
  }

  abandon(): void {
    for (const call of this.#state.calls) {
      if (call.phase === 'ringing') {
        this.#drivers.get(call.callId)?.finish({ result: 'missed', by: 'here', sipStatus: 480 });
      } else if (isLive(call)) this.hangUp(call.callId);
    }
  }

  #invited(invitation: Invitation): void {
    if (this.#state.calls.filter(isLive).length >= MOST_CALLS) {
      quietly(invitation.reject({ statusCode: 486 }));
      return;
    }
    const callId = newId();
    const facts = readInvite(invitation.request, { country: this.#options.country, trusted: true });
    invitation.delegate = {
      onCancel: (cancel) => driver.expectEnd(endOfCancel(cancel.request.getHeader('reason') ?? '')),
    };
    const driver = this.#drive(callId, invitation);
    this.#add({ ...facts, callId, direction: 'in', startedAt: this.#environment.now(), phase: 'ringing' });
    quietly(invitation.progress());
  }

  #drive(callId: string, session: Session): CallDriver {
    const media = this.#mediaOf(session, callId);
    const driver = new CallDriver(session, {
      environment: this.#environment,
      media,
      dispatch: (event) => this.#dispatch(callId, event),
      connected: () => this.#door.wire.isConnected(),
      log: this.#options.log,
    });
    this.#drivers.set(callId, driver);
    session.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) this.#drivers.delete(callId);
    });
    session.delegate = {
      ...session.delegate,
      // SIP.js would follow a REFER and dial; every call of ours goes through the gate instead.
      onRefer: (referral) => quietly(referral.reject({ statusCode: 603 })),
      onInvite: (request) => {
        const caller = assertedCaller(request, { country: this.#options.country, trusted: true });
        if (caller) this.#dispatch(callId, { type: 'identified', caller });
      },
    };
    return driver;
  }

  #mediaOf(session: Session, callId = ''): CallMedia {
    const known = this.#media.get(session);
    if (known) return known;
    const { account, media } = this.#options;
    const made = new CallMedia({
      openPeer: () =>
        this.#environment.openPeer({
          iceServers: account.iceServers,
          bundlePolicy: 'max-bundle',
          rtcpMuxPolicy: 'require',
        }),
      microphone: () => media.microphone().catch((error: unknown) => this.#microphoneFailed(callId, error)),
      startTimer: this.#environment.startTimer,
      onRemote: (remote) => media.play(callId, remote),
      onState: () => this.#drivers.get(callId)?.mediaChanged(),
    });
    this.#media.set(session, made);
    return made;
  }

  #microphoneFailed(callId: string, error: unknown): never {
    this.#options.log('microphone failed', { name: error instanceof Error ? error.name : 'unknown' });
    this.#drivers.get(callId)?.expectEnd({ result: 'failed', by: 'here', sipStatus: null });
    throw error;
  }

  #setHold(callId: string, held: boolean): void {
    const call = this.#call(callId);
    if (call?.phase !== 'talking' || call.hold !== (held ? 'none' : 'held')) return;
    this.#dispatch(callId, { type: held ? 'hold' : 'resume' });
    this.#drivers.get(callId)?.setHold(held);
  }

  /** One customer hears the agent at a time. */
  #holdOthers(callId: string): void {
    for (const call of this.#state.calls) if (call.callId !== callId) this.#setHold(call.callId, true);
  }

  #lineLost(): void {
    this.#line.lost();
    for (const driver of [...this.#drivers.values()]) driver.lineLost();
  }

  #driverOf(sipCallId: string): CallDriver | undefined {
    return [...this.#drivers.values()].find((driver) => driver.sipCallId() === sipCallId);
  }

  #call(callId: string): PhoneCall | undefined {
    return this.#state.calls.find((call) => call.callId === callId);
  }

  #add(call: PhoneCall): void {
    this.#publish({ calls: [...this.#state.calls, call] });
  }

  #dispatch(callId: string, event: CallEvent): void {
    const call = this.#call(callId);
    if (!call) return;
    const next = nextCall(call, event);
    if (next === call) return;
    this.#drivers.get(callId)?.media.setAudible(mayBeHeard(next));
    if (!isLive(next)) this.#options.media.play(callId, null);
    this.#publish({ calls: this.#state.calls.map((one) => (one === call ? next : one)) });
  }

  #registrationChanged(registration: RegistrationState): void {
    this.#publish({ registration });
  }

  #publish(change: Partial<PhoneState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

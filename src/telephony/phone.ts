import { URI } from 'sip.js';
import type { CallKeepsake } from '../shared/call.ts';
import type { SipAccount } from '../shared/central-api.ts';
import { CallControl } from './call-control.ts';
import { CallDrivers } from './call-drivers.ts';
import { endOfStatus } from './call-end.ts';
import { Conference } from './conference.ts';
import { keepsakeOf } from './keepsake.ts';
import { Lamps } from './lamps.ts';
import { Line } from './line.ts';
import { type PhoneEnvironment, pageEnvironment } from './phone-environment.ts';
import { PhoneStore } from './phone-store.ts';
import type { Phone, PhoneOptions, PhoneState, TransferHeaders } from './phone-types.ts';
import { Registration } from './registration.ts';
import { ServerList } from './server-list.ts';
import { SipDoor } from './sip-door.ts';
import { TakeUp } from './take-up.ts';
import { Transfers } from './transfers.ts';
import { warmUp } from './warm-up.ts';

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
  readonly #servers: ServerList;
  readonly #door: SipDoor;
  readonly #line: Line;
  readonly #store: PhoneStore;
  readonly #drivers: CallDrivers;
  readonly #control: CallControl;
  readonly #conference: Conference;
  readonly #transfers: Transfers;
  readonly #lamps: Lamps;
  readonly #takeUp: TakeUp;

  constructor(options: PhoneOptions, environment: PhoneEnvironment) {
    this.#options = options;
    this.#environment = environment;
    this.#servers = new ServerList(options.account);
    const connected = () => this.#door.wire.isConnected();
    const store = new PhoneStore((call) => this.#control.applyAudio(call));
    this.#store = store;
    const aside = (callId: string) => this.#control.aside(callId);
    const drivers = new CallDrivers({ phone: options, environment, store, connected, aside });
    this.#drivers = drivers;
    this.#conference = new Conference({ environment, store, drivers, control: () => this.#control, log: options.log });
    const control = new CallControl({
      phone: options,
      environment,
      store,
      drivers,
      userAgent: () => this.#door.userAgent,
      connected,
      hurry: () => this.#line.hurry(),
      together: (callId) => this.#conference.together(callId),
    });
    this.#control = control;
    this.#transfers = new Transfers({
      environment,
      store,
      drivers,
      control,
      domain: options.account.domain,
      connected,
    });
    this.#door = this.#openDoor(options.account);
    const { userAgent } = this.#door;
    this.#lamps = new Lamps({ userAgent, environment, store, domain: options.account.domain });
    this.#takeUp = new TakeUp({
      environment,
      store,
      drivers,
      userAgent: () => userAgent,
      domain: options.account.domain,
      say: (message) => this.#door.farewell(message),
      log: options.log,
    });
    this.#line = this.#openLine();
  }

  #openDoor(account: SipAccount): SipDoor {
    return new SipDoor({
      account,
      server: () => this.#servers.current(),
      environment: this.#environment,
      mediaOf: (session) => this.#drivers.mediaOf(session),
      onInvite: (invitation) => this.#control.invited(invitation),
      onNotify: (notification) => this.#lamps.unsolicited(notification),
      onUpdate: (request) => this.#drivers.updated(request),
      onInviteRefused: (sipCallId, status) => this.#drivers.bySipCallId(sipCallId)?.inviteRefused(endOfStatus(status)),
      onAnswered: (message) => queueMicrotask(() => this.#drivers.answered(message)),
      onInviteAccepted: (sipCallId) => this.#drivers.bySipCallId(sipCallId)?.inviteAccepted(),
      isCancelled: (sipCallId) => this.#drivers.bySipCallId(sipCallId)?.isEnded() ?? false,
      reinviteRefusal: (sipCallId) => this.#drivers.reinviteRefusal(sipCallId),
      heard: () => this.#line.heard(),
      lost: () => this.#lineLost(),
      log: this.#options.log,
    });
  }

  #openLine(): Line {
    const { userAgent, wire } = this.#door;
    return new Line({
      servers: this.#servers,
      wire,
      registration: new Registration({
        userAgent,
        registrar: new URI('sip', '', userAgent.configuration.uri.host, userAgent.configuration.uri.port),
        startTimer: this.#environment.startTimer,
      }),
      environment: this.#environment,
      probe: () => this.#door.probe(),
      busy: () => this.#store.live().length > 0,
      opened: () => this.#control.opened(),
      urgent: () => this.#control.isUrgent(),
      changed: (registration) => {
        this.#store.registration(registration);
        if (registration.state !== 'registered') this.#lamps.offline();
      },
      reconnected: () => {
        this.#door.repeatFarewells();
        this.#takeUp.online();
        this.#transfers.reconnected();
        for (const driver of this.#drivers.all()) driver.reconnected();
        this.#lamps.online();
      },
      log: this.#options.log,
    });
  }

  #lineLost(): void {
    this.#control.lineLost();
    this.#line.lost();
    for (const driver of this.#drivers.all()) driver.lineLost();
    this.#transfers.lineLost();
  }

  start(): void {
    this.#line.start();
    // While the socket is opening there is nothing else to do.
    warmUp(this.#options.country);
  }

  retire(retired: boolean): void {
    this.#control.retire(retired);
    this.#line.retire(retired);
  }

  async stop(): Promise<void> {
    this.abandon();
    await this.#line.stop();
  }

  sipCallId(callId: string): string | null {
    return this.#drivers.get(callId)?.sipCallId() ?? null;
  }

  state(): PhoneState {
    return this.#store.state();
  }

  subscribe(listener: (state: PhoneState) => void): () => void {
    return this.#store.subscribe(listener);
  }

  call(target: string): string {
    return this.#control.call(target);
  }

  answer(callId: string): void {
    this.#control.answer(callId);
  }

  decline(callId: string, options?: { to?: string }): void {
    this.#control.decline(callId, options);
  }

  hangUp(callId: string): void {
    if (!this.#takeUp.letGo(callId)) this.#control.hangUp(callId);
  }

  setMuted(callId: string, muted: boolean): void {
    this.#control.setMuted(callId, muted);
  }

  hold(callId: string): void {
    this.#control.hold(callId);
  }

  resume(callId: string): void {
    this.#control.resume(callId);
  }

  sendDtmf(callId: string, tones: string, milliseconds?: number): void {
    this.#control.sendDtmf(callId, tones, milliseconds);
  }

  transfer(callId: string, target: string, headers?: TransferHeaders): void {
    this.#transfers.transfer(callId, target, headers);
  }

  consult(callId: string, target: string, headers?: TransferHeaders): string {
    return this.#transfers.consult(callId, target, headers);
  }

  completeTransfer(callId: string, consultCallId: string, headers?: TransferHeaders): void {
    this.#transfers.complete(callId, consultCallId, headers);
  }

  conference(callId: string, otherCallId: string): void {
    this.#conference.join(callId, otherCallId);
  }

  splitConference(): void {
    this.#conference.split();
  }

  watch(extensions: readonly string[]): void {
    this.#lamps.watch(extensions);
  }

  forget(callId: string): void {
    this.#store.forget(callId);
  }

  keepsakes(): readonly CallKeepsake[] {
    const { wire, viaHost } = this.#door;
    const options = { viaHost, protocol: wire.protocol, server: this.#servers.current() };
    return this.#store.live().flatMap((call) => {
      const driver = this.#drivers.get(call.callId);
      const own = driver?.isEstablished() ? keepsakeOf(call, driver.session, options) : null;
      return own ?? this.#takeUp.waitingFor(call.callId) ?? [];
    });
  }

  takeUp(keepsakes: readonly CallKeepsake[]): void {
    this.#takeUp.take(keepsakes);
  }

  abandon(kept: ReadonlySet<string> = new Set()): void {
    for (const call of this.#store.live()) if (!kept.has(call.callId)) this.#takeUp.letGo(call.callId);
    this.#control.abandon(kept);
  }
}

import { type Invitation, Inviter, type URI, type UserAgent } from 'sip.js';
import { newId } from '../shared/ids.ts';
import { quietly } from './call-driver.ts';
import type { CallDrivers } from './call-drivers.ts';
import { endOfCancel } from './call-end.ts';
import { isLive, mayBeHeard } from './call-machine.ts';
import { dialledIdentity, type ReceivedRequest, readInvite } from './invite-caller.ts';
import type { PhoneEnvironment } from './phone-environment.ts';
import type { PhoneStore } from './phone-store.ts';
import type { PhoneCall, PhoneOptions } from './phone-types.ts';
import { targetUri } from './target.ts';
import { UrgentCalls } from './urgent-calls.ts';

/** More than this at once and the next caller hears busy: nobody can look at four ringing calls. */
const MOST_CALLS = 3;

export interface CallControlOptions {
  phone: PhoneOptions;
  environment: PhoneEnvironment;
  store: PhoneStore;
  drivers: CallDrivers;
  userAgent: () => UserAgent;
  connected: () => boolean;
  /** Makes the line open a socket at once. @returns false where it is not running. */
  hurry: () => boolean;
  /** The calls that share one microphone key with this one, itself included: a conference is muted as a whole. */
  together: (callId: string) => readonly string[];
}

/** What an agent does with one call, and the rule that one customer hears the agent at a time. */
export class CallControl {
  readonly #options: CallControlOptions;
  /** Whom the agent turned to last: one call, or those that a conference is made of. */
  #turned: ReadonlySet<string> = new Set();
  readonly #urgent: UrgentCalls;
  #retired = false;

  constructor(options: CallControlOptions) {
    this.#options = options;
    const { store, drivers, phone, connected, hurry, environment } = options;
    this.#urgent = new UrgentCalls({ store, drivers, country: phone.country, connected, hurry, now: environment.now });
  }

  /** @param headers whole header lines for the INVITE. */
  call(target: string, consultFor: string | null = null, headers: readonly string[] = []): string {
    const { phone, environment, store } = this.#options;
    const callId = newId();
    store.add({
      callId,
      direction: 'out',
      caller: dialledIdentity(target, phone.country),
      queue: null,
      customerRef: null,
      capsule: null,
      consultFor,
      startedAt: environment.now(),
      phase: 'dialling',
      ringingThere: false,
      earlyMedia: false,
    });
    const uri = targetUri(target, phone.account.domain);
    const place = () => uri && this.#place(callId, uri, headers);
    if (uri && this.#urgent.take(callId, target, place)) return callId;
    if (!uri || !this.#options.connected()) {
      const end = { result: 'failed', by: uri ? 'network' : 'here', sipStatus: null } as const;
      store.dispatch(callId, { type: 'ended', at: environment.now(), end });
    } else place();
    return callId;
  }

  #place(callId: string, uri: URI, headers: readonly string[]): void {
    const { store, drivers } = this.#options;
    this.#turnTo(callId);
    const inviter = new Inviter(this.#options.userAgent(), uri, { earlyMedia: true, extraHeaders: [...headers] });
    drivers.drive(callId, inviter).media.setEarly(true);
    const onProgress = ({ message }: { message: { statusCode?: number | undefined; body: string } }) =>
      store.dispatch(callId, {
        type: 'progress',
        ringingThere: message.statusCode === 180,
        earlyMedia: message.body !== '',
      });
    const onAccept = ({ message }: { message: ReceivedRequest }) => drivers.answeredBy(callId, message);
    quietly(inviter.invite({ requestDelegate: { onProgress, onAccept } }));
  }

  /** A socket is there; whether it is registered is no matter to an emergency call. */
  opened(): void {
    this.#urgent.opened();
  }

  /** The socket is gone; told before the calls are. */
  lineLost(): void {
    this.#urgent.lineLost();
  }

  /** An emergency call waits for a socket. */
  isUrgent(): boolean {
    return this.#urgent.waiting();
  }

  /** Another window has the line: nothing rings here. */
  retire(retired: boolean): void {
    this.#retired = retired;
  }

  invited(invitation: Invitation): void {
    const { phone, environment, store, drivers } = this.#options;
    if (this.#retired) {
      quietly(invitation.reject({ statusCode: 480 }));
      return;
    }
    if (store.live().length >= MOST_CALLS) {
      quietly(invitation.reject({ statusCode: 486 }));
      return;
    }
    const callId = newId();
    const facts = readInvite(invitation.request, { country: phone.country, trusted: true });
    invitation.delegate = {
      onCancel: (cancel) => driver.expectEnd(endOfCancel(cancel.request.getHeader('reason') ?? '')),
    };
    const driver = drivers.drive(callId, invitation);
    store.add({
      ...facts,
      callId,
      direction: 'in',
      consultFor: null,
      startedAt: environment.now(),
      phase: 'ringing',
    });
    quietly(invitation.progress());
  }

  answer(callId: string): void {
    const driver = this.#options.drivers.get(callId);
    if (!driver || this.#call(callId)?.phase !== 'ringing') return;
    this.#turnTo(callId);
    this.#options.store.dispatch(callId, { type: 'answer' });
    quietly((driver.session as Invitation).accept());
  }

  decline(callId: string, { to }: { to?: string } = {}): void {
    const phase = this.#call(callId)?.phase;
    if (phase !== 'ringing' && phase !== 'answering') return;
    const uri = to === undefined ? null : targetUri(to, this.#options.phone.account.domain);
    const headers = uri ? [`Contact: <${uri.toString()}>`] : [];
    const sipStatus = uri ? 302 : 486;
    this.#options.drivers.get(callId)?.finish({ result: 'declined', by: 'here', sipStatus }, headers);
  }

  hangUp(callId: string): void {
    if (this.#urgent.letGo(callId)) return;
    const call = this.#call(callId);
    if (call?.phase === 'ringing' || call?.phase === 'answering') {
      this.decline(callId);
      return;
    }
    const result = call?.phase === 'dialling' ? 'no_answer' : 'answered';
    this.#options.drivers.get(callId)?.finish({ result, by: 'here', sipStatus: null });
  }

  setMuted(callId: string, muted: boolean): void {
    for (const one of this.#options.together(callId)) {
      const call = this.#call(one);
      const media = this.#options.drivers.get(one)?.media;
      if (call?.phase !== 'talking') continue;
      const heard = media?.setAudible(mayBeHeard({ ...call, muted })) ?? !muted;
      // What is shown is what was read back: a dead microphone stays "muted". A call that is being taken up has none yet.
      const open = media !== undefined && mayBeHeard({ ...call, muted: false });
      this.#options.store.dispatch(one, { type: 'muted', muted: open ? !heard : muted });
    }
  }

  hold(callId: string): void {
    this.#setHold(callId, true);
  }

  /** Takes a parked customer back. @param alone false where the others stay as they are: a conference is being made. */
  resume(callId: string, alone = true): void {
    const call = this.#call(callId);
    if (call?.phase !== 'talking' || call.hold !== 'held') return;
    if (alone) this.#turnTo(callId);
    else this.#turned = new Set([...this.#turned, callId]);
    this.#setHold(callId, false);
  }

  sendDtmf(callId: string, tones: string, milliseconds = 100): void {
    const clean = tones
      .toUpperCase()
      .replace(/[^0-9*#A-D]/g, '')
      .slice(0, 64);
    if (clean === '' || this.#call(callId)?.phase !== 'talking') return;
    this.#options.drivers.get(callId)?.sendDtmf(clean, Math.min(Math.max(milliseconds, 40), 1_000));
  }

  abandon(kept: ReadonlySet<string>): void {
    const { store, drivers } = this.#options;
    for (const call of store.live()) {
      if (kept.has(call.callId)) continue;
      if (call.phase === 'ringing') {
        drivers.get(call.callId)?.finish({ result: 'missed', by: 'here', sipStatus: 480 });
      } else this.hangUp(call.callId);
    }
  }

  /** Whether this call has to wait: the agent turned to somebody else meanwhile, and still has them. */
  aside(callId: string): boolean {
    return (
      !this.#turned.has(callId) &&
      this.#options.store.live().some((one) => one.callId !== callId && this.#hasTheAgent(one))
    );
  }

  #hasTheAgent(call: PhoneCall): boolean {
    if (call.phase === 'talking') return call.hold === 'none' || call.hold === 'resuming';
    // Of several that are being dialled or answered, the last one will have the agent.
    return call.phase !== 'ringing' && this.#turned.has(call.callId);
  }

  /** One customer hears the agent at a time. */
  #turnTo(callId: string): void {
    this.#turned = new Set([callId]);
    for (const call of this.#options.store.live()) if (call.callId !== callId) this.#setHold(call.callId, true);
  }

  /** Before any screen shows the state: a muted or parked microphone is shut, an ended call is silent. */
  applyAudio(call: PhoneCall): void {
    this.#options.drivers.get(call.callId)?.media.setAudible(mayBeHeard(call));
    if (!isLive(call)) this.#options.phone.media.play(call.callId, null);
  }

  #setHold(callId: string, held: boolean): void {
    const call = this.#call(callId);
    if (call?.phase !== 'talking') return;
    const may = held ? call.hold === 'none' || call.hold === 'resuming' : call.hold === 'held';
    if (!may) return;
    const driver = this.#options.drivers.get(callId);
    // A call that is being taken up has nothing to agree on yet.
    if (!driver?.isEstablished()) return;
    this.#options.store.dispatch(callId, { type: held ? 'hold' : 'resume' });
    driver.setHold(held);
  }

  #call(callId: string): PhoneCall | undefined {
    return this.#options.store.call(callId);
  }
}

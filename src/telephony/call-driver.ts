import { type Invitation, Inviter, type Session, SessionState } from 'sip.js';
import type { CallMedia } from './call-media.ts';
import type { DriverOptions, ReplacedDialog } from './driver-options.ts';
import { HoldControl } from './hold-control.ts';
import { failLostOffer } from './lost-offer.ts';
import { MediaWatch } from './media-watch.ts';
import type { CallEnd } from './phone-types.ts';

/**
 * Moves one SIP.js session and tells the call machine what happened. The session's stateChange is the only source:
 * the promises of accept() and invite() settle late, never, or with success on an ended session.
 */
export class CallDriver {
  readonly session: Session;
  readonly media: CallMedia;
  readonly #options: DriverOptions;
  readonly #hold: HoldControl;
  readonly #mediaWatch: MediaWatch;
  #ended = false;
  #established = false;
  #byeWhenConnected = false;
  /** What a SIP message said about the end, kept for the state change that follows it. */
  #verdict: CallEnd | null = null;
  /** The dialog of an earlier page that this session is to replace. */
  #replaced: ReplacedDialog | null = null;

  constructor(session: Session, options: DriverOptions) {
    this.session = session;
    this.media = options.media;
    this.#options = options;
    this.#hold = new HoldControl({
      environment: options.environment,
      reinvite: (requestDelegate) => session.invite({ requestDelegate }),
      setHold: (held) => options.media.setHold(held),
      settled: (held) => {
        // The yes to a resume that the agent was told had failed.
        if (!held && options.aside()) this.#hold.wish(true);
        else options.dispatch({ type: 'hold_settled', held });
      },
      failed: (problem) => options.dispatch({ type: 'hold_failed', problem }),
      gone: () => this.finish({ result: 'answered', by: 'there', sipStatus: 481 }),
    });
    if (!(session instanceof Inviter)) this.#hold.early();
    this.#mediaWatch = new MediaWatch({
      startTimer: options.environment.startTimer,
      state: () => options.media.state(),
      forked: () => options.media.isForked(),
      connected: options.connected,
      restart: () => {
        options.media.restartIce();
        this.#hold.renew();
      },
      lost: (interrupted) => {
        options.log('media lost', { interrupted });
        this.finish({ result: interrupted ? 'answered' : 'failed', by: 'network', sipStatus: null });
      },
    });
    session.stateChange.addListener((state) => this.#stateChanged(state));
  }

  /** Remembers why the session is about to end; the first reason counts. */
  expectEnd(end: CallEnd): void {
    this.#verdict ??= end;
  }

  /** This session takes the place of another dialog (RFC 3891). */
  replaces(dialog: ReplacedDialog): void {
    this.#replaced = dialog;
  }

  /** A final response refused our INVITE; SIP.js changes the state before it tells which. */
  inviteRefused(end: CallEnd): void {
    if (this.#established) return;
    // They were talking: to the agent this is a call that broke off.
    this.expectEnd(this.#replaced ? { result: 'answered', by: 'network', sipStatus: end.sipStatus } : end);
  }

  isEstablished(): boolean {
    return this.#established && !this.#ended;
  }

  /** Somebody took our call; SIP.js hears of it next. It would end the call where another phone had announced something. */
  inviteAccepted(): void {
    if (this.#established) return;
    this.media.setEarly(false);
    Reflect.set(this.session, 'earlyMediaDialog', undefined);
  }

  /** The far side knows that we took its call: from now on there can be other offers. */
  acknowledged(): void {
    // SIP.js tells before it has dealt with the ACK.
    queueMicrotask(() => this.#hold.ready());
  }

  isEnded(): boolean {
    return this.#ended;
  }

  readonly isAsking = (): boolean => this.#hold.isAsking();
  readonly theyAsk = (asking: boolean): void => this.#hold.theyAsk(asking);

  /** Parks the customer or takes them back, by re-INVITE. */
  setHold(held: boolean): void {
    if (this.isEstablished()) this.#hold.wish(held);
  }

  sipCallId(): string {
    return (this.session as Invitation | Inviter).request.callId;
  }

  /** Tones in the audio; where the other side did not agree to them, by INFO, one after another. */
  sendDtmf(tones: string, milliseconds: number): void {
    if (this.media.sendDtmf(tones, milliseconds)) return;
    const [first, ...rest] = tones;
    if (first === undefined || this.#ended) return;
    const content = `Signal=${first}\r\nDuration=${milliseconds}\r\n`;
    const body = { contentDisposition: 'render', contentType: 'application/dtmf-relay', content };
    quietly(this.session.info({ requestOptions: { body } }));
    this.#options.environment.startTimer(milliseconds + 70, () => this.sendDtmf(rest.join(''), milliseconds));
  }

  /** After a reconnect: the far side learns our new socket, or tells us that the call is gone. */
  reconnected(): void {
    if (this.#byeWhenConnected) {
      this.#byeWhenConnected = false;
      quietly(this.session.bye());
      return;
    }
    if (this.#ended || !this.#established) return;
    if (this.media.state() !== 'connected') this.media.restartIce();
    this.#hold.renew();
  }

  /** The socket is gone. What had not been agreed cannot be agreed any more; an established call goes on. */
  lineLost(): void {
    this.#hold.interrupted();
    failLostOffer(this.session);
    if (this.#established || this.#ended) return;
    const result = this.#replaced ? 'answered' : this.session instanceof Inviter ? 'failed' : 'missed';
    this.finish({ result, by: 'network', sipStatus: null });
  }

  /** Its socket is gone, and the call is placed anew: nothing of this session is told any more. */
  release(): void {
    this.#ended = true;
    this.#mediaWatch.stop();
    this.#hold.stop();
    this.media.close();
    this.#tellFarSide(this.session.state, { result: 'no_answer', by: 'here', sipStatus: null }, []);
  }

  /** The peer connection's state changed. */
  mediaChanged(): void {
    if (this.#ended || !this.#established) return;
    const state = this.media.state();
    this.#options.dispatch({ type: 'media', media: state });
    if (state === 'connected') this.#mediaWatch.stop();
    else this.#mediaWatch.start();
  }

  /**
   * Ends the call now, whatever it is doing; the far side is told as soon as it can be.
   * @param headers whole header lines for a refusal.
   */
  finish(end: CallEnd, headers: readonly string[] = []): void {
    if (this.#ended) return;
    this.expectEnd(end);
    const state = this.session.state;
    this.#end();
    this.#tellFarSide(state, end, headers);
  }

  #tellFarSide(state: SessionState, end: CallEnd, headers: readonly string[]): void {
    switch (state) {
      case SessionState.Initial:
      case SessionState.Establishing:
        if (this.session instanceof Inviter) {
          quietly(this.session.cancel());
          return;
        }
        quietly((this.session as Invitation).reject({ statusCode: end.sipStatus ?? 480, extraHeaders: [...headers] }));
        return;
      case SessionState.Established:
        this.#bye();
        return;
      case SessionState.Terminating:
      case SessionState.Terminated:
        return;
    }
  }

  #bye(): void {
    if (this.#options.connected()) quietly(this.session.bye());
    else this.#byeWhenConnected = true;
  }

  #stateChanged(state: SessionState): void {
    if (this.#ended) {
      // Hung up here while the 200 was on its way out: the dialog exists now and must be closed.
      if (state === SessionState.Established) this.#bye();
      return;
    }
    if (state === SessionState.Established) this.#onEstablished();
    if (state === SessionState.Terminated) this.#end();
  }

  #onEstablished(): void {
    this.#established = true;
    const aside = this.#options.aside();
    this.#options.dispatch({ type: 'established', at: this.#options.environment.now(), aside });
    // A call that was taken up has been talking before.
    if (aside) this.#options.dispatch({ type: 'hold' });
    this.mediaChanged();
    // Asterisk stops the music when one dialog takes another's place, whatever the INVITE offers: it is asked for anew.
    if (aside || this.#replaced?.held) this.#hold.wish(true);
    this.#replaced = null;
  }

  #end(): void {
    this.#ended = true;
    this.#mediaWatch.stop();
    this.#hold.stop();
    const fallback: CallEnd = this.#established
      ? { result: 'answered', by: 'there', sipStatus: null }
      : { result: this.#replaced ? 'answered' : 'failed', by: 'network', sipStatus: null };
    this.#replaced?.end();
    this.#replaced = null;
    this.media.close();
    this.#options.dispatch({
      type: 'ended',
      at: this.#options.environment.now(),
      end: this.#verdict ?? fallback,
    });
  }
}

/** SIP.js rejects when a message crossed ours; the state change has already told what happened. */
export function quietly(promise: Promise<unknown>): void {
  promise.catch(() => {});
}

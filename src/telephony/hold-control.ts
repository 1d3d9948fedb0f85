import type { Core } from 'sip.js';
import type { PhoneEnvironment } from './phone-environment.ts';

export interface HoldOptions {
  environment: PhoneEnvironment;
  reinvite: (delegate: Core.OutgoingRequestDelegate) => Promise<unknown>;
  /** The direction that the next offer asks for. */
  setHold: (held: boolean) => void;
  /** The network agreed: this is the state now. */
  settled: (held: boolean) => void;
  failed: (problem: 'refused' | 'timeout') => void;
  /** The far side knows no such call (481). */
  gone: () => void;
}

/** An agent is told after this long that the customer is not on hold. */
const PATIENCE_MS = 2_000;

/*
 * SIP allows one re-INVITE at a time (RFC 3261 section 14.1). So there is a wish, the last agreed state, and at most
 * one offer on its way; when it is settled and the wish has changed meanwhile, the next one goes out.
 */
export class HoldControl {
  readonly #options: HoldOptions;
  #wished = false;
  #agreed = false;
  #inFlight = false;
  #theirs = false;
  #renew = false;
  #stopped = false;
  #early = false;
  /** Which offer an answer belongs to. */
  #round = 0;
  /** The agent was told that the last wish failed: what the network says late is the truth then. */
  #gaveUp = false;
  #stopPatience: (() => void) | null = null;
  #stopRetry: (() => void) | null = null;

  constructor(options: HoldOptions) {
    this.#options = options;
  }

  /**
   * Nothing is offered until ready(): we answered, and the ACK is still to come. SIP.js takes that ACK for a broken answer to the
   * new offer, and ends the call.
   */
  early(): void {
    this.#early = true;
  }

  ready(): void {
    if (!this.#early) return;
    this.#early = false;
    this.#next();
  }

  wish(held: boolean): void {
    this.#wished = held;
    this.#gaveUp = false;
    this.#stopPatience?.();
    this.#stopPatience = this.#options.environment.startTimer(PATIENCE_MS, () => this.#giveUp('timeout'));
    this.#next();
  }

  /** Sends the present state again: new contact, new network path. */
  renew(): void {
    this.#renew = true;
    this.#next();
  }

  /** Their offer came (true) or has its final answer (false): RFC 3261 section 14.1, ours waits until then. */
  theyAsk(asking: boolean): void {
    this.#theirs = asking;
    if (!asking) this.#next();
  }

  /** Whether an offer of ours is being made or not answered yet. */
  isAsking(): boolean {
    return this.#inFlight;
  }

  /** The call is over: what is still on its way is not asked again. */
  stop(): void {
    this.#stopped = true;
    this.#round += 1;
    this.#stopRetry?.();
    // Nothing is told of a call that is just ending: a transfer that waited for the hold would still leave.
    this.#calm();
  }

  /** The socket is gone; nothing that was asked will be answered. */
  interrupted(): void {
    this.#inFlight = false;
    this.#theirs = false;
    this.#round += 1;
    this.#stopRetry?.();
    if (this.#stopPatience) this.#giveUp('timeout');
  }

  #next(): void {
    if (this.#inFlight || this.#theirs || this.#stopped || this.#early) return;
    if (this.#wished === this.#agreed && !this.#renew) {
      this.#reached();
      return;
    }
    const held = this.#wished;
    this.#renew = false;
    this.#inFlight = true;
    this.#round += 1;
    const mine = this.#round;
    /** What is said of an offer that went with its socket says nothing about the next one. */
    const rejected = (status: number) => {
      if (mine === this.#round) this.#rejected(status);
    };
    this.#options.setHold(held);
    this.#options
      .reinvite({
        onAccept: () => {
          if (mine === this.#round) this.#accepted(held);
        },
        onReject: (response) => rejected(response.message.statusCode ?? 500),
        onRedirect: () => rejected(302),
      })
      .catch(() => rejected(491));
  }

  #accepted(held: boolean): void {
    this.#inFlight = false;
    const changed = this.#agreed !== held;
    this.#agreed = held;
    // An answer after our patience is still the truth: the customer hears the music now.
    if (this.#gaveUp && changed) this.#wished = held;
    // Not where the wish has changed meanwhile: nobody is to be heard between two offers.
    if (changed && this.#wished === held) this.#options.settled(held);
    this.#next();
  }

  #rejected(status: number): void {
    this.#inFlight = false;
    if (this.#stopped) return;
    // RFC 3261 section 12.2.1.2: the far side has no such dialog.
    if (status === 481) {
      this.#options.gone();
      return;
    }
    this.#options.setHold(this.#agreed);
    if (status === 491) {
      // RFC 3261 section 14.1: both sides asked at once; try again after a random time.
      this.#stopRetry?.();
      this.#stopRetry = this.#options.environment.startTimer(100 + this.#options.environment.random() * 600, () =>
        this.#next(),
      );
      if (this.#wished === this.#agreed) this.#renew = true;
      return;
    }
    if (this.#wished === this.#agreed) this.#reached();
    else this.#giveUp('refused');
  }

  #giveUp(problem: 'refused' | 'timeout'): void {
    if (this.#wished === this.#agreed) {
      this.#reached();
      return;
    }
    this.#calm();
    this.#wished = this.#agreed;
    this.#gaveUp = true;
    this.#options.failed(problem);
  }

  /** What is wished is what was agreed last, perhaps because the wish was changed on the way there. */
  #reached(): void {
    if (this.#stopPatience) this.#options.settled(this.#agreed);
    this.#calm();
  }

  #calm(): void {
    this.#stopPatience?.();
    this.#stopPatience = null;
  }
}

import type { Core, URI, UserAgent } from 'sip.js';
import type { PhoneEnvironment } from './phone-environment.ts';

export interface SubscriptionOptions {
  userAgent: UserAgent;
  environment: Pick<PhoneEnvironment, 'startTimer' | 'random'>;
  target: URI;
  event: 'message-summary' | 'dialog';
  /** The media type of its documents. */
  accept: string;
  /** A document came, the first one included. */
  told: (body: string) => void;
  /** Nothing is known any more: refused, ended, or nobody answered. */
  silent: () => void;
}

const EXPIRES_SECONDS = 600;
const MINUTE_MS = 60_000;
/** A refusal does not change by asking often. */
const REFUSED_MS = 10 * MINUTE_MS;

/*
 *                  +------------- timer -------------+
 *                  v                                 |
 *  off --start--> asking --NOTIFY--> told --ended, refused, unanswered--> waiting
 *   ^              |                  |  ^ refresh at half the expiry        |
 *   +--- stop -----+------------------+--+-----------------------------------+
 */

/** Keeps one SUBSCRIBE alive (RFC 6665) and hands on what it is told. Never throws, never gives up, never asks in a hurry. */
export class Subscription {
  readonly #options: SubscriptionOptions;
  #request: Core.OutgoingSubscribeRequest | null = null;
  #dialog: Core.Subscription | null = null;
  #stopTimer: (() => void) | null = null;
  /** Tells a try from one that was overtaken. */
  #round = 0;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  start(delayMs: number): void {
    this.#drop();
    this.#later(delayMs, () => this.#subscribe());
  }

  /** @param tell false where there is no line to say it on. */
  stop(tell: boolean): void {
    const dialog = this.#dialog;
    this.#dialog = null;
    this.#drop();
    if (!dialog) return;
    dialog.delegate = { onNotify: (request) => quietly(() => request.accept()) };
    if (tell) quietly(() => dialog.unsubscribe());
    else dialog.dispose();
  }

  #drop(): void {
    this.#round++;
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#request?.waitNotifyStop();
    this.#request = null;
    this.#dialog?.dispose();
    this.#dialog = null;
  }

  #later(milliseconds: number, act: () => void): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#options.environment.startTimer(milliseconds, act);
  }

  #subscribe(): void {
    const { userAgent, target, event, accept } = this.#options;
    const round = ++this.#round;
    const mine = <T extends unknown[]>(act: (...args: T) => void) => {
      return (...args: T) => {
        if (round === this.#round) act(...args);
      };
    };
    const core = userAgent.userAgentCore;
    const headers = [
      `Contact: ${userAgent.contact}`,
      `Event: ${event}`,
      `Expires: ${EXPIRES_SECONDS}`,
      `Accept: ${accept}`,
    ];
    const message = core.makeOutgoingRequestMessage(
      'SUBSCRIBE',
      target,
      userAgent.configuration.uri,
      target,
      {},
      headers,
    );
    this.#request = core.subscribe(message, {
      onNotify: ({ request, subscription }) => {
        if (round === this.#round) this.#opened(request, subscription);
        else quietly(() => request.accept());
      },
      onNotifyTimeout: mine(() => this.#over(MINUTE_MS)),
      onReject: mine(({ message: { statusCode = 500 } }) => this.#over(retryDelay(statusCode))),
      onRedirect: mine(() => this.#over(REFUSED_MS)),
    });
  }

  #opened(request: Core.IncomingNotifyRequest, dialog: Core.Subscription | undefined): void {
    const round = this.#round;
    if (dialog) {
      this.#dialog = dialog;
      dialog.delegate = {
        onNotify: (next) => {
          if (round === this.#round) this.#notified(next);
          else quietly(() => next.accept());
        },
        onTerminated: () => {
          if (round === this.#round) this.#over(MINUTE_MS);
        },
      };
    }
    this.#notified(request);
  }

  #notified(request: Core.IncomingNotifyRequest): void {
    quietly(() => request.accept());
    const { message } = request;
    const state = message.getHeader('subscription-state') ?? '';
    // RFC 6665 section 4.1.2.4: a NOTIFY without a body is no news.
    if (message.body !== '') this.#options.told(message.body);
    if (/^\s*terminated\b/i.test(state)) this.#over(delayAfter(state));
    else this.#refreshLater();
  }

  #refreshLater(): void {
    const dialog = this.#dialog;
    if (!dialog) return;
    this.#later(Math.max(10, dialog.subscriptionExpires / 2) * 1_000, () => {
      try {
        dialog.refresh();
        this.#refreshLater();
      } catch {
        this.#over(1_000);
      }
    });
  }

  #over(delayMs: number): void {
    this.#drop();
    this.#options.silent();
    this.#later(delayMs * (1 + this.#options.environment.random() * 0.2), () => this.#subscribe());
  }
}

function retryDelay(status: number): number {
  return status === 408 || status >= 500 ? MINUTE_MS : REFUSED_MS;
}

/** RFC 6665 section 4.1.3: why it ended tells when to ask again. */
function delayAfter(state: string): number {
  const asked = Number(/;\s*retry-after\s*=\s*(\d{1,5})/i.exec(state)?.[1] ?? 0) * 1_000;
  const reason = /;\s*reason\s*=\s*([\w-]+)/i.exec(state)?.[1]?.toLowerCase();
  switch (reason) {
    case 'rejected':
    case 'noresource':
    case 'invariant':
      return Math.max(asked, REFUSED_MS);
    case 'probation':
    case 'giveup':
      return Math.max(asked, MINUTE_MS);
    default:
      return Math.max(asked, 2_000);
  }
}

function quietly(act: () => unknown): void {
  try {
    act();
  } catch {
    // The transaction is over already: nobody waits for this answer.
  }
}

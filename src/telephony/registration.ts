import { Core, type URI, type UserAgent } from 'sip.js';
import type { StartTimer } from './timers.ts';

/** How one REGISTER ended. */
export type RegisterResult =
  | { result: 'registered'; expiresInSeconds: number }
  | { result: 'wrong_password'; status: number }
  /** `retryAfterMs` is the registrar's wish (RFC 3261 section 20.33), null where it has none. */
  | { result: 'rejected'; status: number; retryAfterMs: number | null }
  | { result: 'timeout' };

export interface RegistrationOptions {
  userAgent: UserAgent;
  /** `sip:domain`. */
  registrar: URI;
  startTimer: StartTimer;
}

const WISHED_SECONDS = 300;
/** A registrar on a living line answers at once; after this the line is not believed any more. */
const REPLY_TIMEOUT_MS = 6_000;

/**
 * REGISTER over SIP.js's core, one at a time, all with one Call-ID and growing CSeq (RFC 3261 section 10.2). Not its
 * Registerer: that one refreshes at 99 % of the expiry and does not believe a Contact which the PBX rewrote.
 */
export class Registration {
  readonly #options: RegistrationOptions;
  #wishedSeconds = WISHED_SECONDS;
  #identity: { callId: string; fromTag: string; cseq: number } | null = null;
  #current: { finish: (result: RegisterResult) => void } | null = null;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /** Sends one REGISTER (and what its challenge needs). Never rejects. */
  register(): Promise<RegisterResult> {
    return this.#send(this.#wishedSeconds);
  }

  /** Removes our binding, where there is a line. Resolves when the registrar answered, at the latest after a second. */
  async leave(): Promise<void> {
    if (this.#options.userAgent.isConnected()) {
      const patience = new Promise<void>((resolve) => this.#options.startTimer(1_000, resolve));
      await Promise.race([this.#send(0), patience]);
    }
    this.forget();
  }

  /** The socket is gone: what was asked on it will not be answered. */
  forget(): void {
    this.#current?.finish({ result: 'timeout' });
  }

  #send(seconds: number): Promise<RegisterResult> {
    this.forget();
    return new Promise((resolve) => {
      const stopTimer = this.#options.startTimer(REPLY_TIMEOUT_MS, () => current.finish({ result: 'timeout' }));
      const current = {
        finish: (result: RegisterResult) => {
          if (this.#current !== current) return;
          this.#current = null;
          stopTimer();
          resolve(result);
        },
      };
      this.#current = current;
      const message = this.#message(seconds);
      this.#options.userAgent.userAgentCore.register(message, {
        onAccept: (response) => {
          this.#remember(message);
          current.finish({ result: 'registered', expiresInSeconds: this.#expires(response.message, seconds) });
        },
        onReject: (response) => {
          this.#remember(message);
          this.#rejected(response.message, current);
        },
        onRedirect: () => current.finish({ result: 'rejected', status: 302, retryAfterMs: null }),
      });
    });
  }

  #message(seconds: number): Core.OutgoingRequestMessage {
    const { userAgent, registrar } = this.#options;
    const aor = userAgent.configuration.uri;
    const known = this.#identity;
    const message = userAgent.userAgentCore.makeOutgoingRequestMessage(
      Core.C.REGISTER,
      registrar,
      aor,
      aor,
      known ? { callId: known.callId, fromTag: known.fromTag, cseq: known.cseq + 1 } : {},
      [
        `Contact: ${userAgent.contact.toString({ register: true })};reg-id=1` +
          `;+sip.instance="<urn:uuid:${userAgent.instanceId}>";expires=${seconds}`,
        `Expires: ${seconds}`,
        'Allow: ACK,CANCEL,INVITE,MESSAGE,BYE,OPTIONS,INFO,NOTIFY,REFER',
      ],
    );
    this.#remember(message);
    return message;
  }

  /** A challenge makes SIP.js raise the CSeq of the message it was given. */
  #remember(message: Core.OutgoingRequestMessage): void {
    const cseq = Math.max(message.cseq, this.#identity?.cseq ?? 0);
    this.#identity = { callId: message.callId, fromTag: message.fromTag, cseq };
  }

  #rejected(response: Core.IncomingResponseMessage, current: { finish: (result: RegisterResult) => void }): void {
    const status = response.statusCode ?? 500;
    const minimum = Number(response.getHeader('min-expires'));
    // RFC 3261 section 10.2.8: 423 tells how long it must be.
    if (status === 423 && minimum > this.#wishedSeconds && minimum <= 86_400) {
      this.#wishedSeconds = minimum;
      void this.#send(minimum).then(current.finish);
      return;
    }
    if (status === 401 || status === 403 || status === 407) {
      current.finish({ result: 'wrong_password', status });
      return;
    }
    // SIP.js makes a 408 of its own when nobody answered, and a 503 when the socket failed.
    if (status === 408) {
      current.finish({ result: 'timeout' });
      return;
    }
    current.finish({ result: 'rejected', status, retryAfterMs: retryAfter(response) });
  }

  #expires(response: Core.IncomingResponseMessage, asked: number): number {
    const user = this.#options.userAgent.contact.uri.user;
    // The PBX may have rewritten host and port of our Contact; the user part stays ours.
    const ours = response.getHeaders('contact').find((contact) => contact.includes(`${user}@`));
    const fromContact = /;\s*expires\s*=\s*"?(\d{1,9})/i.exec(ours ?? '')?.[1];
    const granted = Number(fromContact ?? response.getHeader('expires') ?? asked);
    return Number.isFinite(granted) && granted > 0 ? granted : asked;
  }
}

/** RFC 3261 section 20.33: seconds, perhaps with a comment behind them. */
function retryAfter(response: Core.IncomingResponseMessage): number | null {
  const seconds = Number.parseInt(response.getHeader('retry-after') ?? '', 10);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : null;
}

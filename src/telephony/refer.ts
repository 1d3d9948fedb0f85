import { type Notification, type Session, URI } from 'sip.js';
import type { StartTimer } from './timers.ts';

export interface ReferOptions {
  session: Session;
  startTimer: StartTimer;
  target: URI;
  /** Whole header lines. */
  headers: readonly string[];
  /** The PBX took the order and calls the target. */
  accepted: () => void;
  /** null: nobody said anything in time. */
  failed: (sipStatus: number | null) => void;
  /** The target has the customer. May still come after failed(null): what the PBX says late is the truth all the same. */
  succeeded: () => void;
}

/** A PBX answers a REFER at once; after this the agent is told that nothing happened. */
const ASKING_PATIENCE_MS = 10_000;
/** Longer than any target rings: Asterisk itself keeps the leg for 60 s. */
const TRYING_PATIENCE_MS = 90_000;

/*
 * One REFER in a dialog and what comes of it (RFC 3515): the response to the REFER itself, and NOTIFYs whose body is the
 * target's response so far (message/sipfrag). Each of them may be lost, late, or arrive before the other.
 */
export class Refer {
  readonly #options: ReferOptions;
  #state: 'asking' | 'trying' | 'failed' | 'over' = 'asking';
  /** True where the far side's own word ended it: nothing later counts. */
  #decided = false;
  #stopPatience: () => void;
  #cseq: (() => number) | null = null;

  constructor(options: ReferOptions) {
    this.#options = options;
    this.#stopPatience = options.startTimer(ASKING_PATIENCE_MS, () => this.#fail(null));
    const { session, target, headers } = options;
    session
      .refer(target, {
        onNotify: (notification) => this.#notified(notification),
        requestDelegate: {
          onAccept: () => this.#accept(),
          onReject: ({ message }) => this.#decide(message.statusCode ?? 500),
          onRedirect: ({ message }) => this.#decide(message.statusCode ?? 300),
        },
        requestOptions: { extraHeaders: [...headers] },
      })
      .then((request) => {
        // A challenge makes SIP.js raise the CSeq of the message later.
        this.#cseq = () => request.message.cseq;
      })
      .catch(() => this.#fail(null));
  }

  /** The socket is gone: an unanswered REFER will not be answered. What was agreed goes on at the PBX. */
  lineLost(): void {
    if (this.#state === 'asking') this.#fail(null);
  }

  /** The call is over: nothing is told any more. */
  stop(): void {
    this.#state = 'over';
    this.#stopPatience();
  }

  #accept(): void {
    if (this.#state !== 'asking') return;
    this.#state = 'trying';
    this.#stopPatience();
    this.#stopPatience = this.#options.startTimer(TRYING_PATIENCE_MS, () => this.#fail(null));
    this.#options.accepted();
  }

  #notified(notification: Notification): void {
    notification.accept().catch(() => {});
    const { request } = notification;
    if (this.#state === 'over' || this.#decided || !this.#isOurs(request.getHeader('event') ?? '')) return;
    // RFC 3515 section 2.4.4: a NOTIFY may overtake the 202.
    this.#accept();
    const status = readSipFrag(request.body);
    const over = /^\s*terminated\b/i.test(request.getHeader('subscription-state') ?? '');
    if (status !== null && status >= 200) this.#decide(status);
    else if (over) this.#decide(null);
  }

  /** RFC 3515 section 2.4.6: the id of the event is the CSeq of the REFER, where more than one was sent. */
  #isOurs(event: string): boolean {
    if (!/^\s*refer\s*(;|$)/i.test(event)) return false;
    const id = /;\s*id\s*=\s*(\d{1,10})/i.exec(event)?.[1];
    return id === undefined || this.#cseq === null || Number(id) === this.#cseq();
  }

  #decide(status: number | null): void {
    if (this.#decided || this.#state === 'over') return;
    this.#decided = true;
    if (status === null || status >= 300) {
      this.#fail(status);
      return;
    }
    this.stop();
    this.#options.succeeded();
  }

  #fail(status: number | null): void {
    if (this.#state !== 'asking' && this.#state !== 'trying') return;
    this.#state = 'failed';
    this.#stopPatience();
    this.#options.failed(status);
  }
}

/** The status of the first line of a message/sipfrag (RFC 3420); null where there is none. */
export function readSipFrag(body: string): number | null {
  const status = /^\s*SIP\/2\.0 +([1-6]\d\d)(?!\d)/i.exec(body.slice(0, 256))?.[1];
  return status === undefined ? null : Number(status);
}

/** An address for Refer-To: in brackets, because it may carry headers (RFC 3261 section 20). */
export class ReferTo extends URI {
  /** @param headers names and values that are safe in a URI. */
  static of(uri: URI, headers: Readonly<Record<string, string>>): ReferTo {
    const { scheme, user, host, port } = uri;
    const values = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    return new ReferTo(scheme, user ?? '', host, port, { ...uri.parameters }, values);
  }

  override toString(): string {
    return `<${super.toString()}>`;
  }
}

/** RFC 3891: the dialog of `session`, as the side that is to replace us must name it. */
export function replacing(session: Session, headers: Readonly<Record<string, string>>): ReferTo | null {
  const { dialog } = session;
  if (!dialog) return null;
  const { callId, localTag, remoteTag, remoteTarget } = dialog;
  const replaces = encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`);
  return ReferTo.of(remoteTarget, { ...headers, Replaces: replaces });
}

import { type Core, type Invitation, type Notification, type Session, UserAgent } from 'sip.js';
import type { SipAccount } from '../shared/central-api.ts';
import { DangolError } from '../shared/errors.ts';
import type { CallMedia } from './call-media.ts';
import { Farewells } from './farewells.ts';
import { inspect, refusalReply } from './guard.ts';
import type { PhoneEnvironment } from './phone-environment.ts';
import { headerValue, readSipText } from './sip-text.ts';
import { allowUpdate, updateAnswer } from './update.ts';
import { Wire } from './wire.ts';

export interface SipDoorOptions {
  account: SipAccount;
  /** The address of the next connection. */
  server: () => string;
  environment: PhoneEnvironment;
  /** The audio of a session, made where it is first asked for. */
  mediaOf: (session: Session) => CallMedia;
  onInvite: (invitation: Invitation) => void;
  /** A NOTIFY that belongs to no call and no subscription. */
  onNotify: (notification: Notification) => void;
  /** An UPDATE inside a call; false where there is no such call. */
  onUpdate: (request: Core.IncomingRequestMessage) => boolean;
  /** A final refusal of one of our INVITEs, before SIP.js acts on it. */
  onInviteRefused: (sipCallId: string, status: number) => void;
  onAnswered: (message: string) => void;
  /** Our INVITE was taken (2xx), before SIP.js acts on it. */
  onInviteAccepted: (sipCallId: string) => void;
  /** True for an INVITE of ours that was cancelled. */
  isCancelled: (sipCallId: string) => boolean;
  /** Why a call takes no re-INVITE now; null: it does. */
  reinviteRefusal: (sipCallId: string) => { status: number; reason: string } | null;
  heard: () => void;
  lost: () => void;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
}

/**
 * The only place where messages pass between the socket and SIP.js. Every frame goes through the guard; every request
 * that can be read gets an answer, if not from SIP.js then from here.
 */
export class SipDoor {
  readonly userAgent: UserAgent;
  readonly wire: Wire;
  readonly #options: SipDoorOptions;
  readonly viaHost: string;
  /** From headers that had to be repaired, by Call-ID: responses carry the original (RFC 3261 section 8.2.6.2). */
  readonly #originalFrom = new Map<string, string>();
  readonly #farewells: Farewells;
  #lastAnsweredBranch: string | null = null;
  #probes = 0;

  constructor(options: SipDoorOptions) {
    this.#options = options;
    const { account, environment } = options;
    this.#farewells = new Farewells(environment.now);
    const uri = UserAgent.makeURI(`sip:${encodeURIComponent(account.username)}@${account.domain}`);
    if (!uri) throw new DangolError('CONFIG_BROKEN', 'call-administrator', { detail: 'SIP account: bad domain' });
    // One Contact for one account, the same after every reload: a registrar keeps one binding, and the newest wins.
    const stable = fingerprint(`${account.username}@${account.domain}`);
    this.viaHost = `${stable.slice(0, 12)}.invalid`;
    this.userAgent = new UserAgent({
      uri,
      authorizationUsername: account.username,
      authorizationPassword: account.password,
      displayName: account.displayName.replace(/["\\\r\n]/g, ' '),
      contactName: `d${stable.slice(0, 15)}`,
      contactParams: { transport: account.server.startsWith('wss') ? 'wss' : 'ws' },
      instanceId: uuidFrom(stable),
      viaHost: this.viaHost,
      transportConstructor: Wire,
      transportOptions: {
        openSocket: () => environment.openSocket(options.server()),
        startTimer: environment.startTimer,
        protocol: account.server.startsWith('wss') ? 'WSS' : 'WS',
        receive: (frame: unknown) => this.#receive(frame),
        beforeSend: (message: string) => this.#beforeSend(message),
        lost: options.lost,
      },
      sessionDescriptionHandlerFactory: (session) => options.mediaOf(session),
      delegate: { onInvite: options.onInvite, onNotify: options.onNotify },
      // The screen is painted first; the phone sends 180 itself.
      sendInitialProvisionalResponse: false,
      gracefulShutdown: false,
      // How long it rings is the PBX's business.
      noAnswerTimeout: 3_600,
      userAgentString: 'Dangol',
      // SIP.js logs whole messages, numbers and all.
      logBuiltinEnabled: false,
      logConfiguration: false,
      logLevel: 'error',
    });
    const { transport } = this.userAgent;
    if (!(transport instanceof Wire)) throw new DangolError('INTERNAL', 'none');
    this.wire = transport;
    // SIP.js must be started to take requests; connecting is the line's business.
    this.userAgent.start().catch(() => {});
  }

  /** Asks the far side for any answer at all (RFC 3261 section 11): Asterisk answers OPTIONS, but not CRLF. */
  probe(): void {
    const { domain } = this.#options.account;
    const { contact, configuration } = this.userAgent;
    const id = `${this.viaHost}-${++this.#probes}`;
    const lines = [
      `OPTIONS sip:${domain} SIP/2.0`,
      `Via: SIP/2.0/${this.wire.protocol} ${this.viaHost};branch=z9hG4bK-probe-${id}`,
      'Max-Forwards: 70',
      `From: <${configuration.uri}>;tag=probe`,
      `To: <sip:${domain}>`,
      `Call-ID: probe-${id}`,
      'CSeq: 1 OPTIONS',
      `Contact: ${contact}`,
      'Accept: application/sdp',
      'Content-Length: 0',
    ];
    this.wire.send(`${lines.join('\r\n')}\r\n\r\n`).catch(() => {});
  }

  /** Sends a whole farewell, now or on the next socket. */
  farewell(message: string): void {
    this.#farewells.sent(message);
    this.wire.send(message).catch(() => {});
  }

  /** After a reconnect: whatever ended while the old socket was dying is said again. */
  repeatFarewells(): void {
    for (const message of this.#farewells.unanswered()) this.wire.send(message).catch(() => {});
  }

  #receive(frame: unknown): void {
    this.#options.heard();
    const verdict = inspect(frame, {
      viaHost: this.viaHost,
      newTag: () => Math.floor(this.#options.environment.random() * 2 ** 48).toString(36),
      isCancelled: this.#options.isCancelled,
    });
    switch (verdict.kind) {
      case 'keep-alive':
        return;
      case 'drop':
        this.#options.log('message dropped', { reason: verdict.reason });
        return;
      case 'answer':
        this.#options.log('message refused', { status: verdict.status });
        this.#reply(verdict.reply);
        return;
      case 'request':
        this.#receiveRequest(verdict.request);
        return;
      case 'response':
        this.#receiveResponse(verdict.response);
        return;
    }
  }

  #receiveRequest(request: Core.IncomingRequestMessage): void {
    this.#rememberFrom(request);
    const { method } = request;
    const refusal = method === 'INVITE' && request.toTag ? this.#options.reinviteRefusal(request.callId) : null;
    if (refusal) {
      this.#refuse(request, refusal.status, refusal.reason);
      return;
    }
    if (method === 'UPDATE' && request.toTag) {
      const text = this.#options.onUpdate(request) ? readSipText(request.data) : null;
      const { status, reason, extra } = text
        ? updateAnswer(text, this.userAgent.contact.toString())
        : { status: 481, reason: 'Call/Transaction Does Not Exist', extra: [] };
      this.#refuse(request, status, reason, extra);
      return;
    }
    this.#lastAnsweredBranch = null;
    try {
      this.userAgent.userAgentCore.receiveIncomingRequestFromTransport(request);
    } catch {
      this.#options.log('request threw', { method });
      if (this.#lastAnsweredBranch !== request.viaBranch) this.#refuse(request, 500, 'Server Internal Error');
      return;
    }
    // SIP.js answers everything but INVITE at once, or drops it: a BYE or INFO that came in a wrong moment.
    const dropped = method !== 'ACK' && method !== 'INVITE' && this.#lastAnsweredBranch !== request.viaBranch;
    if (dropped) this.#refuse(request, 481, 'Call/Transaction Does Not Exist');
  }

  #receiveResponse(response: Core.IncomingResponseMessage): void {
    if (response.callId.startsWith('probe-')) return;
    const status = response.statusCode ?? 0;
    if (status >= 200) this.#farewells.answered(response.callId, response.method);
    const challenged = status === 401 || status === 407;
    if (response.method === 'INVITE' && status >= 300 && !challenged) {
      this.#options.onInviteRefused(response.callId, status);
    }
    if (response.method === 'INVITE' && status >= 200 && status < 300) this.#options.onInviteAccepted(response.callId);
    try {
      this.userAgent.userAgentCore.receiveIncomingResponseFromTransport(response);
    } catch {
      this.#options.log('response threw', { status });
    }
  }

  #refuse(request: Core.IncomingRequestMessage, status: number, reason: string, extra: string[] = []): void {
    if (request.method === 'ACK') return;
    const text = readSipText(request.data);
    const reply = text && refusalReply(text, { status, reason, extra }, 'refused');
    if (reply) this.#reply(reply);
  }

  #reply(message: string): void {
    this.wire.send(message).catch(() => {});
  }

  #rememberFrom(request: Core.IncomingRequestMessage): void {
    const text = readSipText(request.data);
    const original = text && headerValue(text, 'from');
    if (!original || original === request.getHeader('from')) return;
    this.#originalFrom.set(request.callId, original);
    const oldest = this.#originalFrom.keys().next().value;
    if (this.#originalFrom.size > 64 && oldest !== undefined) this.#originalFrom.delete(oldest);
  }

  #beforeSend(plain: string): string {
    const message = allowUpdate(plain);
    if (!message.startsWith('SIP/2.0 ')) {
      this.#farewells.sent(message);
      return message;
    }
    this.#lastAnsweredBranch = /;branch=([^;\s,]+)/.exec(message)?.[1] ?? null;
    if (/^SIP\/2\.0 [2-6]/.test(message) && /^CSeq: *\d+ INVITE\r?$/im.test(message)) this.#options.onAnswered(message);
    if (this.#originalFrom.size === 0) return message;
    const callId = /^Call-ID: (.*)$/m.exec(message)?.[1];
    const original = callId === undefined ? undefined : this.#originalFrom.get(callId.trim());
    return original === undefined ? message : message.replace(/^From: .*$/m, () => `From: ${original}`);
  }
}

/** 32 hex characters from a text: not secret, only stable and unlike others (FNV-1a, four times). */
function fingerprint(text: string): string {
  return [0, 1, 2, 3]
    .map((seed) => {
      let hash = 0x811c9dc5 ^ (seed * 0x9e3779b1);
      for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
      return (hash >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}

function uuidFrom(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

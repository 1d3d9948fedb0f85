import { headerValue } from '../../src/telephony/sip-text.ts';
import type { Heard, SipPeer } from './sip-peer.ts';

/** An offer of audio that nobody listens to: enough to ring. */
export const SILENT_OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  '',
].join('\r\n');

export interface FarCallOptions {
  from?: string;
  headers?: string[];
  sdp?: string;
  change?: (raw: string) => string;
}

let calls = 0;

/** The far side of one call: what a PBX says and hears about it. */
export class FarCall {
  readonly callId = `far-${process.pid}-${++calls}`;
  readonly heard: Heard[] = [];
  readonly #peer: SipPeer;
  readonly #options: FarCallOptions;
  readonly #target: string;
  readonly #branch = `z9hG4bKfar${calls}`;
  #remoteTarget: string;
  #toTag: string | null = null;
  #cseq = 1;
  #waiting: { kind: string; method: string | null; resolve: (heard: Heard) => void }[] = [];

  constructor(peer: SipPeer, target: string, options: FarCallOptions) {
    this.#peer = peer;
    this.#target = target;
    this.#remoteTarget = target;
    this.#options = options;
  }

  get #from(): string {
    return this.#options.from ?? '<sip:01000001234@pbx.test>;tag=far';
  }

  sendInvite(): void {
    const raw = this.#message(
      'INVITE',
      this.#target,
      this.#branch,
      '1 INVITE',
      null,
      this.#options.sdp ?? SILENT_OFFER,
      ['Contact: <sip:far@127.0.0.1:5060;transport=ws>', ...(this.#options.headers ?? [])],
    );
    this.#peer.send(this.#options.change ? this.#options.change(raw) : raw);
  }

  cancel(headers: string[] = []): void {
    this.#peer.send(this.#message('CANCEL', this.#target, this.#branch, '1 CANCEL', null, '', headers));
  }

  /** ACK for a 2xx (a new transaction) or, with `refused`, for a refusal (the INVITE's own). */
  ack(refused = false): void {
    const branch = refused ? this.#branch : `${this.#branch}-ack`;
    this.#peer.send(this.#message('ACK', this.#remoteTarget, branch, `${this.#cseq} ACK`, this.#toTag, '', []));
  }

  /** A request inside the dialog. */
  request(method: string, sdp = '', headers: string[] = []): void {
    this.#cseq++;
    const branch = `${this.#branch}-${this.#cseq}`;
    const more = method === 'INVITE' ? ['Contact: <sip:far@127.0.0.1:5060;transport=ws>', ...headers] : headers;
    this.#peer.send(
      this.#message(method, this.#remoteTarget, branch, `${this.#cseq} ${method}`, this.#toTag, sdp, more),
    );
  }

  bye(): void {
    this.request('BYE');
  }

  /** What became of a REFER so far (RFC 3515): a status line, or '' for none. `over`: no more will come. */
  notify(status: string, { over = false, event = 'refer' } = {}): void {
    this.request('NOTIFY', status === '' ? '' : `SIP/2.0 ${status}\r\n`, [
      `Event: ${event}`,
      `Subscription-State: ${over ? 'terminated;reason=noresource' : 'active;expires=60'}`,
      'Content-Type: message/sipfrag;version=2.0',
      'Contact: <sip:far@127.0.0.1:5060;transport=ws>',
    ]);
  }

  receive(heard: Heard): void {
    this.heard.push(heard);
    const tag = /;tag=([^;\s]+)/.exec(headerValue(heard.text, 'to') ?? '')?.[1];
    if (/^\d/.test(heard.kind) && heard.method === 'INVITE' && tag) {
      this.#toTag ??= tag;
      const contact = /<([^>]+)>/.exec(headerValue(heard.text, 'contact') ?? '')?.[1];
      if (contact) this.#remoteTarget = contact;
    }
    const found = this.#waiting.find((one) => one.kind === heard.kind && (one.method ?? heard.method) === heard.method);
    if (!found) return;
    this.#waiting = this.#waiting.filter((one) => one !== found);
    found.resolve(heard);
  }

  /** The next (or an already heard, unclaimed) message of this call: '180', '200', 'BYE', … */
  next(kind: string, method: string | null = null): Promise<Heard> {
    const known = this.heard.find((one) => one.kind === kind && (method ?? one.method) === one.method);
    if (known) {
      this.heard.splice(this.heard.indexOf(known), 1);
      return Promise.resolve(known);
    }
    return new Promise((resolve) => {
      this.#waiting.push({
        kind,
        method,
        resolve: (heard) => {
          this.heard.splice(this.heard.indexOf(heard), 1);
          resolve(heard);
        },
      });
    });
  }

  #message(
    method: string,
    uri: string,
    branch: string,
    cseq: string,
    toTag: string | null,
    body: string,
    headers: string[],
  ): string {
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/WS 127.0.0.1;branch=${branch}`,
      'Max-Forwards: 70',
      `From: ${this.#from}`,
      `To: <sip:${this.#peer.options.username}@pbx.test>${toTag === null ? '' : `;tag=${toTag}`}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${cseq}`,
      ...headers,
      ...(body === '' || headers.some((line) => /^content-type:/i.test(line)) ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  }
}

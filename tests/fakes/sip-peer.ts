import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { headerValue, readSipText, type SipText } from '../../src/telephony/sip-text.ts';
import { FarCall } from './sip-far-call.ts';

/** One message that the phone sent, with the socket it came over. */
export interface Heard {
  text: SipText;
  raw: string;
  socket: WebSocket;
  /** Method of a request, `200` and the like of a response. */
  kind: string;
  /** For responses: the method of the CSeq. */
  method: string;
}

export interface SipPeerOptions {
  username: string;
  password: string;
  /** What the registrar grants, in seconds. */
  expires?: number;
  /** 0 finds a free port. */
  port?: number;
}

const FAR_CONTACT = ['Contact: <sip:far@127.0.0.1:5060;transport=ws>'];

/** Replaces the registrar's usual answer: a whole status line with headers, or silence. */
export type RegisterScript = (heard: Heard) => { status: string; headers?: string[] } | 'silence' | 'usual';

/**
 * A scripted SIP server: real messages over real WebSockets, and nothing that a test did not ask for. It registers with
 * digest, answers OPTIONS, places calls, loses sockets, and goes silent without closing (half-open).
 */
export class SipPeer {
  readonly options: Required<SipPeerOptions>;
  readonly heard: Heard[] = [];
  readonly sockets = new Set<WebSocket>();
  /** Contact URI -> expiry in seconds, as a registrar would keep them. */
  readonly bindings = new Map<string, number>();
  registerScript: RegisterScript = () => 'usual';
  /** When true the peer reads nothing and answers nothing, but the sockets stay open. */
  frozen = false;
  connections = 0;
  #server: WebSocketServer;
  #waiting: { match: (heard: Heard) => boolean; resolve: (heard: Heard) => void }[] = [];
  #calls = new Map<string, FarCall>();
  #nonces = new Set<string>();

  private constructor(server: WebSocketServer, options: Required<SipPeerOptions>) {
    this.#server = server;
    this.options = options;
    server.on('connection', (socket) => this.#connected(socket));
  }

  static async start(options: SipPeerOptions): Promise<SipPeer> {
    const whole = { expires: 300, port: 0, ...options };
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: whole.port,
      handleProtocols: (protocols) => (protocols.has('sip') ? 'sip' : false),
    });
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
    return new SipPeer(server, whole);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws`;
  }

  /** The account of the one agent who may register here. */
  account(change: { password?: string } = {}) {
    const { username, password } = this.options;
    return {
      server: this.url,
      domain: 'pbx.test',
      username,
      password: change.password ?? password,
      displayName: '상담원',
      iceServers: [],
    };
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  /** Sends text as it is to the newest connection. */
  send(raw: string): void {
    [...this.sockets].at(-1)?.send(raw);
  }

  /** The next message from the phone that fits, or one that was heard already after `since` (an index of `heard`). */
  next(match: string | ((heard: Heard) => boolean), since = this.heard.length): Promise<Heard> {
    const fits = typeof match === 'string' ? (one: Heard) => one.kind === match : match;
    const known = this.heard.slice(since).find(fits);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.push({ match: fits, resolve }));
  }

  /** An INVITE to the registered phone; `change` edits the text before it goes out. */
  invite(options: { from?: string; headers?: string[]; sdp?: string; change?: (raw: string) => string } = {}): FarCall {
    const contact = [...this.bindings.keys()].at(-1) ?? 'sip:nobody@nowhere.invalid';
    const call = new FarCall(this, contact, options);
    this.#calls.set(call.callId, call);
    call.sendInvite();
    return call;
  }

  /** Answers a request of the phone. */
  answer(heard: Heard, status: string, headers: string[] = [], body = ''): void {
    const { text } = heard;
    const to = headerValue(text, 'to') ?? '';
    const lines = [
      `SIP/2.0 ${status}`,
      ...text.headers.filter((header) => header.name === 'via').map((header) => `Via: ${header.value}`),
      `From: ${headerValue(text, 'from')}`,
      `To: ${/;tag=/.test(to) || status.startsWith('100') ? to : `${to};tag=far`}`,
      `Call-ID: ${headerValue(text, 'call-id')}`,
      `CSeq: ${headerValue(text, 'cseq')}`,
      ...headers,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    if (!this.frozen) heard.socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
  }

  /** What a subscriber is told: over the dialog that its SUBSCRIBE opened, or out of nowhere. */
  notify(subscribe: Heard, cseq: number, state: string, body = '', type = 'application/dialog-info+xml'): void {
    const event = headerValue(subscribe.text, 'event') ?? '';
    const about = [`Event: ${event}`, `Subscription-State: ${state}`, `Content-Type: ${type}`, ...FAR_CONTACT];
    this.requestIn(subscribe, 'NOTIFY', cseq, about, body);
  }

  /** A request of the far side in a dialog that the phone opened. */
  requestIn(invite: Heard, method: string, cseq: number, headers: string[] = [], body = ''): void {
    const value = (name: string) => headerValue(invite.text, name) ?? '';
    const target = /<([^>]+)>/.exec(value('contact'))?.[1] ?? '';
    const lines = [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/WS 127.0.0.1;branch=z9hG4bKin-${value('call-id')}-${cseq}`,
      'Max-Forwards: 70',
      `From: ${value('to')};tag=far`,
      `To: ${value('from')}`,
      `Call-ID: ${value('call-id')}`,
      `CSeq: ${cseq} ${method}`,
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    invite.socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
  }

  #connected(socket: WebSocket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('message', (data) => this.#receive(socket, String(data)));
  }

  #receive(socket: WebSocket, raw: string): void {
    if (this.frozen) return;
    const text = readSipText(raw);
    if (!text) return;
    const status = /^SIP\/2\.0 (\d{3})/.exec(text.startLine)?.[1];
    const heard: Heard = {
      text,
      raw,
      socket,
      kind: status ?? text.startLine.split(' ')[0] ?? '',
      method: (headerValue(text, 'cseq') ?? '').split(' ')[1] ?? '',
    };
    this.heard.push(heard);
    this.#usualAnswer(heard);
    const call = this.#calls.get(headerValue(text, 'call-id') ?? '');
    call?.receive(heard);
    for (const waiter of this.#waiting.filter((one) => one.match(heard))) {
      this.#waiting = this.#waiting.filter((one) => one !== waiter);
      waiter.resolve(heard);
    }
  }

  #usualAnswer(heard: Heard): void {
    if (heard.kind === 'OPTIONS') this.answer(heard, '200 OK');
    if (heard.kind === 'REGISTER') this.#register(heard);
  }

  #register(heard: Heard): void {
    const script = this.registerScript(heard);
    if (script === 'silence') return;
    if (script !== 'usual') {
      this.answer(heard, script.status, script.headers);
      return;
    }
    if (!this.#authorized(heard.text)) {
      const nonce = randomBytes(12).toString('hex');
      this.#nonces.add(nonce);
      const challenge = `WWW-Authenticate: Digest realm="pbx.test", nonce="${nonce}", algorithm=MD5, qop="auth"`;
      this.answer(heard, '401 Unauthorized', [challenge]);
      return;
    }
    const contact = headerValue(heard.text, 'contact') ?? '';
    const uri = /<([^>]+)>/.exec(contact)?.[1] ?? '';
    const asked = Number(/;expires=(\d+)/.exec(contact)?.[1] ?? 0);
    const granted = Math.min(asked, this.options.expires);
    this.bindings.delete(uri);
    if (granted > 0) this.bindings.set(uri, granted);
    const contacts = [...this.bindings].map(([one, seconds]) => `Contact: <${one}>;expires=${seconds}`);
    this.answer(heard, '200 OK', contacts);
  }

  #authorized(text: SipText): boolean {
    const header = headerValue(text, 'authorization') ?? '';
    const field = (name: string) => new RegExp(`${name}="?([^",]+)"?`).exec(header)?.[1] ?? '';
    if (!this.#nonces.has(field('nonce'))) return false;
    const { username, password } = this.options;
    const ha1 = md5(`${username}:pbx.test:${password}`);
    const ha2 = md5(`REGISTER:${field('uri')}`);
    const response = md5([ha1, field('nonce'), field('nc'), field('cnonce'), 'auth', ha2].join(':'));
    return field('username') === username && / response="([^"]+)"/.exec(header)?.[1] === response;
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

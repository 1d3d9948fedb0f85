import type { Socket } from '../../../src/telephony/phone-environment.ts';
import { headerValue, readSipText, type SipText } from '../../../src/telephony/sip-text.ts';
import { FarEnd } from './far-end.ts';

/** How this PBX behaves from now on. */
export interface Habits {
  line: 'up' | 'unreachable' | 'no_answer' | 'wrong_password' | 'refuses';
  hold: 'agrees' | 'refuses' | 'no_answer';
  transfer: 'answered' | 'busy' | 'rings' | 'refuses' | 'no_answer';
}

/** A message of the phone: a request's method or a response's status, and the method of its CSeq. */
export interface Heard {
  text: SipText;
  kind: string;
  method: string;
}

type Listener = (event: { data?: unknown }) => void;

/** As much of a WebSocket as the phone uses, with the PBX of this page at its other end. */
class PageSocket implements Socket {
  binaryType = '';
  readyState = 0;
  readonly #listeners: [type: string, listener: Listener][] = [];
  readonly #receive: (raw: string) => void;

  constructor(receive: (raw: string) => void) {
    this.#receive = receive;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push([type, listener]);
  }

  send(data: string): void {
    setTimeout(() => this.readyState === 1 && this.#receive(data));
  }

  close(): void {
    this.readyState = 3;
  }

  tell(type: 'open' | 'close' | 'error' | 'message', data?: string): void {
    if (type === 'open') this.readyState = 1;
    if (type === 'close') this.readyState = 3;
    for (const [heard, listener] of this.#listeners) if (heard === type) listener({ data });
  }
}

/** A PBX inside the page: real SIP texts and real peer connections, and nothing that nobody asked for. No network is needed. */
export class PagePbx {
  readonly habits: Habits = { line: 'up', hold: 'agrees', transfer: 'answered' };
  /** What went over the wire, newest last: `> REGISTER`, `< 200 REGISTER`. */
  readonly said: string[] = [];
  readonly ends: FarEnd[] = [];
  /** How many messages it has not answered, because it answers nothing. */
  unanswered = 0;
  /** Only the first server is away. */
  firstAway = false;
  #sockets: PageSocket[] = [];
  #subscribed = new Map<string, { heard: Heard; cseq: number }>();
  #contact = 'sip:agent1@page.invalid';
  #changed: () => void = () => {};

  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  openSocket(url: string): Socket {
    const socket = new PageSocket((raw) => this.#receive(raw));
    this.#sockets.push(socket);
    const away = this.habits.line === 'unreachable' || (this.firstAway && url.includes('first'));
    // A server that says nothing at all is noticed by the phone's own patience.
    setTimeout(() => (away ? this.#drop(socket) : socket.tell('open')));
    return socket;
  }

  /** Every connection ends without a word. */
  cut(): void {
    for (const socket of this.#sockets) this.#drop(socket);
  }

  /** A customer calls. */
  async call(headers: readonly string[] = [], number = '01000001234'): Promise<FarEnd> {
    const end = FarEnd.calling(this, number, this.#contact);
    this.ends.push(end);
    await end.invite(headers);
    return end;
  }

  newest(): FarEnd | null {
    return this.ends.filter((end) => !end.over).at(-1) ?? null;
  }

  tellMailbox(newMessages: number): void {
    const body = `Messages-Waiting: ${newMessages > 0 ? 'yes' : 'no'}\r\nVoice-Message: ${newMessages}/3\r\n`;
    this.#notify('message-summary', 'application/simple-message-summary', body);
  }

  tellPresence(extension: string, state: 'terminated' | 'early' | 'confirmed'): void {
    const dialog = `<dialog id="1" direction="recipient"><state>${state}</state></dialog>`;
    const body = `<dialog-info state="full" version="0" entity="sip:${extension}@pbx.test">${dialog}</dialog-info>`;
    this.#notify(`dialog ${extension}`, 'application/dialog-info+xml', body);
  }

  /** Whether somebody asked to be told of this: `message-summary`, `dialog 102`. */
  isAsked(about: string): boolean {
    return this.#subscribed.has(about);
  }

  send(raw: string): void {
    const { startLine, headers } = readSipText(raw) ?? { startLine: '', headers: [] };
    const method = headers.find(({ name }) => name === 'cseq')?.value.split(' ')[1] ?? '';
    this.#log(`< ${startLine.startsWith('SIP/2.0') ? `${startLine.slice(8, 11)} ${method}` : method}`);
    this.#sockets.at(-1)?.tell('message', raw);
  }

  answer({ text }: Heard, status: string, headers: readonly string[] = [], body = '', toTag = 'pbx'): void {
    const to = headerValue(text, 'to') ?? '';
    const lines = [
      `SIP/2.0 ${status}`,
      ...text.headers.filter(({ name }) => name === 'via').map(({ value }) => `Via: ${value}`),
      `From: ${headerValue(text, 'from')}`,
      `To: ${/;tag=/.test(to) ? to : `${to};tag=${toTag}`}`,
      `Call-ID: ${headerValue(text, 'call-id')}`,
      `CSeq: ${headerValue(text, 'cseq')}`,
      ...headers,
    ];
    this.send(sipText(lines, body));
  }

  #drop(socket: PageSocket): void {
    if (socket.readyState === 3) return;
    socket.tell('close');
  }

  #receive(raw: string): void {
    const text = readSipText(raw);
    if (!text) return;
    if (this.habits.line === 'no_answer') {
      this.unanswered += 1;
      return;
    }
    const status = /^SIP\/2\.0 (\d{3})/.exec(text.startLine)?.[1];
    const method = headerValue(text, 'cseq')?.split(' ')[1] ?? '';
    const heard = { text, method, kind: status ?? text.startLine.split(' ')[0] ?? '' };
    this.#log(`> ${status ? `${status} ` : ''}${method}`);
    if (heard.kind === 'REGISTER') this.#register(heard);
    else if (heard.kind === 'SUBSCRIBE') this.#subscribe(heard);
    else if (heard.kind === 'OPTIONS') this.answer(heard, '200 OK');
    else this.#inCall(heard);
    this.#changed();
  }

  #inCall(heard: Heard): void {
    const callId = headerValue(heard.text, 'call-id');
    const known = this.ends.find((end) => end.callId === callId);
    if (!known && heard.kind !== 'INVITE') return;
    const end = known ?? FarEnd.called(this, heard);
    if (!known) this.ends.push(end);
    end.hear(heard);
  }

  #register(heard: Heard): void {
    const contact = headerValue(heard.text, 'contact') ?? '';
    this.#contact = /<([^>]+)>/.exec(contact)?.[1] ?? this.#contact;
    const { line } = this.habits;
    if (line === 'refuses') this.answer(heard, '404 Not Found');
    else if (line === 'wrong_password')
      this.answer(heard, '401 Unauthorized', ['WWW-Authenticate: Digest realm="pbx.test", nonce="page"']);
    else this.answer(heard, '200 OK', [`Contact: ${contact.replace(/;expires=\d+/, '')};expires=300`]);
  }

  #subscribe(heard: Heard): void {
    const event = headerValue(heard.text, 'event') ?? '';
    const whom = /^SUBSCRIBE sip:([^@]+)@/.exec(heard.text.startLine)?.[1] ?? '';
    const about = event === 'dialog' ? `dialog ${whom}` : event;
    const here = whom !== '199';
    this.answer(heard, here ? '200 OK' : '404 Not Found', [
      'Expires: 600',
      'Contact: <sip:pbx@page.invalid;transport=ws>',
    ]);
    if (!here || this.#subscribed.has(about)) return;
    this.#subscribed.set(about, { heard, cseq: 0 });
    if (event === 'dialog') this.tellPresence(whom, 'terminated');
    else this.tellMailbox(0);
  }

  #notify(about: string, type: string, body: string): void {
    const one = this.#subscribed.get(about);
    if (!one) return;
    one.cseq += 1;
    const value = (name: string) => headerValue(one.heard.text, name) ?? '';
    const lines = [
      `NOTIFY ${/<([^>]+)>/.exec(value('contact'))?.[1] ?? ''} SIP/2.0`,
      `Via: SIP/2.0/WS page.invalid;branch=z9hG4bK${value('call-id')}-${one.cseq}`,
      'Max-Forwards: 70',
      `From: ${value('to')};tag=pbx`,
      `To: ${value('from')}`,
      `Call-ID: ${value('call-id')}`,
      `CSeq: ${one.cseq} NOTIFY`,
      `Event: ${value('event')}`,
      'Subscription-State: active;expires=600',
      'Contact: <sip:pbx@page.invalid;transport=ws>',
      `Content-Type: ${type}`,
    ];
    this.send(sipText(lines, body));
  }

  #log(line: string): void {
    this.said.push(line);
    this.#changed();
  }
}

/** A whole message of these lines. */
export function sipText(lines: readonly string[], body: string): string {
  const type =
    body !== '' && !lines.some((line) => /^content-type:/i.test(line)) ? ['Content-Type: application/sdp'] : [];
  const length = new TextEncoder().encode(body).length;
  return `${[...lines, ...type, `Content-Length: ${length}`].join('\r\n')}\r\n\r\n${body}`;
}

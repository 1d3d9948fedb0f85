import { headerValue } from '../../../src/telephony/sip-text.ts';
import type { Heard, SipPeer } from '../sip-peer.ts';
import { CONTACT } from './desk-calls.ts';

/**
 * One of those who may answer a call that the phone places: a forked INVITE has several, each with a tag of its own
 * (RFC 3261 section 12.1: an early dialog each).
 */
export class FarLeg {
  readonly tag: string;
  readonly #peer: SipPeer;
  readonly #invite: Heard;

  constructor(peer: SipPeer, invite: Heard, tag: string) {
    this.#peer = peer;
    this.tag = tag;
    const headers = invite.text.headers.map(({ name, value }) => ({
      name,
      value: name === 'to' ? `${value};tag=${tag}` : value,
    }));
    this.#invite = { ...invite, text: { ...invite.text, headers } };
  }

  /** A response to the INVITE. */
  say(status: string, sdp = '', headers: readonly string[] = []): void {
    this.#peer.answer(this.#invite, status, [...CONTACT, ...headers], sdp);
  }

  /** Hangs up an answered call. */
  bye(): void {
    const value = (name: string) => headerValue(this.#invite.text, name) ?? '';
    const target = /<([^>]+)>/.exec(value('contact'))?.[1] ?? '';
    const lines = [
      `BYE ${target} SIP/2.0`,
      `Via: SIP/2.0/WS 127.0.0.1;branch=z9hG4bKbye-${this.tag}-${value('call-id')}`,
      'Max-Forwards: 70',
      `From: ${value('to')}`,
      `To: ${value('from')}`,
      `Call-ID: ${value('call-id')}`,
      'CSeq: 9 BYE',
      'Content-Length: 0',
    ];
    this.#invite.socket.send(`${lines.join('\r\n')}\r\n\r\n`);
  }

  /** Whether the phone has sent this in the dialog with this leg. */
  heard(kind: string): boolean {
    return this.#peer.heard.some((one) => one.kind === kind && this.isMine(one));
  }

  /** A message of the phone inside the dialog with this leg. */
  isMine(one: Heard): boolean {
    const sameCall = headerValue(one.text, 'call-id') === headerValue(this.#invite.text, 'call-id');
    return sameCall && (headerValue(one.text, 'to') ?? '').includes(`tag=${this.tag}`);
  }
}

import { headerValue } from '../../../src/telephony/sip-text.ts';
import { toneStream } from '../../fakes/phone-page/tones.ts';
import { type Heard, type PagePbx, sipText } from './page-pbx.ts';

const CONTACT = 'Contact: <sip:far@page.invalid;transport=ws>';
let made = 0;

/** The other end of one call: a customer who calls, or whoever the phone has dialled. */
export class FarEnd {
  readonly callId: string;
  readonly number: string;
  over = false;
  readonly #pbx: PagePbx;
  readonly #tag: string;
  #here: string;
  #phone: string;
  #target: string;
  #cseq = 1;
  #peer: RTCPeerConnection | null = null;
  /** The INVITE of the phone that still waits for an answer. */
  #open: Heard | null = null;

  private constructor(pbx: PagePbx, parts: { callId: string; number: string; phone: string; target: string }) {
    made += 1;
    this.#pbx = pbx;
    this.#tag = `far${made}`;
    this.callId = parts.callId;
    this.number = parts.number;
    this.#phone = parts.phone;
    this.#target = parts.target;
    this.#here = `<sip:${parts.number}@pbx.test>;tag=${this.#tag}`;
  }

  static calling(pbx: PagePbx, number: string, target: string): FarEnd {
    return new FarEnd(pbx, { callId: `page-${made}-${Date.now()}`, number, phone: '<sip:agent1@pbx.test>', target });
  }

  static called(pbx: PagePbx, { text }: Heard): FarEnd {
    const value = (name: string) => headerValue(text, name) ?? '';
    const number = decodeURIComponent(/^INVITE sip:([^@]+)@/.exec(text.startLine)?.[1] ?? '');
    const target = /<([^>]+)>/.exec(value('contact'))?.[1] ?? '';
    const end = new FarEnd(pbx, { callId: value('call-id'), number, phone: value('from'), target });
    end.#here = `${value('to')};tag=${end.#tag}`;
    return end;
  }

  /** Whether the phone waits for this end to answer. */
  isCalled(): boolean {
    return this.#open !== null;
  }

  async invite(headers: readonly string[]): Promise<void> {
    const peer = this.#openPeer();
    await peer.setLocalDescription(await peer.createOffer());
    this.#request('INVITE', [CONTACT, ...headers], await gathered(peer));
  }

  /** The caller gives up, or a colleague was faster. */
  cancel(elsewhere = false): void {
    this.#request('CANCEL', elsewhere ? ['Reason: SIP;cause=200;text="Call completed elsewhere"'] : []);
  }

  bye(): void {
    this.#cseq += 1;
    this.#request('BYE');
    this.#close();
  }

  /** 180; 183 with sound; 200; a refusal. */
  async respond(status: string): Promise<void> {
    const invite = this.#open;
    if (!invite) return;
    const sound = /^(183|200)/.test(status) ? await this.#answerTo(invite.text.body) : '';
    if (!status.startsWith('1')) this.#open = null;
    this.#pbx.answer(invite, status, [CONTACT], sound, this.#tag);
    if (/^[3-6]/.test(status)) this.over = true;
  }

  /** No packet comes from here any more, and nobody says why. */
  vanish(): void {
    this.#peer?.close();
  }

  hear(heard: Heard): void {
    const { kind, method } = heard;
    if (method === 'INVITE') {
      void (/^\d/.test(kind) ? this.#answered(heard) : this.#invited(heard));
      return;
    }
    if (kind === 'REFER') this.#refer(heard);
    if (kind === 'CANCEL') this.#cancelled();
    if (kind === 'BYE') this.#close();
    if (/^(BYE|CANCEL|INFO)$/.test(kind)) this.#pbx.answer(heard, '200 OK', [], '', this.#tag);
  }

  #cancelled(): void {
    if (this.#open) this.#pbx.answer(this.#open, '487 Request Terminated', [], '', this.#tag);
    this.#open = null;
    this.#close();
  }

  /** What the phone says to our INVITE. */
  async #answered({ kind, text }: Heard): Promise<void> {
    if (kind.startsWith('1')) return;
    this.#phone = headerValue(text, 'to') ?? this.#phone;
    if (kind !== '200') {
      this.#request('ACK');
      this.over = true;
      return;
    }
    this.#target = /<([^>]+)>/.exec(headerValue(text, 'contact') ?? '')?.[1] ?? this.#target;
    this.#request('ACK', [], '', `-ack${this.#cseq}`);
    if (this.#peer?.signalingState === 'have-local-offer') {
      await this.#peer.setRemoteDescription({ type: 'answer', sdp: text.body });
    }
  }

  async #invited(heard: Heard): Promise<void> {
    if (!/;tag=/.test(headerValue(heard.text, 'to') ?? '')) {
      this.#open = heard;
      this.#pbx.answer(heard, '100 Trying', [], '', this.#tag);
      return;
    }
    const { hold } = this.#pbx.habits;
    if (hold === 'no_answer') return;
    if (hold === 'refuses') this.#pbx.answer(heard, '488 Not Acceptable Here');
    else this.#pbx.answer(heard, '200 OK', [CONTACT], await this.#answerTo(heard.text.body));
  }

  #refer(heard: Heard): void {
    const { transfer } = this.#pbx.habits;
    if (transfer === 'no_answer') return;
    this.#pbx.answer(heard, transfer === 'refuses' ? '403 Forbidden' : '202 Accepted', [CONTACT]);
    if (transfer === 'refuses') return;
    this.#notify('100 Trying', false);
    if (transfer === 'answered') this.#notify('200 OK', true);
    if (transfer === 'busy') this.#notify('486 Busy Here', true);
  }

  #notify(status: string, over: boolean): void {
    const state = over ? 'terminated;reason=noresource' : 'active;expires=60';
    const about = [
      'Event: refer',
      `Subscription-State: ${state}`,
      'Content-Type: message/sipfrag;version=2.0',
      CONTACT,
    ];
    this.#cseq += 1;
    this.#request('NOTIFY', about, `SIP/2.0 ${status}\r\n`);
  }

  async #answerTo(offer: string): Promise<string> {
    const peer = this.#peer ?? this.#openPeer();
    // Announced and then answered: the same words twice.
    if (peer.remoteDescription?.sdp !== offer) {
      await peer.setRemoteDescription({ type: 'offer', sdp: offer });
      await peer.setLocalDescription(await peer.createAnswer());
    }
    return gathered(peer);
  }

  #openPeer(): RTCPeerConnection {
    const peer = new RTCPeerConnection();
    this.#peer = peer;
    const stream = toneStream(330);
    for (const track of stream.getAudioTracks()) peer.addTrack(track, stream);
    return peer;
  }

  #close(): void {
    this.over = true;
    this.#peer?.close();
  }

  #request(method: string, headers: readonly string[] = [], body = '', suffix = ''): void {
    const lines = [
      `${method} ${this.#target} SIP/2.0`,
      `Via: SIP/2.0/WS page.invalid;branch=z9hG4bK${this.#tag}-${this.#cseq}${suffix}`,
      'Max-Forwards: 70',
      `From: ${this.#here}`,
      `To: ${this.#phone}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${this.#cseq} ${method}`,
      ...headers,
    ];
    this.#pbx.send(sipText(lines, body));
  }
}

async function gathered(peer: RTCPeerConnection): Promise<string> {
  while (peer.iceGatheringState !== 'complete') {
    await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }));
  }
  return peer.localDescription?.sdp ?? '';
}

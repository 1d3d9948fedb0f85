import { headerValue } from '../../../src/telephony/sip-text.ts';
import type { FarCall } from '../sip-far-call.ts';
import type { Heard, SipPeer } from '../sip-peer.ts';
import type { PhonePage } from './browser-phone.ts';

export const CONTACT = ['Contact: <sip:far@127.0.0.1:5060;transport=ws>'];

/** Calls of one phone in a page with people on the scripted far side, who really are heard. */
export class DeskCalls {
  readonly #desk: PhonePage;
  readonly #peer: SipPeer;

  constructor(desk: PhonePage, peer: SipPeer) {
    this.#desk = desk;
    this.#peer = peer;
  }

  /** Somebody calls and is answered: sound runs. */
  async answered(who = 'customer', hz?: number): Promise<{ far: FarCall; callId: string }> {
    const { page } = this.#desk;
    const offer = await page.evaluate(([name, pitch]) => window.phonePage.farOffer(name, pitch), [who, hz] as const);
    const far = this.#peer.invite({ sdp: offer, from: `<sip:01000001234@pbx.test>;tag=${who}` });
    const { callId } = await this.#desk.call('ringing');
    await this.#desk.act('answer', callId);
    const ok = await far.next('200', 'INVITE');
    await page.evaluate(([sdp, name]) => window.phonePage.farAccept(sdp, name), [ok.text.body, who] as const);
    far.ack();
    await this.#desk.until(callId, { phase: 'talking', media: 'connected' });
    return { far, callId };
  }

  /** The far side agrees to an offer of the phone. */
  async agree(offer: Heard, who = 'customer', hz?: number): Promise<void> {
    const answer = await this.#desk.page.evaluate(
      ([sdp, name, pitch]) => window.phonePage.farAnswer(sdp, name, pitch),
      [offer.text.body, who, hz] as const,
    );
    this.#peer.answer(offer, '200 OK', CONTACT, answer);
  }

  /** The phone parks the customer, and the far side agrees. */
  async parked(far: FarCall): Promise<void> {
    await this.#agreeTo(far, 'sendonly');
    await far.next('ACK');
  }

  /** The phone takes the customer back: they hear the agent again. */
  async takenBack(far: FarCall, callId: string): Promise<void> {
    await this.#agreeTo(far, 'sendrecv');
    await this.#desk.until(callId, { phase: 'talking', hold: 'none', muted: false });
    const heard = await this.#desk.page.evaluate(() => window.phonePage.farHears());
    if (!heard) throw new Error('the customer hears nothing');
  }

  async #agreeTo(far: FarCall, direction: string): Promise<void> {
    const offer = await far.next('INVITE');
    const asked = /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(offer.text.body)?.[1];
    if (asked !== direction) throw new Error(`the phone offers ${asked}, not ${direction}`);
    await this.agree(offer);
  }

  /** The agent parks the customer and asks a colleague, who answers. */
  async consulted(far: FarCall, callId: string, hz?: number): Promise<{ consultCallId: string; invite: Heard }> {
    const since = this.#peer.heard.length;
    const consultCallId = await this.#desk.page.evaluate(
      (id) => window.phonePage.phone().consult(id, '102', { 'X-Dangol-Capsule': 'cap-7' }),
      callId,
    );
    await this.agree(await far.next('INVITE'));
    await far.next('ACK');
    const invite = await this.#peer.next((one) => one.kind === 'INVITE' && /^INVITE sip:102@/.test(one.raw), since);
    await this.agree(invite, 'colleague', hz);
    const sipCallId = headerValue(invite.text, 'call-id');
    await this.#peer.next((one) => one.kind === 'ACK' && headerValue(one.text, 'call-id') === sipCallId, since);
    await this.#desk.until(consultCallId, { phase: 'talking', media: 'connected', consultFor: callId });
    await this.#desk.until(callId, { hold: 'held' });
    return { consultCallId, invite };
  }

  /** A request of the phone in the call of this INVITE (that the phone sent). */
  async inCallOf(invite: Heard, kind: string, since = 0): Promise<Heard> {
    const sipCallId = headerValue(invite.text, 'call-id');
    return this.#peer.next((one) => one.kind === kind && headerValue(one.text, 'call-id') === sipCallId, since);
  }
}

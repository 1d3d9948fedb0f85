import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../../fakes/phone-page/browser-phone.ts';
import type { FarCall } from '../../../fakes/sip-far-call.ts';
import { type Heard, SipPeer } from '../../../fakes/sip-peer.ts';

export const CONTACT = ['Contact: <sip:far@127.0.0.1:5060;transport=ws>'];

/** A phone in a real browser that is registered at a scripted PBX, anew for each test; and its far side, which has audio. */
export interface CallBench {
  readonly browser: BrowserPhone;
  readonly peer: SipPeer;
  readonly desk: PhonePage;
  /** A call from the far side that the agent has answered: audio flows both ways. */
  answered: () => Promise<{ far: FarCall; callId: string }>;
  completeAnswer: (far: FarCall) => Promise<void>;
  /** The far side agrees to a re-INVITE of the phone. */
  agree: (offer: Heard) => Promise<void>;
  listen: (side: 'farHears' | 'nearHears' | 'farHearsSilence') => Promise<boolean>;
}

export function callBench(): CallBench {
  let browser: BrowserPhone;
  let peer: SipPeer;
  let desk: PhonePage;

  beforeAll(async () => {
    browser = await BrowserPhone.launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
    desk = await browser.open(peer.account());
    await desk.registered();
  });
  afterEach(async () => {
    expect(desk.errors).toEqual([]);
    await desk.close();
    await peer.stop();
  });

  const completeAnswer = async (far: FarCall) => {
    const ok = await far.next('200', 'INVITE');
    await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
    far.ack();
  };
  return {
    get browser() {
      return browser;
    },
    get peer() {
      return peer;
    },
    get desk() {
      return desk;
    },
    answered: async () => {
      const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
      const { callId } = await desk.call('ringing');
      await desk.act('answer', callId);
      await completeAnswer(far);
      await desk.talking({ media: 'connected' });
      return { far, callId };
    },
    completeAnswer,
    agree: async (offer) => {
      const answer = await desk.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), offer.text.body);
      peer.answer(offer, '200 OK', CONTACT, answer);
    },
    listen: (side) => desk.page.evaluate((name) => window.phonePage[name](), side),
  };
}

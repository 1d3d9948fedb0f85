import { expect, test } from 'vitest';
import { BrowserPhone } from '../../fakes/phone-page/browser-phone.ts';
import { DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

test('the path of the voices breaks in a call: the phone asks for a new one, and both are heard again', async () => {
  const browser = await BrowserPhone.launch();
  const peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  const desk = await browser.open(peer.account());
  try {
    await desk.registered();
    const calls = new DeskCalls(desk, peer);
    const { far, callId } = await calls.answered();
    const before = await desk.page.evaluate(() => window.phonePage.farSdp());
    await desk.page.evaluate(() => window.phonePage.farGone());
    await desk.until(callId, { media: 'interrupted' });
    const offer = await far.next('INVITE');
    // RFC 8445 section 9: a restart has new credentials.
    const credentials = (sdp: string) => /^a=ice-ufrag:(.*)$/m.exec(sdp)?.[1];
    expect(credentials(offer.text.body)).not.toBe(credentials(before));
    await calls.agree(offer);
    await desk.until(callId, { phase: 'talking', media: 'connected', hold: 'none', muted: false });
    expect(await desk.page.evaluate(() => window.phonePage.farHears())).toBe(true);
    expect(await desk.page.evaluate(() => window.phonePage.nearHears())).toBe(true);
    far.bye();
    await desk.until(callId, { phase: 'ended', end: { result: 'answered', by: 'there' } });
    expect(desk.errors).toEqual([]);
  } finally {
    await desk.close();
    await peer.stop();
    await browser.close();
  }
});

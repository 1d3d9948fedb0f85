import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { headerValue } from '../../../src/telephony/sip-text.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { CONTACT } from '../../fakes/phone-page/desk-calls.ts';
import type { FarCall } from '../../fakes/sip-far-call.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';

// The socket dies at every message of a call in turn. A call then goes on with sound, or both sides know that it is over.

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

/** A PBX that keeps the call for as long as nobody says BYE: answers every offer and every BYE, on whatever socket. */
function keep(far: FarCall, since: number, cutAt: { name: string; match: (one: Heard) => boolean }) {
  const state = { cut: false, stopped: false, bye: false };
  const serve = async () => {
    let seen = since;
    while (!state.stopped) {
      await peer.next(() => true, seen);
      for (const one of peer.heard.slice(seen)) {
        if (headerValue(one.text, 'call-id') !== far.callId) continue;
        if (!state.cut && cutAt.match(one)) {
          state.cut = true;
          peer.cut();
          continue;
        }
        if (one.kind === '200' && one.method === 'INVITE') {
          const done = desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), one.text.body);
          await done.catch(() => {});
          far.ack();
        }
        if (one.kind === 'INVITE') {
          const answer = await desk.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), one.text.body);
          peer.answer(one, '200 OK', CONTACT, answer);
        }
        if (one.kind === 'BYE') {
          state.bye = true;
          peer.answer(one, '200 OK');
        }
      }
      seen = peer.heard.length;
    }
  };
  serve().catch(() => {});
  return state;
}

const answers = (status: string, method: string) => (one: Heard) => one.kind === status && one.method === method;
const sends = (kind: string) => (one: Heard) => one.kind === kind;

test.each([
  { name: '100 to the INVITE', match: answers('100', 'INVITE'), survives: false },
  { name: '180 to the INVITE', match: answers('180', 'INVITE'), survives: false },
  { name: 'the first INVITE of a hold', match: sends('INVITE'), survives: true },
  { name: 'the ACK of a hold', match: sends('ACK'), survives: true },
  { name: 'the BYE', match: sends('BYE'), survives: false },
])(
  'cut at $name: the call goes on with sound, or both sides know that it is over',
  async ({ name, match, survives }) => {
    const since = peer.heard.length;
    const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
    const pbx = keep(far, since, { name, match });
    const early = name.includes('to the INVITE');
    if (early) {
      // Nothing was agreed: it is missed here, and the PBX rings on until its own time is up.
      await desk.page.waitForFunction(() => window.phonePage.phone().state().calls.at(-1)?.phase === 'ended');
    } else {
      const { callId } = await desk.call('ringing');
      await desk.act('answer', callId);
      await desk.talking({ callId, media: 'connected' });
      if (survives) {
        await desk.act('hold', callId);
        await desk.page.waitForFunction((id) => {
          const call = window.phonePage
            .phone()
            .state()
            .calls.find((one) => one.callId === id);
          return call?.phase === 'talking' && (call.hold === 'held' || call.holdProblem !== null);
        }, callId);
        await desk.registered();
        const held = await desk.page.evaluate(() => {
          const call = window.phonePage.phone().state().calls[0];
          return call?.phase === 'talking' && call.hold === 'held';
        });
        if (held) await desk.act('resume', callId);
        await desk.until(callId, { phase: 'talking', hold: 'none', media: 'connected' });
        await desk.page.evaluate((id) => window.phonePage.phone().setMuted(id, false), callId);
        expect(await desk.page.evaluate(() => window.phonePage.farHears())).toBe(true);
      }
      await desk.act('hangUp', callId);
      await desk.until(callId, { phase: 'ended' });
      await expect.poll(() => pbx.bye, { timeout: 10_000 }).toBe(true);
    }
    expect(pbx.cut).toBe(true);
    pbx.stopped = true;
    await desk.registered();
    expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([
      0, 0,
    ]);
  },
);

test('cut as the answer goes out, before the PBX has it: over at both sides, and never silent talk', async () => {
  const since = peer.heard.length;
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  const pbx = keep(far, since, { name: '200', match: answers('200', 'INVITE') });
  const { callId } = await desk.call('ringing');
  await desk.act('answer', callId);
  // The PBX never heard the 200: its call is not one. The phone's offer on the new line finds that out.
  const asked = await peer.next((one) => one.kind === 'INVITE' || one.kind === 'BYE', since);
  pbx.stopped = true;
  peer.answer(asked, '481 Call/Transaction Does Not Exist');
  await desk.until(callId, { phase: 'ended' });
  expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([0, 0]);
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

// Both sides want to change the call in the same moment (RFC 3261 section 14.1), each way held open by the test.

let browser: BrowserPhone;
let peer: SipPeer;
let desk: PhonePage;
let calls: DeskCalls;

beforeAll(async () => {
  browser = await BrowserPhone.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  desk = await browser.open(peer.account());
  await desk.registered();
  calls = new DeskCalls(desk, peer);
});
afterEach(async () => {
  expect(desk.errors).toEqual([]);
  await desk.close();
  await peer.stop();
});

/** From now on the phone's offers or answers are not made until go() in the page. */
const slow = (what: 'createOffer' | 'createAnswer') =>
  desk.page.evaluate((name) => {
    const real = RTCPeerConnection.prototype[name] as () => Promise<RTCSessionDescriptionInit>;
    const gate = new Promise<void>((resolve) => Object.assign(window, { go: resolve }));
    Object.assign(RTCPeerConnection.prototype, {
      [name]: async function slowly(this: RTCPeerConnection, ...options: []) {
        Object.assign(window, { asked: true });
        await gate;
        return real.apply(this, options);
      },
    });
  }, what);
const asked = () => desk.page.waitForFunction(() => 'asked' in window);
const go = () => desk.page.evaluate(() => Reflect.get(window, 'go')());

test('they ask while our hold is being made: 491, and the customer is parked all the same', async () => {
  const { far, callId } = await calls.answered();
  const sdp = await desk.page.evaluate(() => window.phonePage.farSdp());
  await slow('createOffer');
  await desk.act('hold', callId);
  await asked();
  far.request('INVITE', sdp);
  await far.next('491', 'INVITE');
  far.ack(true);
  await go();
  await calls.agree(await far.next('INVITE'));
  await desk.until(callId, { phase: 'talking', hold: 'held' });
});

test('the agent holds while their offer is being answered: first the answer, then the hold', async () => {
  const { far, callId } = await calls.answered();
  const sdp = await desk.page.evaluate(() => window.phonePage.farSdp());
  await slow('createAnswer');
  far.request('INVITE', sdp);
  await asked();
  await desk.act('hold', callId);
  await go();
  await far.next('200', 'INVITE');
  far.ack();
  await calls.agree(await far.next('INVITE'));
  await desk.until(callId, { phase: 'talking', hold: 'held' });
  far.bye();
  await desk.until(callId, { phase: 'ended' });
});

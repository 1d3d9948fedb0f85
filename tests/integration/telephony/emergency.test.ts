import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';
import { CONTACT } from './support/answered-call.ts';

// 119 leaves the desk wherever there is a way to the PBX: registered or not, and as soon as there is one.

const ACCOUNT = { username: 'agent1', password: 'practice-secret' };
let browser: BrowserPhone;
let peer: SipPeer;
let desk: PhonePage;

beforeAll(async () => {
  browser = await BrowserPhone.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  peer = await SipPeer.start(ACCOUNT);
});
afterEach(async () => {
  await desk.close();
  await peer.stop();
});

const dial = (target: string) => desk.page.evaluate((number) => window.phonePage.phone().call(number), target);
const to119 = ({ kind, text }: Heard) => kind === 'INVITE' && text.startLine.includes('119@');

/** The far side takes the call, and it talks. */
async function taken(invite: Heard, callId: string): Promise<void> {
  const answer = await desk.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), invite.text.body);
  peer.answer(invite, '200 OK', CONTACT, answer);
  await desk.until(callId, { phase: 'talking', media: 'connected' });
}

test('the PBX refuses the registration: it is called all the same', async () => {
  peer.registerScript = () => ({ status: '403 Forbidden' });
  const since = peer.heard.length;
  desk = await browser.open(peer.account());
  await peer.next('REGISTER', since);
  const callId = await dial('119');
  await taken(await peer.next(to119, since), callId);
});

test('no word of the PBX about the registration: it is not waited for', async () => {
  peer.registerScript = () => 'silence';
  const since = peer.heard.length;
  desk = await browser.open(peer.account());
  await peer.next('REGISTER', since);
  const callId = await dial('119');
  await taken(await peer.next(to119, since), callId);
});

test('there is no way to the PBX: it is shown as waiting, and leaves first thing when there is one', async () => {
  desk = await browser.open(peer.account());
  await desk.registered();
  const { port } = peer;
  await peer.stop();
  const callId = await dial('119');
  await desk.until(callId, { phase: 'dialling', waiting: true });
  peer = await SipPeer.start({ ...ACCOUNT, port });
  peer.registerScript = () => 'silence';
  await taken(await peer.next(to119, 0), callId);
});

test('given up while it waits: nobody is called when the way is back, and no other number ever waited', async () => {
  desk = await browser.open(peer.account());
  await desk.registered();
  const { port } = peer;
  await peer.stop();
  await desk.page.waitForFunction(() => window.phonePage.phone().state().registration.state === 'retrying');
  const callId = await dial('119');
  await desk.until(callId, { phase: 'dialling', waiting: true });
  await desk.act('hangUp', callId);
  await desk.until(callId, { phase: 'ended' });
  await desk.until(await dial('6001'), { phase: 'ended', end: { result: 'failed', by: 'network', sipStatus: null } });
  peer = await SipPeer.start({ ...ACCOUNT, port });
  await desk.registered();
  expect(peer.heard.filter(({ kind }) => kind === 'INVITE')).toEqual([]);
});

test.each([
  ['sent', null],
  ['ringing', '180 Ringing'],
])('the socket dies when it is %s: it is placed anew, once', async (_, status) => {
  desk = await browser.open(peer.account());
  await desk.registered();
  const callId = await dial('119');
  const first = await peer.next(to119, 0);
  if (status) {
    peer.answer(first, status, CONTACT);
    await desk.until(callId, { ringingThere: true });
  }
  const since = peer.heard.length;
  peer.cut();
  const again = await peer.next(to119, since);
  await taken(again, callId);
  await desk.registered();
  expect(peer.heard.slice(since).filter(to119)).toHaveLength(1);
  await desk.act('hangUp', callId);
  peer.answer(await peer.next('BYE', since), '200 OK');
  await desk.until(callId, { phase: 'ended' });
});

test('a phone that is to register nothing (a break, another window) places it, and stays unregistered', async () => {
  desk = await browser.open(peer.account(), undefined, true);
  const callId = await dial('119');
  await taken(await peer.next(to119, 0), callId);
  expect(peer.heard.filter(({ kind }) => kind === 'REGISTER')).toEqual([]);
  expect(peer.bindings.size).toBe(0);
});

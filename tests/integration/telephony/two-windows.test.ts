import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { headerValue } from '../../../src/telephony/sip-text.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

// Two windows of one agent: the second has the line, the first one still has a call.

let browser: BrowserPhone;
let peer: SipPeer;
let first: PhonePage;
let second: PhonePage;

beforeAll(async () => {
  browser = await BrowserPhone.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
});
afterEach(async () => {
  await first.close();
  await second?.close();
  await peer.stop();
});

/** The first window talks and has lost the line; the second has it. */
async function takenOver(): Promise<string> {
  first = await browser.open(peer.account());
  await first.registered();
  const since = peer.heard.length;
  const callId = await first.page.evaluate(() => window.phonePage.phone().call('6001'));
  const invite = await peer.next('INVITE', since);
  const answer = await first.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), invite.text.body);
  peer.answer(invite, '200 OK', ['Contact: <sip:far@127.0.0.1:5060;transport=ws>'], answer);
  await first.call('talking');
  await first.page.evaluate(() => window.phonePage.phone().retire?.(true));
  second = await browser.open(peer.account());
  await second.registered();
  return callId;
}

const unregistered = (since: number) =>
  peer.heard.slice(since).some(({ kind, text }) => kind === 'REGISTER' && headerValue(text, 'expires') === '0');

test('the first goes when its call is over, and does not take the second off the PBX', async () => {
  const callId = await takenOver();
  const since = peer.heard.length;
  await first.act('hangUp', callId);
  peer.answer(await peer.next('BYE', since), '200 OK');
  await first.call('ended');
  await first.page.evaluate(() => window.phonePage.phone().stop());
  expect(unregistered(since)).toBe(false);
  expect(peer.bindings.size).toBe(1);
  peer.invite();
  expect(await second.call('ringing')).toMatchObject({ direction: 'in' });
});

test('its socket breaks: it comes back for its call, and registers nothing', async () => {
  const callId = await takenOver();
  await second.page.evaluate(() => window.phonePage.phone().stop());
  const since = peer.heard.length;
  peer.cut();
  // The call learns the new socket by a re-INVITE.
  const again = await peer.next('INVITE', since);
  const answer = await first.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), again.text.body);
  peer.answer(again, '200 OK', ['Contact: <sip:far@127.0.0.1:5060;transport=ws>'], answer);
  expect(peer.heard.slice(since).filter(({ kind }) => kind === 'REGISTER')).toEqual([]);
  await first.act('hangUp', callId);
  peer.answer(await peer.next('BYE', since), '200 OK');
});

test('what the PBX still sends to the first does not ring there', async () => {
  await takenOver();
  await second.page.evaluate(() => window.phonePage.phone().retire?.(true));
  const call = peer.invite();
  expect((await call.next('480')).text.startLine).toContain('480');
  await second.page.evaluate(() => window.phonePage.phone().retire?.(false));
  await second.registered();
});

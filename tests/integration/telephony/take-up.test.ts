import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { KeptCall } from '../../../src/shared/call.ts';
import { headerValue } from '../../../src/telephony/sip-text.ts';
import { keptCall } from '../../fakes/kept-call.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';

// A page that comes back takes up the call of the page before it (RFC 3891). The PBX is a script; tests/pbx/survival.test.ts has
// Asterisk.

const CONTACT = ['Contact: <sip:far@127.0.0.1:5060;transport=ws>'];
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
  expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([0, 0]);
  await desk.close();
  await peer.stop();
});

/** The page asks for the call; resolves with its INVITE. */
async function takeUp(change: Partial<KeptCall> = {}): Promise<{ callId: string; invite: Heard; since: number }> {
  const { customerId: _, ...call } = keptCall({ queue: 'support', ...change });
  const since = peer.heard.length;
  await desk.page.evaluate((one) => window.phonePage.phone().takeUp?.([one]), call);
  return { callId: call.callId, invite: await peer.next('INVITE', since), since };
}

const answerTo = (invite: Heard) => desk.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), invite.text.body);
const byeOf = (callId: string) => (one: Heard) => one.kind === 'BYE' && headerValue(one.text, 'call-id') === callId;

test('asked for at the PBX’s own address, in place of the old dialog; the clock goes on', async () => {
  const { invite } = await takeUp();
  expect(invite.text.startLine).toBe('INVITE sip:pbx@127.0.0.1:5060;transport=ws SIP/2.0');
  expect(headerValue(invite.text, 'replaces')).toBe('old-call;to-tag=pbx;from-tag=ours');
  expect(headerValue(invite.text, 'require')).toBe('replaces');
  expect(await desk.call('talking')).toMatchObject({ media: 'interrupted', answeredAt: 2_000, queue: 'support' });
  peer.answer(invite, '200 OK', CONTACT, await answerTo(invite));
  const ack = await peer.next('ACK');
  expect(headerValue(ack.text, 'call-id')).toBe(headerValue(invite.text, 'call-id'));
  await desk.page.waitForFunction(() => {
    const [call] = window.phonePage.phone().state().calls;
    return call?.phase === 'talking' && call.media !== 'interrupted' && !call.muted;
  });
  // What the next page would go on with is the new dialog.
  const [next] = await desk.page.evaluate(() => window.phonePage.phone().keepsakes?.() ?? []);
  expect(next).toMatchObject({ startedAt: 1_000, answeredAt: 2_000, target: 'sip:far@127.0.0.1:5060;transport=ws' });
  const ours = /;tag=([^;]+)/.exec(headerValue(invite.text, 'from') ?? '')?.[1];
  expect(next?.replaces).toBe(`${headerValue(invite.text, 'call-id')};to-tag=far;from-tag=${ours}`);
  const since = peer.heard.length;
  await desk.act('hangUp', next?.callId ?? '');
  peer.answer(await peer.next('BYE', since), '200 OK');
  expect(peer.heard.filter(byeOf('old-call'))).toEqual([]);
});

test.each(['404 Not Found', '420 Bad Extension', '481 Call/Transaction Does Not Exist', '500 Server Error'])(
  '%s: the call is over here, and the old dialog is ended',
  async (status) => {
    const { invite, since } = await takeUp();
    peer.answer(invite, status);
    peer.answer(await peer.next(byeOf('old-call'), since), '200 OK');
    const end = { result: 'answered', by: 'network', sipStatus: Number(status.slice(0, 3)) };
    expect(await desk.call('ended')).toMatchObject({ end, answeredAt: 2_000 });
  },
);

test('no answer within seconds: nobody talks to silence', async () => {
  const { invite, since } = await takeUp();
  peer.answer(invite, '100 Trying');
  peer.answer(await peer.next(byeOf('old-call'), since), '200 OK');
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'network' } });
  peer.answer(await peer.next('CANCEL', since), '200 OK');
  peer.answer(invite, '487 Request Terminated');
});

test('the agent hangs up meanwhile: neither the old dialog nor the new one is left', async () => {
  const { callId, invite, since } = await takeUp();
  await desk.act('hangUp', callId);
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'here' } });
  peer.answer(await peer.next(byeOf('old-call'), since), '200 OK');
  peer.answer(invite, '200 OK', CONTACT, await answerTo(invite));
  const newDialog = headerValue(invite.text, 'call-id') ?? '';
  peer.answer(await peer.next(byeOf(newDialog), since), '200 OK');
});

test('on hold: nothing of the agent is sent, and the PBX is asked for the music anew', async () => {
  const { callId, invite } = await takeUp({ held: true });
  expect(await desk.call('talking')).toMatchObject({ hold: 'holding' });
  const since = peer.heard.length;
  peer.answer(invite, '200 OK', CONTACT, await answerTo(invite));
  const again = await peer.next('INVITE', since);
  expect(again.text.body).toContain('a=sendonly');
  peer.answer(again, '200 OK', CONTACT, await answerTo(again));
  await desk.page.waitForFunction(() => {
    const [call] = window.phonePage.phone().state().calls;
    return call?.phase === 'talking' && call.hold === 'held';
  });
  await desk.act('hangUp', callId);
  peer.answer(await peer.next('BYE', since), '200 OK');
});

test('muted stays muted, and the key works before the PBX has said a word', async () => {
  const { callId, invite } = await takeUp({ muted: true });
  const muted = () => desk.page.evaluate(() => window.phonePage.phone().state().calls.at(0));
  expect(await muted()).toMatchObject({ muted: true });
  const since = peer.heard.length;
  peer.answer(invite, '200 OK', CONTACT, await answerTo(invite));
  await peer.next('ACK', since);
  expect(await muted()).toMatchObject({ phase: 'talking', muted: true });
  await desk.act('hangUp', callId);
  peer.answer(await peer.next('BYE', since), '200 OK');
});

test('the page goes again before the PBX has answered: the next one asks for the same dialog', async () => {
  const { callId, invite, since } = await takeUp();
  const [next] = await desk.page.evaluate(() => window.phonePage.phone().keepsakes?.() ?? []);
  expect(next).toMatchObject({ callId, replaces: 'old-call;to-tag=pbx;from-tag=ours' });
  peer.answer(invite, '404 Not Found');
  peer.answer(await peer.next(byeOf('old-call'), since), '200 OK');
  await desk.call('ended');
});

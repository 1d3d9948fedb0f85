import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { FarLeg } from '../../fakes/phone-page/far-leg.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';

// A proxy may let several phones ring for one call of ours (RFC 3261 section 16.7): each is an early dialog of its own.

const [A_HZ, B_HZ] = [700, 1500];
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

async function dialled(): Promise<{ callId: string; invite: Heard; a: FarLeg; b: FarLeg }> {
  const since = peer.heard.length;
  const callId = await desk.page.evaluate(() => window.phonePage.phone().call('6001'));
  const invite = await peer.next('INVITE', since);
  return { callId, invite, a: new FarLeg(peer, invite, 'leg-a'), b: new FarLeg(peer, invite, 'leg-b') };
}

const sdpOf = (invite: Heard, who: string, hz: number) =>
  desk.page.evaluate(([sdp, name, pitch]) => window.phonePage.farAnswer(sdp, name, pitch), [
    invite.text.body,
    who,
    hz,
  ] as const);

const earlyMedia = () =>
  desk.page.waitForFunction(() => {
    const call = window.phonePage.phone().state().calls[0];
    return call?.phase === 'dialling' && call.earlyMedia;
  });

const hears = (wanted: number[]) =>
  desk.page.evaluate(([one, all]) => window.phonePage.nearHearsTones(0, one, all), [wanted, [A_HZ, B_HZ]] as [
    number[],
    number[],
  ]);

async function hungUp(callId: string, leg: FarLeg): Promise<void> {
  const since = peer.heard.length;
  await desk.act('hangUp', callId);
  const bye = await peer.next('BYE', since);
  expect(leg.isMine(bye)).toBe(true);
  peer.answer(bye, '200 OK');
}

test('an announcement from one, the answer from another: the one who answered is heard', async () => {
  const { callId, invite, a, b } = await dialled();
  a.say('183 Session Progress', await sdpOf(invite, 'a', A_HZ));
  await earlyMedia();
  await hears([A_HZ]);
  const since = peer.heard.length;
  const answer = await sdpOf(invite, 'b', B_HZ);
  b.say('200 OK', answer);
  // Whoever lets a call fork cancels the others when one answers.
  await desk.page.evaluate(() => window.phonePage.farGone('a'));
  const ack = await peer.next('ACK', since);
  expect(b.isMine(ack)).toBe(true);
  await desk.talking({ callId, media: 'connected' });
  await hears([B_HZ]);
  expect(await desk.page.evaluate(() => window.phonePage.farHears('b'))).toBe(true);
  await hungUp(callId, b);
});

test('an announcement and the answer from the same: heard before and after, both ways', async () => {
  const { callId, invite, a } = await dialled();
  const answer = await sdpOf(invite, 'a', A_HZ);
  a.say('183 Session Progress', answer);
  await earlyMedia();
  await hears([A_HZ]);
  a.say('200 OK', answer);
  await desk.talking({ callId, media: 'connected' });
  await hears([A_HZ]);
  expect(await desk.page.evaluate(() => window.phonePage.farHears('a'))).toBe(true);
  // What was agreed is final: a hold finds nothing half done.
  await desk.act('hold', callId);
  const park = await peer.next((one) => one.kind === 'INVITE' && a.isMine(one), 0);
  peer.answer(park, '200 OK', ['Contact: <sip:far@127.0.0.1:5060;transport=ws>'], await sdpOf(park, 'a', A_HZ));
  await desk.talking({ callId, hold: 'held' });
  await hungUp(callId, a);
});

test('two ring, the second answers: no trace of the first', async () => {
  const { callId, invite, a, b } = await dialled();
  a.say('180 Ringing');
  b.say('180 Ringing');
  const since = peer.heard.length;
  b.say('200 OK', await sdpOf(invite, 'b', B_HZ));
  expect(b.isMine(await peer.next('ACK', since))).toBe(true);
  await desk.talking({ callId, media: 'connected' });
  await hungUp(callId, b);
});

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

/** What the agent was told of the audio of a call since it was taken, each change once. */
const mediaSinceTalking = (callId: string) =>
  desk.page.evaluate((id) => {
    const told = window.phonePage.states.flatMap(({ calls }) => {
      const call = calls.find((one) => one.callId === id);
      return call?.phase === 'talking' ? [call.media] : [];
    });
    return told.filter((media, index) => media !== told[index - 1]);
  }, callId);

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

const CONTACT = ['Contact: <sip:far@127.0.0.1:5060;transport=ws>'];

/** The far side agrees to another connection, if one is asked for. */
function agreeTo(b: FarLeg, since: number): void {
  const isAgain = (one: Heard) => one.kind === 'INVITE' && b.isMine(one);
  void peer.next(isAgain, since).then(async (again) => {
    peer.answer(again, '200 OK', CONTACT, await sdpOf(again, 'b', B_HZ));
  });
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
  agreeTo(b, since);
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

const originOf = (sdp: string) => /^o=\S+ (\d+) (\d+) /m.exec(sdp)?.slice(1).map(Number) ?? [];
/** As if every packet between them were lost. */
const unreachable = (sdp: string) => sdp.replace(/^a=candidate:.*\r?\n/gm, '');

test('the one that announced goes on sending, and is in the way of the one who answers: heard by a connection of its own', async () => {
  const { callId, invite, a, b } = await dialled();
  a.say('183 Session Progress', await sdpOf(invite, 'a', A_HZ));
  await earlyMedia();
  await hears([A_HZ]);
  const since = peer.heard.length;
  // Chromium keeps the path of the first for as long as that one answers its checks; here always, not only now and then.
  const blind = { ...invite, text: { ...invite.text, body: unreachable(invite.text.body) } };
  b.say('200 OK', unreachable(await sdpOf(blind, 'b', B_HZ)));
  expect(b.isMine(await peer.next('ACK', since))).toBe(true);
  const isOffer = (one: Heard) => one.kind === 'INVITE' && b.isMine(one);
  const first = await peer.next(isOffer, since);
  // A refusal leaves what there was, and it is tried again.
  const refused = peer.heard.length;
  peer.answer(first, '488 Not Acceptable Here');
  const again = await peer.next(isOffer, refused);
  peer.answer(again, '200 OK', CONTACT, await sdpOf(again, 'b', B_HZ));
  await desk.talking({ callId, media: 'connected' });
  await hears([B_HZ]);
  expect(await desk.page.evaluate(() => window.phonePage.farHears('b'))).toBe(true);
  // RFC 3264 section 8: the same session, a later version.
  const [session = 0, version = 0] = originOf(invite.text.body);
  const [sameSession, later] = originOf(again.text.body);
  expect(sameSession).toBe(session);
  expect(later).toBeGreaterThan(version);
  await desk.act('hold', callId);
  const park = await peer.next((one) => one !== first && one !== again && isOffer(one), since);
  peer.answer(park, '200 OK', CONTACT, await sdpOf(park, 'b', B_HZ));
  await desk.talking({ callId, hold: 'held' });
  await hungUp(callId, b);
});

test('the one that announced goes on sending: the one who answered is heard, whoever is faster', async () => {
  for (let round = 0; round < 3; round += 1) {
    const { callId, invite, a, b } = await dialled();
    a.say('183 Session Progress', await sdpOf(invite, 'a', A_HZ));
    await desk.until(callId, { phase: 'dialling', earlyMedia: true });
    await hears([A_HZ]);
    const since = peer.heard.length;
    b.say('200 OK', await sdpOf(invite, 'b', B_HZ));
    await peer.next('ACK', since);
    agreeTo(b, since);
    await desk.until(callId, { phase: 'talking', media: 'connected' });
    await hears([B_HZ]);
    // Nobody is told that the audio flows, or broke off, while the path is still the one to the announcer.
    expect(await mediaSinceTalking(callId)).toEqual(['connecting', 'connected']);
    await hungUp(callId, b);
    await desk.act('forget', callId);
    await desk.page.evaluate(() => ['a', 'b'].map((who) => window.phonePage.farGone(who)));
  }
});

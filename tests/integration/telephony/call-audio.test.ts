import { createSocket } from 'node:dgram';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import type { FarCall } from '../../fakes/sip-far-call.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';

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
  await desk.close();
  await peer.stop();
});

/** A call from the far side that the agent has answered: audio flows both ways. */
async function answered(): Promise<{ far: FarCall; callId: string }> {
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  const { callId } = await desk.call('ringing');
  await desk.act('answer', callId);
  await completeAnswer(far);
  await desk.talking({ media: 'connected' });
  return { far, callId };
}

async function completeAnswer(far: FarCall): Promise<void> {
  const ok = await far.next('200', 'INVITE');
  await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
}

/** The far side agrees to a re-INVITE of the phone. */
async function agree(offer: Heard): Promise<void> {
  const answer = await desk.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), offer.text.body);
  peer.answer(offer, '200 OK', CONTACT, answer);
}

function direction(sdp: string): string | undefined {
  return /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(sdp)?.[1];
}

function listen(side: 'farHears' | 'nearHears' | 'farHearsSilence'): Promise<boolean> {
  return desk.page.evaluate((name) => window.phonePage[name](), side);
}

test('an answered call has sound both ways, and its ends are clean', async () => {
  const { far, callId } = await answered();
  expect(await listen('farHears')).toBe(true);
  expect(await listen('nearHears')).toBe(true);
  expect(await desk.page.evaluate((id) => window.phonePage.played[id], callId)).toBe(true);
  far.bye();
  const call = await desk.call('ended');
  expect(call).toMatchObject({ end: { result: 'answered', by: 'there' } });
  await far.next('200', 'BYE');
  expect(await desk.page.evaluate((id) => window.phonePage.played[id], callId)).toBe(false);
  expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([0, 0]);
});

test('the agent hangs up: BYE, microphone clone stopped', async () => {
  const { far, callId } = await answered();
  await desk.act('hangUp', callId);
  const bye = await far.next('BYE');
  peer.answer(bye, '200 OK');
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'here' } });
  expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([0, 0]);
});

test('muted means that nothing is heard over there', async () => {
  const { callId } = await answered();
  await desk.page.evaluate((id) => window.phonePage.phone().setMuted(id, true), callId);
  await desk.talking({ muted: true });
  expect(await listen('farHearsSilence')).toBe(true);
  await desk.page.evaluate((id) => window.phonePage.phone().setMuted(id, false), callId);
  await desk.talking({ muted: false });
  expect(await listen('farHears')).toBe(true);
});

test('hold and resume are shown when the network agreed, not before', async () => {
  const { far, callId } = await answered();
  await desk.act('hold', callId);
  await desk.talking({ hold: 'holding' });
  const park = await far.next('INVITE');
  expect(direction(park.text.body)).toBe('sendonly');
  await agree(park);
  await desk.talking({ hold: 'held', holdProblem: null });
  expect(await listen('farHearsSilence')).toBe(true);
  await far.next('ACK');
  await desk.act('resume', callId);
  const back = await far.next('INVITE');
  expect(direction(back.text.body)).toBe('sendrecv');
  await agree(back);
  await desk.talking({ hold: 'none', holdProblem: null, muted: false });
  expect(await listen('farHears')).toBe(true);
});

test.each(['408 Request Timeout', '488 Not Acceptable Here'])(
  'a hold answered %s says "not on hold" and keeps the microphone shut',
  async (status) => {
    const { far, callId } = await answered();
    await desk.act('hold', callId);
    peer.answer(await far.next('INVITE'), status);
    await desk.talking({ hold: 'none', holdProblem: 'refused', muted: true });
    expect(await listen('farHearsSilence')).toBe(true);
    await desk.page.evaluate((id) => window.phonePage.phone().setMuted(id, false), callId);
    expect(await listen('farHears')).toBe(true);
  },
);

test('a hold that nobody answers says so within its patience; a late yes is told as well', async () => {
  const { far, callId } = await answered();
  await desk.act('hold', callId);
  const park = await far.next('INVITE');
  await desk.talking({ hold: 'none', holdProblem: 'timeout', muted: true });
  await agree(park);
  await desk.talking({ hold: 'held' });
});

test('both sides ask at once (491): the phone asks again and the customer is parked', async () => {
  const { far, callId } = await answered();
  await desk.act('hold', callId);
  peer.answer(await far.next('INVITE'), '491 Request Pending');
  await agree(await far.next('INVITE'));
  await desk.talking({ hold: 'held' });
});

test('DTMF goes as RFC 4733 events where they were agreed, as INFO where not', async () => {
  const { far, callId } = await answered();
  await desk.page.evaluate((id) => window.phonePage.phone().sendDtmf(id, '12#'), callId);
  await desk.act('hangUp', callId);
  const first = await Promise.race([far.next('INFO'), far.next('BYE')]);
  expect(first.kind).toBe('BYE');
  peer.answer(first, '200 OK');

  const offer = await desk.page.evaluate(() => window.phonePage.farOffer());
  const plain = offer.replace(/^a=rtpmap:\d+ telephone-event.*\r\n/gm, '');
  const second = peer.invite({ sdp: plain });
  const ringing = await desk.call('ringing');
  await desk.act('answer', ringing.callId);
  await completeAnswer(second);
  await desk.talking({ media: 'connected' });
  await desk.page.evaluate((id) => window.phonePage.phone().sendDtmf(id, '5#'), ringing.callId);
  for (const tone of ['5', '#']) {
    const info = await second.next('INFO');
    expect(info.text.body).toContain(`Signal=${tone}`);
    peer.answer(info, '200 OK');
  }
});

test('an outgoing call rings there, is answered, and has sound', async () => {
  const since = peer.heard.length;
  const callId = await desk.page.evaluate(() => window.phonePage.phone().call('010-0000-1234'));
  const invite = await peer.next('INVITE', since);
  expect(invite.text.startLine).toBe('INVITE sip:01000001234@pbx.test SIP/2.0');
  peer.answer(invite, '180 Ringing', CONTACT);
  await desk.page.waitForFunction(() => {
    const call = window.phonePage.phone().state().calls[0];
    return call?.phase === 'dialling' && call.ringingThere;
  });
  await agree(invite);
  await desk.talking({ media: 'connected', direction: 'out', callId });
  expect(await listen('farHears')).toBe(true);
  await peer.next('ACK', since);
});

test('early media is heard before the answer, and a 486 after it ends clean', async () => {
  const since = peer.heard.length;
  await desk.page.evaluate(() => window.phonePage.phone().call('6001'));
  const invite = await peer.next('INVITE', since);
  const answer = await desk.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), invite.text.body);
  peer.answer(invite, '183 Session Progress', CONTACT, answer);
  await desk.page.waitForFunction(() => {
    const call = window.phonePage.phone().state().calls[0];
    return call?.phase === 'dialling' && call.earlyMedia;
  });
  expect(await listen('nearHears')).toBe(true);
  expect(await listen('farHearsSilence')).toBe(true);
  peer.answer(invite, '486 Busy Here');
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'busy', by: 'there', sipStatus: 486 } });
  expect(await desk.page.evaluate(() => window.phonePage.openPeers())).toBe(0);
});

test('a second call while talking: it rings, 486 declines it, the first call is as it was', async () => {
  const { far, callId } = await answered();
  const first = await desk.call('talking');
  const second = peer.invite({ from: '<sip:01000005678@pbx.test>;tag=second' });
  const ringing = await desk.call('ringing');
  expect(ringing.caller.number).toBe('01000005678');
  await desk.act('decline', ringing.callId);
  await second.next('486');
  second.ack(true);
  expect(await desk.call('talking')).toEqual(first);
  expect(await listen('farHears')).toBe(true);
  await desk.act('hangUp', callId);
  peer.answer(await far.next('BYE'), '200 OK');
});

test('the microphone is refused: the caller is sent on, nothing hangs', async () => {
  await desk.page.evaluate(() => window.phonePage.denyMicrophone());
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  await desk.act('answer', (await desk.call('ringing')).callId);
  await far.next('480');
  far.ack(true);
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'failed', by: 'here' } });
});

test('socket lost in a call: the audio goes on, and after the reconnect the far side hears of us again', async () => {
  const { far, callId } = await answered();
  const since = peer.heard.length;
  peer.cut();
  await peer.next('REGISTER', since);
  await agree(await far.next('INVITE'));
  await far.next('ACK');
  expect(await listen('farHears')).toBe(true);
  far.bye();
  await far.next('200', 'BYE');
  expect((await desk.call('ended')).callId).toBe(callId);
});

test('after a reconnect the PBX has forgotten the call (481): it is shown as ended', async () => {
  const { far } = await answered();
  peer.cut();
  peer.answer(await far.next('INVITE'), '481 Call/Transaction Does Not Exist');
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'there', sipStatus: 481 } });
});

test('hung up while the socket is gone: the BYE goes out on the next one', async () => {
  const { far, callId } = await answered();
  peer.cut();
  await desk.act('hangUp', callId);
  await desk.call('ended');
  await far.next('BYE');
});

test('hung up as the socket dies, before either side knows: the BYE is said again until somebody answers', async () => {
  const { far, callId } = await answered();
  await desk.act('hangUp', callId);
  const lost = await far.next('BYE');
  peer.cut();
  const again = await far.next('BYE');
  expect(again.raw).toBe(lost.raw);
  peer.answer(again, '200 OK');
  const before = peer.heard.length;
  peer.cut();
  await peer.next((one) => one.kind === 'REGISTER' && /response=/.test(one.raw), before);
  await peer.next('OPTIONS', before);
  expect(peer.heard.slice(before).filter((one) => one.kind === 'BYE')).toEqual([]);
});

test('the page is left in a call: the far side gets its BYE', async () => {
  const { far } = await answered();
  await desk.page.goto('about:blank');
  await far.next('BYE');
});

test('CANCEL crosses the answer: no ghost call, whoever wins', async () => {
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  const { callId } = await desk.call('ringing');
  const answering = desk.act('answer', callId);
  far.cancel();
  await answering;
  const outcome = await Promise.race([far.next('487'), far.next('200', 'INVITE')]);
  if (outcome.kind === '200') {
    far.ack();
    far.bye();
  } else far.ack(true);
  await desk.call('ended');
  expect(await desk.page.evaluate(() => window.phonePage.openPeers())).toBe(0);
});

test('a REFER never makes the phone dial: every call goes through the gate', async () => {
  const { far, callId } = await answered();
  far.request('REFER', '', ['Refer-To: <sip:01000009999@pbx.test>', 'Referred-By: <sip:far@pbx.test>']);
  await far.next('603', 'REFER');
  await desk.act('hangUp', callId);
  const next = await Promise.race([far.next('BYE'), peer.next('INVITE', 0)]);
  expect(next.kind).toBe('BYE');
});

test('after a transfer the caller is the customer, not the colleague', async () => {
  const { far, callId } = await answered();
  const offer = await desk.page.evaluate(() => window.phonePage.farReoffer());
  far.request('INVITE', offer, ['P-Asserted-Identity: "김단골" <sip:01000007777@pbx.test>']);
  const ok = await far.next('200', 'INVITE');
  await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await desk.page.waitForFunction(() => window.phonePage.phone().state().calls[0]?.caller.e164 === '+821000007777');
  expect(await listen('farHears')).toBe(true);
  await desk.act('hangUp', callId);
});

test('a STUN server that never answers delays no answer: it leaves with the first candidate', async () => {
  const silent = createSocket('udp4');
  await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
  const iceServers = [{ urls: `stun:127.0.0.1:${silent.address().port}` }];
  const other = await browser.open({ ...peer.account(), iceServers });
  await other.registered();
  const far = peer.invite({ sdp: await other.page.evaluate(() => window.phonePage.farOffer()) });
  await other.act('answer', (await other.call('ringing')).callId);
  const ok = await far.next('200', 'INVITE');
  expect(await other.page.evaluate(() => window.phonePage.gatheringAtAnswer)).toBe('gathering');
  expect(ok.text.body).toContain('typ host');
  await other.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await other.talking({ media: 'connected' });
  await other.close();
  silent.close();
});

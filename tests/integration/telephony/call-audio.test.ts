import { beforeEach, expect, test } from 'vitest';
import type { PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import type { SipPeer } from '../../fakes/sip-peer.ts';
import { CONTACT, callBench } from './support/answered-call.ts';

// One call and its sound: answered, muted, held, keyed, placed.

const bench = callBench();
const { answered, completeAnswer, agree, listen } = bench;
let peer: SipPeer;
let desk: PhonePage;

beforeEach(() => {
  ({ peer, desk } = bench);
});

function direction(sdp: string): string | undefined {
  return /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(sdp)?.[1];
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

test('where the administrator says so, keys go as INFO although both sides know tones in the audio', async () => {
  const other = await bench.browser.open({ ...peer.account(), features: { keys: 'info' } });
  await other.registered();
  const far = peer.invite({ sdp: await other.page.evaluate(() => window.phonePage.farOffer()) });
  const { callId } = await other.call('ringing');
  await other.act('answer', callId);
  const ok = await far.next('200', 'INVITE');
  expect(ok.text.body).toContain('telephone-event');
  await other.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await other.until(callId, { phase: 'talking', media: 'connected' });
  await other.page.evaluate((id) => window.phonePage.phone().sendDtmf(id, '7*', 160), callId);
  for (const tone of ['7', '*']) {
    const info = await far.next('INFO');
    expect(info.text.body).toBe(`Signal=${tone}\r\nDuration=160\r\n`);
    peer.answer(info, '200 OK');
  }
  expect(other.errors).toEqual([]);
  await other.close();
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

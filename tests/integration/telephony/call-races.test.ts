import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
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
  expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([0, 0]);
  await desk.close();
  await peer.stop();
});

/** Dials; resolves when the INVITE is there. */
async function dial(): Promise<{ callId: string; invite: Heard }> {
  const since = peer.heard.length;
  const callId = await desk.page.evaluate(() => window.phonePage.phone().call('6001'));
  return { callId, invite: await peer.next('INVITE', since) };
}

async function answerTo(invite: Heard): Promise<string> {
  return desk.page.evaluate((sdp) => window.phonePage.farAnswer(sdp), invite.text.body);
}

test('hung up before anything was answered: CANCEL as soon as the far side gives a sign', async () => {
  const { callId, invite } = await dial();
  await desk.act('hangUp', callId);
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'no_answer', by: 'here' } });
  const since = peer.heard.length;
  peer.answer(invite, '180 Ringing', CONTACT);
  peer.answer(await peer.next('CANCEL', since), '200 OK');
  peer.answer(invite, '487 Request Terminated');
  await peer.next('ACK', since);
});

test('hung up before a challenge: the call is not placed a second time', async () => {
  const { callId, invite } = await dial();
  await desk.act('hangUp', callId);
  const since = peer.heard.length;
  peer.answer(invite, '401 Unauthorized', ['WWW-Authenticate: Digest realm="pbx.test", nonce="n", algorithm=MD5']);
  await peer.next('ACK', since);
  await desk.page.evaluate(() => window.phonePage.phone().call('6002'));
  const next = await peer.next('INVITE', since);
  expect(next.text.startLine).toContain('6002');
  peer.answer(next, '404 Not Found');
  await desk.call('ended');
});

test('the far side answers while the CANCEL is on its way: ACK and BYE, no ghost', async () => {
  const { callId, invite } = await dial();
  peer.answer(invite, '180 Ringing', CONTACT);
  const answer = await answerTo(invite);
  const since = peer.heard.length;
  await desk.act('hangUp', callId);
  peer.answer(await peer.next('CANCEL', since), '200 OK');
  peer.answer(invite, '200 OK', CONTACT, answer);
  await peer.next('ACK', since);
  peer.answer(await peer.next('BYE', since), '200 OK');
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'no_answer', by: 'here' } });
});

test('hung up in the same breath as dialled: nothing is left ringing', async () => {
  const since = peer.heard.length;
  await desk.page.evaluate(() => {
    const phone = window.phonePage.phone();
    phone.hangUp(phone.call('6001'));
  });
  await desk.call('ended');
  await desk.page.evaluate(() => window.phonePage.phone().call('6002'));
  const first = await peer.next('INVITE', since);
  if (first.text.startLine.includes('6001')) {
    peer.answer(first, '180 Ringing', CONTACT);
    await peer.next('CANCEL', since);
    peer.answer(first, '487 Request Terminated');
  }
  const second = await peer.next((one) => one.kind === 'INVITE' && one.text.startLine.includes('6002'), since);
  peer.answer(second, '486 Busy Here');
  await desk.page.waitForFunction(() =>
    window.phonePage
      .phone()
      .state()
      .calls.every((call) => call.phase === 'ended'),
  );
});

test('two phones answer a forked call: the second one gets ACK and BYE', async () => {
  const { callId, invite } = await dial();
  const answer = await answerTo(invite);
  const since = peer.heard.length;
  peer.answer(invite, '200 OK', CONTACT, answer);
  await desk.talking({ callId });
  const other = {
    ...invite,
    text: {
      ...invite.text,
      headers: invite.text.headers.map((one) =>
        one.name === 'to' ? { name: 'to', value: `${one.value};tag=other` } : one,
      ),
    },
  };
  peer.answer(other, '200 OK', CONTACT, answer);
  const bye = await peer.next('BYE', since);
  expect(bye.raw).toContain('tag=other');
  peer.answer(bye, '200 OK');
  await desk.talking({ callId });
  await desk.act('hangUp', callId);
  await desk.call('ended');
});

test.each([
  ['486 Busy Here', 'busy'],
  ['603 Decline', 'declined'],
  ['480 Temporarily Unavailable', 'no_answer'],
  ['404 Not Found', 'failed'],
  ['302 Moved Temporarily', 'failed'],
])('refused with %s', async (status, result) => {
  const { invite } = await dial();
  peer.answer(invite, status);
  expect(await desk.call('ended')).toMatchObject({
    end: { result, by: 'there', sipStatus: Number(status.slice(0, 3)) },
  });
});

test('the audio stops and does not come back: the call ends with a reason, the agent is free', async () => {
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  await desk.act('answer', (await desk.call('ringing')).callId);
  const ok = await far.next('200', 'INVITE');
  await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await desk.talking({ media: 'connected' });
  await desk.page.evaluate(() => window.phonePage.farGone());
  await desk.talking({ media: 'interrupted' });
  // The phone looks for a new path first.
  const restart = await far.next('INVITE');
  peer.answer(restart, '488 Not Acceptable Here');
  expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'network' } });
  peer.answer(await far.next('BYE'), '200 OK');
});

test('answering a second call parks the first: one customer hears the agent at a time', async () => {
  const far = peer.invite({ sdp: await desk.page.evaluate(() => window.phonePage.farOffer()) });
  const first = await desk.call('ringing');
  await desk.act('answer', first.callId);
  const ok = await far.next('200', 'INVITE');
  await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await desk.talking({ media: 'connected' });
  const second = peer.invite({ from: '<sip:01000005678@pbx.test>;tag=second' });
  const ringing = await desk.call('ringing');
  await desk.act('answer', ringing.callId);
  await desk.talking({ callId: first.callId, hold: 'holding' });
  const park = await far.next('INVITE');
  expect(park.text.body).toContain('a=sendonly');
  peer.answer(park, '200 OK', CONTACT, await answerTo(park));
  await desk.talking({ callId: first.callId, hold: 'held' });
  for (const { callId } of [first, ringing]) await desk.act('hangUp', callId);
  await desk.page.waitForFunction(() =>
    window.phonePage
      .phone()
      .state()
      .calls.every((call) => call.phase === 'ended'),
  );
  expect([far, second]).toHaveLength(2);
});

test('40 seeded races of CANCEL and answer: both sides agree every time', async () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const offer = await desk.page.evaluate(() => window.phonePage.farOffer());
  for (let race = 0; race < 40; race++) {
    const far = peer.invite({ sdp: offer });
    const { callId } = await desk.call('ringing');
    const answering = desk.act('answer', callId);
    await wait(random() * 25);
    far.cancel();
    await answering;
    const outcome = await Promise.race([far.next('487', 'INVITE'), far.next('200', 'INVITE')]);
    if (outcome.kind === '200') {
      far.ack();
      far.bye();
      await far.next('200', 'BYE');
    } else far.ack(true);
    const over = await desk.call('ended');
    expect(over.callId).toBe(callId);
    await desk.act('forget', callId);
  }
});

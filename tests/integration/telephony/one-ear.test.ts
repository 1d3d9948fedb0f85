import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { mayBeHeard } from '../../../src/telephony/call-machine.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { CONTACT, DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

// One customer hears the agent at a time, in whatever order the network says yes.

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
  calls = new DeskCalls(desk, peer);
  await desk.registered();
});
afterEach(async () => {
  expect(desk.errors).toEqual([]);
  // In no state that any screen saw were two customers heard at once.
  const states = await desk.page.evaluate(() => window.phonePage.states.map(({ calls: all }) => all));
  const heard = (all: (typeof states)[number]) => all.filter((one) => one.phase === 'talking' && mayBeHeard(one));
  expect(states.filter((all) => heard(all).length > 1)).toEqual([]);
  await desk.close();
  await peer.stop();
});

/** Somebody calls and waits; the offer is of somebody who can be heard. */
async function ringing(who: string) {
  const offer = await desk.page.evaluate((name) => window.phonePage.farOffer(name), who);
  const far = peer.invite({ sdp: offer, from: `<sip:01000005678@pbx.test>;tag=${who}` });
  await far.next('180');
  return { far, callId: (await desk.call('ringing')).callId };
}

test('whom the agent dialled picks up while the agent talks to a caller: they are put on hold, unheard', async () => {
  const since = peer.heard.length;
  const dialled = await desk.page.evaluate(() => window.phonePage.phone().call('6001'));
  const invite = await peer.next('INVITE', since);
  peer.answer(invite, '180 Ringing', CONTACT);
  const { callId } = await calls.answered();
  const later = peer.heard.length;
  await calls.agree(invite, 'dialled');
  const park = await calls.inCallOf(invite, 'INVITE', later);
  expect(park.text.body).toContain('a=sendonly');
  expect(await desk.page.evaluate(() => window.phonePage.farHearsSilence('dialled'))).toBe(true);
  await calls.agree(park, 'dialled');
  await desk.until(dialled, { phase: 'talking', hold: 'held' });
  await desk.until(callId, { phase: 'talking', hold: 'none', muted: false });
});

test('the agent put the caller on hold to wait for the one who was dialled: that one is heard', async () => {
  const since = peer.heard.length;
  const dialled = await desk.page.evaluate(() => window.phonePage.phone().call('6001'));
  const invite = await peer.next('INVITE', since);
  const { far, callId } = await calls.answered();
  await desk.act('hold', callId);
  await calls.parked(far);
  await desk.until(callId, { hold: 'held' });
  await calls.agree(invite, 'dialled');
  await desk.until(dialled, { phase: 'talking', hold: 'none', muted: false, media: 'connected' });
  expect(await desk.page.evaluate(() => window.phonePage.farHears('dialled'))).toBe(true);
});

test('two answered in one breath: the one who was answered last has the agent', async () => {
  const first = await ringing('first');
  const second = await ringing('second');
  for (const { callId } of [first, second]) await desk.act('answer', callId);
  for (const [who, { far }] of Object.entries({ first, second })) {
    const ok = await far.next('200', 'INVITE');
    await desk.page.evaluate(([sdp, name]) => window.phonePage.farAccept(sdp, name), [ok.text.body, who] as const);
  }
  second.far.ack();
  await desk.until(second.callId, { phase: 'talking', hold: 'none' });
  first.far.ack();
  await calls.agree(await first.far.next('INVITE'), 'first');
  await desk.until(first.callId, { phase: 'talking', hold: 'held' });
  await desk.until(second.callId, { phase: 'talking', hold: 'none', muted: false });
});

test('a call that is on its way back from hold when the next one is answered goes back on hold', async () => {
  const { far, callId } = await calls.answered();
  await desk.act('hold', callId);
  await calls.parked(far);
  await desk.until(callId, { hold: 'held' });
  await desk.act('resume', callId);
  const resume = await far.next('INVITE');
  const second = await ringing('second');
  await desk.act('answer', second.callId);
  const ok = await second.far.next('200', 'INVITE');
  await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp, 'second'), ok.text.body);
  second.far.ack();
  await desk.until(second.callId, { phase: 'talking', hold: 'none' });
  await calls.agree(resume);
  const again = await far.next('INVITE');
  expect(again.text.body).toContain('a=sendonly');
  await calls.agree(again);
  await desk.until(callId, { hold: 'held', holdProblem: null });
  await desk.until(second.callId, { hold: 'none', muted: false });
});

test('put on hold before the far side has acknowledged the answer: asked for after it, and the call goes on', async () => {
  const { far, callId } = await ringing('customer');
  await desk.act('answer', callId);
  const ok = await far.next('200', 'INVITE');
  await desk.until(callId, { phase: 'talking' });
  await desk.act('hold', callId);
  expect(far.heard.filter(({ kind }) => kind === 'INVITE')).toEqual([]);
  await desk.page.evaluate((sdp) => window.phonePage.farAccept(sdp), ok.text.body);
  far.ack();
  await calls.parked(far);
  await desk.until(callId, { hold: 'held' });
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

// Who sounds how, in hertz. Everybody's voice is looked for at everybody's ear.
const AGENT = 700;
const CUSTOMER = 1_000;
const COLLEAGUE = 1_500;
const OTHER_MICROPHONE = 2_200;
const ALL = [AGENT, CUSTOMER, COLLEAGUE, OTHER_MICROPHONE];

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
  await desk.page.evaluate((hz) => window.phonePage.plugTone(hz), AGENT);
});
afterEach(async () => {
  expect(desk.errors).toEqual([]);
  await desk.close();
  await peer.stop();
});

const hears = (who: string, ...hz: number[]) =>
  desk.page.evaluate(([name, wanted, all]) => window.phonePage.farHearsTones(name, wanted, all), [who, hz, ALL] as [
    string,
    number[],
    number[],
  ]);

/** Customer on hold, colleague answered, then joined: the re-INVITE that takes the customer back is agreed. */
async function joined() {
  const { far, callId } = await calls.answered('customer', CUSTOMER);
  const { consultCallId, invite } = await calls.consulted(far, callId, COLLEAGUE);
  await desk.page.evaluate(([one, other]) => window.phonePage.phone().conference(one, other), [
    callId,
    consultCallId,
  ] as const);
  await calls.agree(await far.next('INVITE'));
  await far.next('ACK');
  for (const id of [callId, consultCallId]) await desk.until(id, { phase: 'talking', conference: true, hold: 'none' });
  return { far, callId, consultCallId, invite };
}

test('all three hear the other two; split leaves the customer with the agent and parks the colleague', async () => {
  const { callId, consultCallId, invite } = await joined();
  await hears('customer', AGENT, COLLEAGUE);
  await hears('colleague', AGENT, CUSTOMER);
  const agentHears = (nth: number, hz: number) =>
    desk.page.evaluate(([call, wanted, all]) => window.phonePage.nearHearsTones(call, wanted, all), [
      nth,
      [hz],
      ALL,
    ] as [number, number[], number[]]);
  await agentHears(0, CUSTOMER);
  await agentHears(1, COLLEAGUE);
  const since = peer.heard.length;
  await desk.page.evaluate(() => window.phonePage.phone().splitConference());
  await desk.until(callId, { hold: 'none', conference: false });
  await calls.agree(await calls.inCallOf(invite, 'INVITE', since), 'colleague');
  await desk.until(consultCallId, { hold: 'held', conference: false });
  await hears('customer', AGENT);
  await hears('colleague');
});

test('the agent mutes: both hear each other, nobody hears the agent, until the key is pressed again', async () => {
  const { callId, consultCallId } = await joined();
  await desk.page.evaluate((id) => window.phonePage.phone().setMuted(id, true), consultCallId);
  for (const id of [callId, consultCallId]) await desk.until(id, { muted: true });
  await hears('customer', COLLEAGUE);
  await hears('colleague', CUSTOMER);
  await desk.page.evaluate((id) => window.phonePage.phone().setMuted(id, false), callId);
  for (const id of [callId, consultCallId]) await desk.until(id, { muted: false });
  await hears('colleague', AGENT, CUSTOMER);
});

test('another microphone in a conference: both hear it', async () => {
  await joined();
  await desk.page.evaluate((hz) => window.phonePage.plugTone(hz), OTHER_MICROPHONE);
  await hears('customer', OTHER_MICROPHONE, COLLEAGUE);
  await hears('colleague', OTHER_MICROPHONE, CUSTOMER);
});

test('one hangs up: the other is still with the agent, unmixed', async () => {
  const { far, callId, consultCallId } = await joined();
  far.bye();
  await desk.until(callId, { phase: 'ended' });
  await desk.until(consultCallId, { phase: 'talking', conference: false, hold: 'none' });
  await hears('colleague', AGENT);
});

test('the agent leaves and lets both go on (REFER with Replaces); refused, the conference goes on', async () => {
  const { far, callId, consultCallId, invite } = await joined();
  const leave = () =>
    desk.page.evaluate(([one, other]) => window.phonePage.phone().completeTransfer(one, other), [
      callId,
      consultCallId,
    ] as const);
  await leave();
  peer.answer(await far.next('REFER'), '403 Forbidden');
  await desk.until(callId, { conference: true, transfer: { state: 'failed', sipStatus: 403 } });
  await hears('customer', AGENT, COLLEAGUE);
  await leave();
  const refer = await far.next('REFER');
  peer.answer(refer, '202 Accepted', ['Contact: <sip:far@127.0.0.1:5060;transport=ws>']);
  await hears('colleague', AGENT, CUSTOMER);
  far.notify('200 OK', { over: true });
  await far.next('BYE');
  await calls.inCallOf(invite, 'BYE');
  await desk.until(callId, { phase: 'ended', end: { transferredTo: '102' } });
  expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([0, 0]);
});

test('a blind transfer out of a conference: the customer is parked and gone, the colleague stays', async () => {
  const { far, callId, consultCallId } = await joined();
  await desk.page.evaluate((id) => window.phonePage.phone().transfer(id, '103'), callId);
  await calls.agree(await far.next('INVITE'));
  await far.next('ACK');
  const refer = await far.next('REFER');
  await desk.until(consultCallId, { conference: false, hold: 'none' });
  await hears('colleague', AGENT);
  peer.answer(refer, '202 Accepted', ['Contact: <sip:far@127.0.0.1:5060;transport=ws>']);
  far.notify('200 OK', { over: true });
  await far.next('BYE');
  await desk.until(consultCallId, { phase: 'talking' });
});

test('the network does not give the customer back: no conference, and everybody is where they were', async () => {
  const { far, callId } = await calls.answered('customer', CUSTOMER);
  const { consultCallId } = await calls.consulted(far, callId, COLLEAGUE);
  await desk.page.evaluate(([one, other]) => window.phonePage.phone().conference(one, other), [
    callId,
    consultCallId,
  ] as const);
  peer.answer(await far.next('INVITE'), '488 Not Acceptable Here');
  await desk.until(callId, { hold: 'held', holdProblem: 'refused', conference: false });
  await hears('customer');
  await hears('colleague', AGENT);
});

test('a page that may not make sound: no conference, the colleague is parked again, and it can be tried again', async () => {
  await desk.page.evaluate(() => {
    const { resume } = AudioContext.prototype;
    // As Chromium does before anybody has touched the page: no error, no answer.
    AudioContext.prototype.resume = () => {
      AudioContext.prototype.resume = resume;
      return new Promise(() => {});
    };
  });
  const { far, callId } = await calls.answered('customer', CUSTOMER);
  const { consultCallId, invite } = await calls.consulted(far, callId, COLLEAGUE);
  const join = () =>
    desk.page.evaluate(([one, other]) => window.phonePage.phone().conference(one, other), [
      callId,
      consultCallId,
    ] as const);
  await join();
  await calls.agree(await far.next('INVITE'));
  await desk.until(callId, { hold: 'none', conference: false });
  let since = peer.heard.length;
  await calls.agree(await calls.inCallOf(invite, 'INVITE', since), 'colleague');
  await desk.until(consultCallId, { hold: 'held', conference: false });
  await hears('customer', AGENT);
  since = peer.heard.length;
  await join();
  await calls.agree(await calls.inCallOf(invite, 'INVITE', since), 'colleague');
  await desk.until(callId, { conference: true });
  await hears('customer', AGENT, COLLEAGUE);
});

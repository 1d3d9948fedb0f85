import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { headerValue } from '../../../src/telephony/sip-text.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { CONTACT, DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';

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
  await desk.close();
  await peer.stop();
});

const complete = (callId: string, consultCallId: string) =>
  desk.page.evaluate(([id, consult]) => window.phonePage.phone().completeTransfer(id, consult), [
    callId,
    consultCallId,
  ] as const);
const referTo = (refer: Heard) => headerValue(refer.text, 'refer-to') ?? '';
const refersHeard = () => peer.heard.filter((one) => one.kind === 'REFER').length;

describe('the colleague is asked first', () => {
  test('both legs are joined and left', async () => {
    const { far, callId } = await calls.answered();
    const { consultCallId, invite } = await calls.consulted(far, callId);
    expect(headerValue(invite.text, 'x-dangol-capsule')).toBe('cap-7');
    await complete(callId, consultCallId);
    const refer = await far.next('REFER');
    const tag = /;tag=([^;]+)/.exec(headerValue(invite.text, 'from') ?? '')?.[1];
    const replaces = decodeURIComponent(/[?&]Replaces=([^>&]+)/.exec(referTo(refer))?.[1] ?? '');
    expect(replaces).toBe(`${headerValue(invite.text, 'call-id')};to-tag=far;from-tag=${tag}`);
    expect(referTo(refer)).toMatch(/^<sip:far@127\.0\.0\.1:5060;transport=ws\?/);
    peer.answer(refer, '202 Accepted', CONTACT);
    far.notify('200 OK', { over: true });
    peer.answer(await far.next('BYE'), '200 OK');
    peer.answer(await calls.inCallOf(invite, 'BYE'), '200 OK');
    await desk.until(callId, { phase: 'ended', end: { by: 'here', transferredTo: '102' } });
    await desk.until(consultCallId, { phase: 'ended', end: { result: 'answered' } });
    expect(await desk.page.evaluate(() => [window.phonePage.openPeers(), window.phonePage.liveTracks()])).toEqual([
      0, 0,
    ]);
  });

  test('refused: both are still there, as they were', async () => {
    const { far, callId } = await calls.answered();
    const { consultCallId } = await calls.consulted(far, callId);
    await complete(callId, consultCallId);
    await complete(callId, consultCallId);
    peer.answer(await far.next('REFER'), '488 Not Acceptable Here');
    await desk.until(callId, { hold: 'held', transfer: { kind: 'attended', state: 'failed', sipStatus: 488 } });
    await desk.until(consultCallId, { phase: 'talking', hold: 'none' });
    expect(await desk.page.evaluate(() => window.phonePage.farHears('colleague'))).toBe(true);
    expect(refersHeard()).toBe(1);
  });

  test('the agent swaps between both, and takes the customer back by hanging up the colleague', async () => {
    const { far, callId } = await calls.answered();
    const { consultCallId, invite } = await calls.consulted(far, callId);
    const since = peer.heard.length;
    await desk.act('resume', callId);
    await calls.agree(await calls.inCallOf(invite, 'INVITE', since), 'colleague');
    await calls.takenBack(far, callId);
    await desk.until(consultCallId, { hold: 'held' });
    await desk.act('hangUp', consultCallId);
    peer.answer(await calls.inCallOf(invite, 'BYE'), '200 OK');
    await desk.until(callId, { phase: 'talking', hold: 'none', transfer: null });
    expect(await desk.page.evaluate(() => window.phonePage.farHears())).toBe(true);
  });

  test('the customer hangs up meanwhile: the agent still has the colleague, and nobody is transferred', async () => {
    const { far, callId } = await calls.answered();
    const { consultCallId } = await calls.consulted(far, callId);
    far.bye();
    await desk.until(callId, { phase: 'ended', end: { result: 'answered', by: 'there' } });
    await complete(callId, consultCallId);
    await desk.until(consultCallId, { phase: 'talking', hold: 'none' });
    expect(await desk.page.evaluate(() => window.phonePage.farHears('colleague'))).toBe(true);
    expect(refersHeard()).toBe(0);
  });

  test('the colleague hangs up while the PBX joins them: the customer is still with the agent', async () => {
    const { far, callId } = await calls.answered();
    const { consultCallId, invite } = await calls.consulted(far, callId);
    await complete(callId, consultCallId);
    const refer = await far.next('REFER');
    peer.requestIn(invite, 'BYE', 50);
    await desk.until(consultCallId, { phase: 'ended' });
    peer.answer(refer, '202 Accepted', CONTACT);
    far.notify('481 Call/Transaction Does Not Exist', { over: true });
    await desk.until(callId, { phase: 'talking', transfer: { state: 'failed', sipStatus: 481 } });
    // 481 may mean the customer's own call: a re-INVITE asks, and they are there.
    await calls.agree(await far.next('INVITE'));
    await desk.act('resume', callId);
    await calls.takenBack(far, callId);
  });

  test('pressed while it still rings there: that call is taken back, and the PBX calls for the customer', async () => {
    const { far, callId } = await calls.answered();
    const since = peer.heard.length;
    const consultCallId = await desk.page.evaluate((id) => window.phonePage.phone().consult(id, '102'), callId);
    await calls.parked(far);
    const invite = await peer.next((one) => /^INVITE sip:102@/.test(one.raw), since);
    peer.answer(invite, '180 Ringing', CONTACT);
    await desk.until(consultCallId, { ringingThere: true });
    await complete(callId, consultCallId);
    peer.answer(await calls.inCallOf(invite, 'CANCEL'), '200 OK');
    peer.answer(invite, '487 Request Terminated');
    const refer = await far.next('REFER');
    expect(referTo(refer)).toBe('<sip:102@pbx.test>');
    peer.answer(refer, '202 Accepted', CONTACT);
    far.notify('200 OK', { over: true });
    await far.next('BYE');
    await desk.until(callId, { phase: 'ended', end: { transferredTo: '102' } });
  });

  test('asked twice, one call; asked about a customer who has hung up, none', async () => {
    const { far, callId } = await calls.answered();
    const since = peer.heard.length;
    const ask = () => desk.page.evaluate((id) => window.phonePage.phone().consult(id, '102'), callId);
    const consultCallId = await ask();
    expect(await ask()).toBe(consultCallId);
    await calls.parked(far);
    far.bye();
    await desk.until(callId, { phase: 'ended' });
    await desk.act('hangUp', consultCallId);
    await desk.until(consultCallId, { phase: 'ended' });
    expect(await ask()).toBe('');
    const asked = peer.heard.slice(since).filter((one) => /^INVITE sip:102@/.test(one.raw));
    expect(asked).toHaveLength(1);
  });

  test('the colleague is busy: the customer waits on hold and can be taken back', async () => {
    const { far, callId } = await calls.answered();
    const since = peer.heard.length;
    const consultCallId = await desk.page.evaluate((id) => window.phonePage.phone().consult(id, '102'), callId);
    await calls.parked(far);
    peer.answer(await peer.next((one) => /^INVITE sip:102@/.test(one.raw), since), '486 Busy Here');
    await desk.until(consultCallId, { phase: 'ended', end: { result: 'busy' } });
    await desk.act('resume', callId);
    await calls.takenBack(far, callId);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { headerValue } from '../../../src/telephony/sip-text.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { CONTACT, DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import type { FarCall } from '../../fakes/sip-far-call.ts';
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

const transfer = (callId: string, headers: Record<string, string> = {}) =>
  desk.page.evaluate(([id, more]) => window.phonePage.phone().transfer(id, '102', more), [callId, headers] as const);
const complete = (callId: string, consultCallId: string) =>
  desk.page.evaluate(([id, consult]) => window.phonePage.phone().completeTransfer(id, consult), [
    callId,
    consultCallId,
  ] as const);
const ended = async () => {
  const call = await desk.call('ended');
  if (call.phase !== 'ended') throw new Error('still there');
  return call;
};
const direction = (sdp: string) => /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(sdp)?.[1];
const referTo = (refer: Heard) => headerValue(refer.text, 'refer-to') ?? '';
const refersHeard = () => peer.heard.filter((one) => one.kind === 'REFER').length;

/** The agent pressed transfer: the customer is parked, and the REFER is there. */
async function asked(far: FarCall, callId: string, headers: Record<string, string> = {}): Promise<Heard> {
  await transfer(callId, headers);
  await parked(far);
  return far.next('REFER');
}

async function parked(far: FarCall): Promise<void> {
  const park = await far.next('INVITE');
  expect(direction(park.text.body)).toBe('sendonly');
  await calls.agree(park);
  await far.next('ACK');
}

async function takenBack(far: FarCall, callId: string): Promise<void> {
  const back = await far.next('INVITE');
  expect(direction(back.text.body)).toBe('sendrecv');
  await calls.agree(back);
  await desk.until(callId, { phase: 'talking', hold: 'none', muted: false });
  expect(await desk.page.evaluate(() => window.phonePage.farHears())).toBe(true);
}

describe('blind', () => {
  test('the customer is parked, the PBX is asked, and BYE follows the final 200', async () => {
    const { far, callId } = await calls.answered();
    const refer = await asked(far, callId, { 'X-Dangol-Capsule': 'cap-7', 'X-Bad': 'a\r\nVia: x', Subject: 'no' });
    expect(referTo(refer)).toBe('<sip:102@pbx.test?X-Dangol-Capsule=cap-7>');
    expect(headerValue(refer.text, 'x-dangol-capsule')).toBe('cap-7');
    expect(headerValue(refer.text, 'referred-by')).toBe('<sip:agent1@pbx.test>');
    expect([headerValue(refer.text, 'x-bad'), headerValue(refer.text, 'subject')]).toEqual([null, null]);
    await desk.until(callId, { hold: 'held', transfer: { to: '102', kind: 'blind', state: 'asking' } });
    peer.answer(refer, '202 Accepted', CONTACT);
    await desk.until(callId, { transfer: { state: 'trying' } });
    far.notify('100 Trying');
    await far.next('200', 'NOTIFY');
    far.notify('200 OK', { over: true });
    await far.next('200', 'NOTIFY');
    peer.answer(await far.next('BYE'), '200 OK');
    expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'here', transferredTo: '102' } });
    // A straggler is answered, too.
    far.notify('200 OK', { over: true });
    await far.next('481', 'NOTIFY');
  });

  test('a NOTIFY that overtakes the 202 counts', async () => {
    const { far, callId } = await calls.answered();
    const refer = await asked(far, callId);
    far.notify('200 OK', { over: true });
    peer.answer(await far.next('BYE'), '200 OK');
    peer.answer(refer, '202 Accepted', CONTACT);
    expect((await ended()).end).toMatchObject({ transferredTo: '102' });
  });

  test('a BYE before the final NOTIFY: the PBX has the customer', async () => {
    const { far, callId } = await calls.answered();
    peer.answer(await asked(far, callId), '202 Accepted', CONTACT);
    await desk.until(callId, { transfer: { state: 'trying' } });
    far.bye();
    await far.next('200', 'BYE');
    expect((await ended()).end).toMatchObject({ result: 'answered', by: 'there', transferredTo: '102' });
    far.notify('200 OK', { over: true });
    await far.next('481', 'NOTIFY');
  });

  test('the customer hangs up before the PBX agreed: nobody was transferred', async () => {
    const { far, callId } = await calls.answered();
    await asked(far, callId);
    far.bye();
    const { end } = await ended();
    expect(end).toEqual({ result: 'answered', by: 'there', sipStatus: null });
  });

  test.each([403, 405, 503])('REFER refused with %i: the customer comes back, with sound', async (status) => {
    const { far, callId } = await calls.answered();
    peer.answer(await asked(far, callId), `${status} No`);
    await desk.until(callId, { transfer: { state: 'failed', sipStatus: status } });
    await takenBack(far, callId);
  });

  test('the target is busy: the customer comes back, and it can be tried again', async () => {
    const { far, callId } = await calls.answered();
    peer.answer(await asked(far, callId), '202 Accepted', CONTACT);
    far.notify('486 Busy Here', { over: true });
    await desk.until(callId, { transfer: { state: 'failed', sipStatus: 486 } });
    await takenBack(far, callId);
    const again = await asked(far, callId);
    // What comes late of the first attempt says nothing about the second (RFC 3515, section 2.4.6).
    const cseq = Number((headerValue(again.text, 'cseq') ?? '').split(' ')[0]);
    far.notify('200 OK', { over: true, event: `refer;id=${cseq - 3}` });
    peer.answer(again, '202 Accepted', CONTACT);
    await desk.until(callId, { phase: 'talking', transfer: { state: 'trying' } });
    far.notify('200 OK', { over: true, event: `refer;id=${cseq}` });
    await far.next('BYE');
  });

  test('a customer whom the agent had on hold stays on hold when it fails', async () => {
    const { far, callId } = await calls.answered();
    await desk.act('hold', callId);
    await parked(far);
    await desk.until(callId, { hold: 'held' });
    await transfer(callId);
    peer.answer(await far.next('REFER'), '603 Decline');
    await desk.until(callId, { hold: 'held', transfer: { state: 'failed', sipStatus: 603 } });
    await desk.act('resume', callId);
    await takenBack(far, callId);
  });

  test('the subscription ends without a word about the target: failed', async () => {
    const { far, callId } = await calls.answered();
    peer.answer(await asked(far, callId), '202 Accepted', CONTACT);
    far.notify('100 Trying');
    far.notify('', { over: true });
    await desk.until(callId, { transfer: { state: 'failed', sipStatus: null } });
    await takenBack(far, callId);
  });

  test.each(['asking', 'trying'])(
    'silence while %s: the customer comes back; a late yes still counts',
    async (when) => {
      const { far, callId } = await calls.answered();
      await transfer(callId);
      const park = await far.next('INVITE');
      if (when === 'asking') await desk.page.evaluate(() => window.phonePage.hurry(20));
      await calls.agree(park);
      await far.next('ACK');
      const refer = await far.next('REFER');
      if (when === 'trying') {
        await desk.page.evaluate(() => window.phonePage.hurry(40));
        peer.answer(refer, '202 Accepted', CONTACT);
        await desk.until(callId, { transfer: { state: 'trying' } });
      }
      await desk.until(callId, { transfer: { state: 'failed', sipStatus: null } });
      await desk.page.evaluate(() => window.phonePage.hurry(1));
      const back = await far.next('INVITE');
      await calls.agree(back);
      far.notify('200 OK', { over: true });
      await far.next('BYE');
      expect((await ended()).end).toMatchObject({ transferredTo: '102' });
    },
  );

  test('a PBX that refuses to park the customer is asked all the same, with the microphone shut', async () => {
    const { far, callId } = await calls.answered();
    await transfer(callId);
    peer.answer(await far.next('INVITE'), '488 Not Acceptable Here');
    const refer = await far.next('REFER');
    expect(await desk.page.evaluate(() => window.phonePage.farHearsSilence())).toBe(true);
    peer.answer(refer, '202 Accepted', CONTACT);
    far.notify('200 OK', { over: true });
    await far.next('BYE');
  });

  test('pressed twice: one REFER', async () => {
    const { far, callId } = await calls.answered();
    await desk.page.evaluate((id) => {
      window.phonePage.phone().transfer(id, '102');
      window.phonePage.phone().transfer(id, '103');
    }, callId);
    await parked(far);
    const refer = await far.next('REFER');
    await transfer(callId);
    peer.answer(refer, '202 Accepted', CONTACT);
    await desk.until(callId, { transfer: { to: '102', state: 'trying' } });
    await transfer(callId);
    far.notify('200 OK', { over: true });
    await far.next('BYE');
    expect(refersHeard()).toBe(1);
  });

  test('the socket dies with the REFER in it: the customer is still there on the next one', async () => {
    const { far, callId } = await calls.answered();
    await asked(far, callId);
    peer.cut();
    await desk.until(callId, { transfer: { state: 'failed', sipStatus: null } });
    await takenBack(far, callId);
  });

  test('the agent hangs up while it runs: the call is over here, and the PBX goes on by itself', async () => {
    const { far, callId } = await calls.answered();
    peer.answer(await asked(far, callId), '202 Accepted', CONTACT);
    await desk.until(callId, { transfer: { state: 'trying' } });
    await desk.act('hangUp', callId);
    peer.answer(await far.next('BYE'), '200 OK');
    expect((await ended()).end).toMatchObject({ by: 'here' });
  });
});

describe('attended', () => {
  test('the colleague is asked first, then both legs are joined and left', async () => {
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
    await takenBack(far, callId);
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
    await takenBack(far, callId);
  });

  test('pressed while it still rings there: that call is taken back, and the PBX calls for the customer', async () => {
    const { far, callId } = await calls.answered();
    const since = peer.heard.length;
    const consultCallId = await desk.page.evaluate((id) => window.phonePage.phone().consult(id, '102'), callId);
    await parked(far);
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

  test('the colleague is busy: the customer waits on hold and can be taken back', async () => {
    const { far, callId } = await calls.answered();
    const since = peer.heard.length;
    const consultCallId = await desk.page.evaluate((id) => window.phonePage.phone().consult(id, '102'), callId);
    await parked(far);
    peer.answer(await peer.next((one) => /^INVITE sip:102@/.test(one.raw), since), '486 Busy Here');
    await desk.until(consultCallId, { phase: 'ended', end: { result: 'busy' } });
    await desk.act('resume', callId);
    await takenBack(far, callId);
  });
});

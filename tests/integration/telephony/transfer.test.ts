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
const ended = async () => {
  const call = await desk.call('ended');
  if (call.phase !== 'ended') throw new Error('still there');
  return call;
};
const referTo = (refer: Heard) => headerValue(refer.text, 'refer-to') ?? '';
const refersHeard = () => peer.heard.filter((one) => one.kind === 'REFER').length;

/** The agent pressed transfer: the customer is parked, and the REFER is there. */
async function asked(far: FarCall, callId: string, headers: Record<string, string> = {}): Promise<Heard> {
  await transfer(callId, headers);
  await calls.parked(far);
  return far.next('REFER');
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

  test('a BYE before the final NOTIFY: it is over here, and not said that they were put through: they may have hung up', async () => {
    const { far, callId } = await calls.answered();
    peer.answer(await asked(far, callId), '202 Accepted', CONTACT);
    await desk.until(callId, { transfer: { state: 'trying' } });
    far.bye();
    await far.next('200', 'BYE');
    expect((await ended()).end).toEqual({ result: 'answered', by: 'there', sipStatus: null, transferAsked: '102' });
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
    await calls.takenBack(far, callId);
  });

  test('the target is busy: the customer comes back, and it can be tried again', async () => {
    const { far, callId } = await calls.answered();
    peer.answer(await asked(far, callId), '202 Accepted', CONTACT);
    far.notify('486 Busy Here', { over: true });
    await desk.until(callId, { transfer: { state: 'failed', sipStatus: 486 } });
    await calls.takenBack(far, callId);
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
    await calls.parked(far);
    await desk.until(callId, { hold: 'held' });
    await transfer(callId);
    peer.answer(await far.next('REFER'), '603 Decline');
    await desk.until(callId, { hold: 'held', transfer: { state: 'failed', sipStatus: 603 } });
    await desk.act('resume', callId);
    await calls.takenBack(far, callId);
  });

  test('the subscription ends without a word about the target: failed', async () => {
    const { far, callId } = await calls.answered();
    peer.answer(await asked(far, callId), '202 Accepted', CONTACT);
    far.notify('100 Trying');
    far.notify('', { over: true });
    await desk.until(callId, { transfer: { state: 'failed', sipStatus: null } });
    await calls.takenBack(far, callId);
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
    await calls.parked(far);
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
    await calls.takenBack(far, callId);
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

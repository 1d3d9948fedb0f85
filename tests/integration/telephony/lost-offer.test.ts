import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { CONTACT, DeskCalls } from '../../fakes/phone-page/desk-calls.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

// Offers inside a call that go down with their socket.

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

test.each(['nothing', '100 Trying'])(
  'a hold that heard %s when its socket died: the call can be offered again on the next one',
  async (heard) => {
    const { far, callId } = await calls.answered();
    await desk.act('hold', callId);
    const lost = await far.next('INVITE');
    if (heard !== 'nothing') peer.answer(lost, heard, CONTACT);
    peer.cut();
    await desk.until(callId, { hold: 'none', holdProblem: 'timeout', muted: true });
    // On the new socket the present state is offered by itself.
    await calls.agree(await far.next('INVITE'));
    await desk.act('hold', callId);
    await calls.parked(far);
    await desk.until(callId, { hold: 'held', holdProblem: null });
  },
);

test('hung up while a transfer waits for the hold: BYE, and no REFER before it', async () => {
  const { far, callId } = await calls.answered();
  await desk.page.evaluate((id) => window.phonePage.phone().transfer(id, '102'), callId);
  const park = await far.next('INVITE');
  await desk.act('hangUp', callId);
  peer.answer(await far.next('BYE'), '200 OK');
  await desk.until(callId, { phase: 'ended' });
  peer.answer(park, '481 Call/Transaction Does Not Exist');
  expect(peer.heard.filter(({ kind }) => kind === 'REFER')).toEqual([]);
  const flashed = await desk.page.evaluate(
    (id) =>
      window.phonePage.states.some(({ calls: all }) =>
        all.some((one) => one.callId === id && one.phase === 'talking' && one.holdProblem !== null),
      ),
    callId,
  );
  expect(flashed).toBe(false);
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PracticeServer } from '../../../src/sandbox/server.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { callBecomes, openPractice, PASSWORDS, startCall } from './support/practice.ts';

let browser: BrowserPhone;
let server: PracticeServer;
const phones: PhonePage[] = [];
const open = async (username: string): Promise<PhonePage> => {
  const phone = await browser.open({
    server: server.sipUrl,
    domain: 'practice.invalid',
    username,
    password: PASSWORDS[username] ?? '',
    displayName: username,
    iceServers: [],
  });
  phones.push(phone);
  await phone.registered();
  return phone;
};
/** The customer of a practice call, talking with this desk. */
async function talking(desk: PhonePage): Promise<{ callId: string; practiceCallId: string }> {
  const practiceCallId = startCall(server, 'gold-billing', 'agent1');
  const { callId } = await desk.call('ringing');
  await desk.act('answer', callId);
  await desk.talking({ callId, media: 'connected', hold: 'none' });
  return { callId, practiceCallId };
}
const ended = async (desk: PhonePage, callId: string) => {
  await desk.page.waitForFunction(
    (id) =>
      window.phonePage
        .phone()
        .state()
        .calls.some((call) => call.callId === id && call.phase === 'ended'),
    callId,
  );
  return desk.page.evaluate(
    (id) =>
      window.phonePage
        .phone()
        .state()
        .calls.find((call) => call.callId === id),
    callId,
  );
};
beforeAll(async () => {
  browser = await BrowserPhone.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await openPractice({ noAnswerAfterMs: 200 });
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close();
  await server.close();
});

it('a caller who is handed over at once rings at the colleague’s desk, as themselves and with their story', async () => {
  const [one, two] = [await open('agent1'), await open('agent2')];
  const { callId } = await talking(one);
  const capsule = '01900000-0000-7000-8000-000000000777';
  await one.page.evaluate(
    ([id, story]) => window.phonePage.phone().transfer(id, 'agent2', { 'X-Dangol-Capsule': story }),
    [callId, capsule] as const,
  );
  const arrived = await two.call('ringing');
  expect(arrived).toMatchObject({ caller: { e164: '+821000001001' }, customerRef: 'C-100001', capsule });
  await two.act('answer', arrived.callId);
  await two.talking({ callId: arrived.callId, media: 'connected' });
  expect(await ended(one, callId)).toMatchObject({ end: { transferredTo: 'agent2' } });
});

it('a colleague who declines: the caller is still with the first desk', async () => {
  const [one, two] = [await open('agent1'), await open('agent2')];
  const { callId } = await talking(one);
  await one.page.evaluate((id) => window.phonePage.phone().transfer(id, 'agent2'), callId);
  await two.act('decline', (await two.call('ringing')).callId);
  await one.page.waitForFunction(
    (id) =>
      window.phonePage
        .phone()
        .state()
        .calls.some((call) => call.callId === id && call.phase === 'talking' && call.transfer?.state === 'failed'),
    callId,
  );
});

it('the caller hangs up while the colleague’s desk rings: it stops ringing, and nobody says that they were put through', async () => {
  const [one, two] = [await open('agent1'), await open('agent2')];
  const { callId, practiceCallId } = await talking(one);
  await one.page.evaluate((id) => window.phonePage.phone().transfer(id, 'agent2'), callId);
  const arrived = await two.call('ringing');
  server.pbx.end(practiceCallId);
  expect(await ended(two, arrived.callId)).toMatchObject({ end: { result: 'missed' } });
  const over = await ended(one, callId);
  expect(over).toMatchObject({ end: { result: 'answered', by: 'there' } });
  expect(over).not.toHaveProperty('end.transferredTo');
});

it('the desk that handed over hangs up while the other one rings: the caller goes on there', async () => {
  const [one, two] = [await open('agent1'), await open('agent2')];
  const { callId } = await talking(one);
  await one.page.evaluate((id) => window.phonePage.phone().transfer(id, 'agent2'), callId);
  const arrived = await two.call('ringing');
  await one.act('hangUp', callId);
  await ended(one, callId);
  await two.act('answer', arrived.callId);
  await two.talking({ callId: arrived.callId, media: 'connected' });
});

it.each([
  ['601', 486],
  ['602', 408],
  ['010-0000-9999', 404],
])('handed to %s, the desk is told %i and keeps the caller', async (target, status) => {
  const one = await open('agent1');
  const { callId } = await talking(one);
  await one.page.evaluate(([id, to]) => window.phonePage.phone().transfer(id, to), [callId, target] as const);
  const handle = await one.page.waitForFunction((id) => {
    const call = window.phonePage
      .phone()
      .state()
      .calls.find((one) => one.callId === id);
    return call?.phase === 'talking' && call.transfer?.state === 'failed' ? call.transfer : null;
  }, callId);
  expect(await handle.jsonValue()).toMatchObject({ sipStatus: status });
});

it('a line where nobody sits takes the caller, as if somebody did', async () => {
  const one = await open('agent1');
  const { callId, practiceCallId } = await talking(one);
  await one.page.evaluate((id) => window.phonePage.phone().transfer(id, 'agent2'), callId);
  expect(await ended(one, callId)).toMatchObject({ end: { transferredTo: 'agent2' } });
  await callBecomes(server, practiceCallId, (view) => view.state === 'ended');
});

it('a colleague is asked first: both hear each other, then the caller goes on with them', async () => {
  const [one, two] = [await open('agent1'), await open('agent2')];
  const { callId } = await talking(one);
  const consult = await one.page.evaluate((id) => window.phonePage.phone().consult(id, 'agent2'), callId);
  const asked = await two.call('ringing');
  expect(asked.caller.number).toBe('agent1');
  await two.act('answer', asked.callId);
  await one.talking({ callId: consult, media: 'connected' });
  await two.talking({ callId: asked.callId, media: 'connected' });
  await one.page.evaluate(([id, colleague]) => window.phonePage.phone().completeTransfer(id, colleague), [
    callId,
    consult,
  ] as const);
  expect(await ended(one, callId)).toMatchObject({ end: { transferredTo: 'agent2' } });
  await ended(one, consult);
  // The caller talks on at the colleague's desk.
  const view = server.pbx.calls().find((call) => call.sipUsername === 'agent2' && call.state === 'talking');
  await callBecomes(server, view?.practiceCallId ?? '', (now) => now.linesSaid > 0);
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PracticeServer } from '../../../src/sandbox/server.ts';
import { BrowserPhone, type PhonePage } from '../../fakes/phone-page/browser-phone.ts';
import { callBecomes, openPractice, PASSWORDS, startCall } from './support/practice.ts';

let browser: BrowserPhone;
let server: PracticeServer;
let phone: PhonePage | undefined;
const open = async (password = PASSWORDS.agent1 ?? ''): Promise<PhonePage> => {
  phone = await browser.open({
    server: server.sipUrl,
    domain: 'practice.invalid',
    username: 'agent1',
    password,
    displayName: '박지민',
    iceServers: [],
  });
  return phone;
};
beforeAll(async () => {
  browser = await BrowserPhone.launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await openPractice();
});
afterEach(async () => {
  await phone?.close();
  phone = undefined;
  await server.close();
});

describe('the desk’s own phone at the practice PBX', () => {
  it('takes a call through its whole life', async () => {
    const desk = await open();
    await desk.registered();
    const id = startCall(server, 'gold-billing', 'agent1');
    const ringing = await desk.call('ringing');
    expect(ringing).toMatchObject({ queue: 'support', customerRef: 'C-100001', caller: { e164: '+821000001001' } });
    await desk.act('answer', ringing.callId);
    await desk.talking({ media: 'connected', hold: 'none' });
    await callBecomes(server, id, (view) => (view.media?.peakIn ?? -90) > -20);
    await desk.act('hold', ringing.callId);
    await desk.talking({ hold: 'held' });
    await callBecomes(server, id, (view) => view.state === 'held');
    await desk.act('resume', ringing.callId);
    await desk.talking({ hold: 'none' });
    await desk.page.evaluate((callId) => window.phonePage.phone().sendDtmf(callId, '42#'), ringing.callId);
    await callBecomes(server, id, (view) => view.media?.dtmf === '42#');
    server.pbx.end(id);
    expect(await desk.call('ended')).toMatchObject({ end: { result: 'answered', by: 'there' } });
    expect(desk.errors).toEqual([]);
  });

  it('knows a withheld number, declines, and misses a caller who gives up', async () => {
    const desk = await open();
    await desk.registered();
    const declined = startCall(server, 'withheld', 'agent1');
    const hidden = await desk.call('ringing');
    expect(hidden.caller).toMatchObject({ withheld: true, number: null });
    await desk.act('decline', hidden.callId);
    expect(await callBecomes(server, declined, (view) => view.state === 'ended')).toMatchObject({ status: 486 });
    await desk.call('ended');
    await desk.act('forget', hidden.callId);
    const missed = startCall(server, 'abusive', 'agent1');
    await desk.call('ringing');
    server.pbx.end(missed);
    expect(await desk.call('ended')).toMatchObject({ end: { result: 'missed', by: 'there' } });
  });

  it('dials the happy-call customer, and learns that nobody has a number', async () => {
    const desk = await open();
    await desk.registered();
    await desk.page.evaluate(() => window.phonePage.phone().call('+821000005005'));
    const talking = await desk.call('talking');
    await desk.talking({ media: 'connected' });
    await desk.act('hangUp', talking.callId);
    await desk.call('ended');
    await desk.act('forget', talking.callId);
    await desk.page.evaluate(() => window.phonePage.phone().call('01000000000'));
    expect(await desk.call('ended')).toMatchObject({ end: { result: 'failed', sipStatus: 404 } });
  });

  it('is told of a wrong password', async () => {
    const desk = await open('not this');
    await desk.page.waitForFunction(() => {
      const { registration } = window.phonePage.phone().state();
      return registration.state === 'retrying' && registration.reason === 'wrong_password';
    });
  });
});

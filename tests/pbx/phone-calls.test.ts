import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AGENT_HZ, answer, asteriskHungUp, CALLER_HZ, hears, KIM, type Phones, startPhones } from './rig/phones.ts';

// The phone alone against Asterisk: in a call, and calling. What a whole desk does of it is in survival.test.ts.

let phones: Phones;
let rig: Phones['rig'];
let phoneOf: Phones['phoneOf'];

beforeAll(async () => {
  phones = await startPhones();
  ({ rig, phoneOf } = phones);
});
afterEach(() => rig.endTest());
afterAll(() => phones.close());

describe('in a call', () => {
  test('hold: the caller hears music and nothing of the agent; resume brings the agent back', async () => {
    const phone = await phoneOf('agent1');
    rig.call({ dial: '101', ...KIM });
    const { callId } = await answer(phone);
    await hears(phone, CALLER_HZ);
    await phone.page.evaluate((id) => globalThis.testPhone.hold(id), callId);
    await phone.until('held', ({ calls }) => calls.find((call) => call.phase === 'talking' && call.hold === 'held'));
    const held = await rig.callerHears(1.5);
    expect(held.music).toBeGreaterThan(0.6);
    expect(held.agent).toBeLessThan(0.05);

    await phone.page.evaluate((id) => globalThis.testPhone.resume(id), callId);
    await phone.until('resumed', ({ calls }) => calls.find((call) => call.phase === 'talking' && call.hold === 'none'));
    expect(await hears(phone, CALLER_HZ)).toBe(true);
    const resumed = await rig.callerHears(1.5);
    expect(resumed.agent).toBeGreaterThan(0.6);
    expect(resumed.music).toBeLessThan(0.05);
  });

  test('mute: the caller hears nothing, and the call goes on', async () => {
    const phone = await phoneOf('agent1');
    rig.call({ dial: '101', ...KIM });
    const { callId } = await answer(phone);
    await hears(phone, CALLER_HZ);
    await phone.page.evaluate((id) => globalThis.testPhone.setMuted(id, true), callId);
    await phone.until('muted', ({ calls }) => calls.find((call) => call.phase === 'talking' && call.muted));
    expect((await rig.callerHears(1)).sounding).toBe(0);
    await phone.page.evaluate((id) => globalThis.testPhone.setMuted(id, false), callId);
    expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
  });

  test('keys arrive at the PBX as they were pressed', async () => {
    const phone = await phoneOf('agent1');
    await phone.page.evaluate(() => globalThis.testPhone.call('01000000004'));
    const { callId } = await phone.call('talking');
    await phone.page.evaluate((id) => globalThis.testPhone.sendDtmf(id, '15*907'), callId);
    const told = await rig.manager.event('the digits', (event) => event.UserEvent === 'DeskDigits');
    expect(told.Digits).toBe('15*907');
  });

  test('a window that says goodbye lets the customer go at once', async () => {
    const phone = await phoneOf('agent1');
    const caller = rig.call({ dial: '101', ...KIM });
    await answer(phone);
    await hears(phone, CALLER_HZ);
    await phone.page.goto('about:blank');
    // Well before the ten seconds after which the PBX would notice the silence.
    await asteriskHungUp(rig, 'agent1');
    await caller.over;
  });

  test('a page that is killed, with nobody to say goodbye for it: the PBX notices the silence', async () => {
    const phone = await phoneOf('agent1');
    const caller = rig.call({ dial: '101', ...KIM });
    await answer(phone);
    await hears(phone, CALLER_HZ);
    await phone.page.goto('chrome://crash').catch(() => undefined);
    // rtp_timeout = 10, looked at by the PBX every few seconds.
    await asteriskHungUp(rig, 'agent1', 20_000);
    await caller.over;
    expect(rig.asterisk.log()).toMatch(/for lack of (audio )?RTP activity in 1\d seconds/);
  }, 40_000);
});

describe('the desk calls', () => {
  const dial = async (lastTwo: string) => {
    const phone = await phoneOf('agent1');
    await phone.page.evaluate((target) => globalThis.testPhone.call(target), `010000000${lastTwo}`);
    return phone;
  };

  test('rings there, answers, and the echo of the own voice comes back', async () => {
    const phone = await dial('01');
    await phone.until('ringing there', ({ calls }) =>
      calls.find((call) => call.phase === 'dialling' && call.ringingThere),
    );
    const { callId } = await phone.call('talking');
    expect(await hears(phone, AGENT_HZ)).toBe(true);
    await phone.page.evaluate((id) => globalThis.testPhone.hangUp(id), callId);
    expect((await phone.call('ended')).end).toMatchObject({ result: 'answered', by: 'here' });
    await asteriskHungUp(rig, 'agent1');
  });

  test.each([
    { last: '02', result: 'busy', sipStatus: 486 },
    { last: '06', result: 'failed', sipStatus: 404 },
  ])('$last: $result', async ({ last, result, sipStatus }) => {
    const phone = await dial(last);
    expect((await phone.call('ended')).end).toMatchObject({ result, by: 'there', sipStatus });
  });

  test('taken back before the answer', async () => {
    const phone = await dial('03');
    const ringing = await phone.until('ringing there', ({ calls }) => {
      return calls.find((call) => call.phase === 'dialling' && call.ringingThere);
    });
    await phone.page.evaluate((id) => globalThis.testPhone.hangUp(id), ringing.callId);
    expect((await phone.call('ended')).end).toMatchObject({ result: 'no_answer', by: 'here' });
    await asteriskHungUp(rig, 'agent1');
  });

  test('an announcement before the answer is heard', async () => {
    const phone = await dial('07');
    await phone.until('early media', ({ calls }) => calls.find((call) => call.phase === 'dialling' && call.earlyMedia));
    // Asterisk's Milliwatt() is 1004 Hz.
    expect(await hears(phone, 1004)).toBe(true);
  });

  test('the other side hangs up', async () => {
    const phone = await dial('05');
    await phone.call('talking');
    expect((await phone.call('ended')).end).toMatchObject({ result: 'answered', by: 'there' });
  });
});

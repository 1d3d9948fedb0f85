import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openLine } from './rig/line-proxy.ts';
import { AGENT_HZ, CALLER_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';
import { openPhone, type PhonePage, servePhonePage, sipAccount } from './rig/phone-page.ts';

// The phone of src/telephony against Asterisk, without any screen. desk.test.ts has the whole desk.

let rig: PbxRig;
let site: { url: string; close: () => Promise<void> };

beforeAll(async () => {
  rig = await startRig();
  site = await servePhonePage();
});
afterEach(() => rig.endTest());
afterAll(async () => {
  await site.close();
  await rig.close();
});

/** A phone that is registered. */
async function phoneOf(username: 'agent1' | 'agent2', server = rig.asterisk.server): Promise<PhonePage> {
  const phone = await openPhone(rig.browser, site.url, sipAccount(username, server));
  rig.afterTest(phone.close);
  await registered(phone);
  return phone;
}

const registered = (phone: PhonePage, withinMs?: number) =>
  phone.until('registered', (state) => (state.registration.state === 'registered' ? true : undefined), withinMs);

const answer = async (phone: PhonePage) => {
  const { callId } = await phone.call('ringing');
  await phone.page.evaluate((id) => globalThis.testPhone.answer(id), callId);
  return phone.call('talking');
};

const hears = (phone: PhonePage, hz: number) =>
  phone.page.evaluate((pitch) => globalThis.dangolProbe.hears(pitch, 5000), hz);

const asteriskHungUp = (channel: string) =>
  rig.manager.event(`${channel} hung up`, (event) => {
    return event.Event === 'Hangup' && event.Channel?.startsWith(`PJSIP/${channel}-`) === true;
  });

const KIM = { number: '01000001234', name: '김단골', customerRef: 'C-77' };

describe('registering', () => {
  test('signs in by digest and is one contact at the PBX', async () => {
    await phoneOf('agent1');
    const contacts = await rig.asterisk.console('pjsip show contacts');
    expect(contacts.match(/agent1\/sip:/g)).toHaveLength(1);
  });

  test('says that the password is wrong, and does not ring', async () => {
    const account = { ...sipAccount('agent1', rig.asterisk.server), password: 'not-this-one' };
    const phone = await openPhone(rig.browser, site.url, account);
    rig.afterTest(phone.close);
    const reason = await phone.until('retrying', ({ registration }) => {
      return registration.state === 'retrying' ? registration.reason : undefined;
    });
    expect(reason).toBe('wrong_password');
  });

  test('twenty reloads leave one contact, and a call rings once', async () => {
    const phone = await phoneOf('agent1');
    for (let i = 0; i < 20; i++) {
      await phone.page.reload();
      await phone.page.evaluate(
        (account) => globalThis.startTestPhone(account),
        sipAccount('agent1', rig.asterisk.server),
      );
    }
    await registered(phone);
    const contacts = await rig.asterisk.console('pjsip show contacts');
    expect(contacts.match(/agent1\/sip:/g)).toHaveLength(1);
    rig.call({ dial: '101', ...KIM });
    await phone.call('ringing');
    expect((await phone.state()).calls).toHaveLength(1);
  }, 60_000);
});

describe('a call comes', () => {
  test('direct: shows who the carrier says it is, and both sides hear each other', async () => {
    const phone = await phoneOf('agent1');
    rig.call({ dial: '101', ...KIM });
    const ringing = await phone.call('ringing');
    expect(ringing.caller).toEqual({
      number: '01000001234',
      e164: '+821000001234',
      displayName: '김단골',
      withheld: false,
      source: 'p-asserted-identity',
    });
    expect(ringing).toMatchObject({ queue: null, customerRef: 'C-77' });
    await answer(phone);
    expect(await hears(phone, CALLER_HZ)).toBe(true);
    expect(await rig.callerHears(1.5)).toMatchObject({ agent: expect.toSatisfy((share: number) => share > 0.6) });
  });

  test('from a queue: shows its name; the agent hangs up', async () => {
    const phone = await phoneOf('agent1');
    const caller = rig.call({ dial: '700', ...KIM });
    expect(await phone.call('ringing')).toMatchObject({ queue: 'support', caller: { e164: '+821000001234' } });
    const { callId } = await answer(phone);
    expect(await hears(phone, CALLER_HZ)).toBe(true);
    await phone.page.evaluate((id) => globalThis.testPhone.hangUp(id), callId);
    expect((await phone.call('ended')).end).toMatchObject({ result: 'answered', by: 'here' });
    await caller.over;
    expect(await phone.page.evaluate(() => globalThis.dangolProbe.openConnections())).toBe(0);
  });

  test('the customer is never told the name or extension of the agent', async () => {
    const phone = await phoneOf('agent1');
    const caller = rig.call({ dial: '700', ...KIM });
    await answer(phone);
    await hears(phone, CALLER_HZ);
    await caller.hangUp();
    expect(caller.messages()).not.toMatch(/Agent One|agent1/);
  });

  test('the caller hangs up: the call is over here, and no connection is left', async () => {
    const phone = await phoneOf('agent1');
    const caller = rig.call({ dial: '101', ...KIM });
    await answer(phone);
    await hears(phone, CALLER_HZ);
    await caller.hangUp();
    expect((await phone.call('ended')).end).toMatchObject({ result: 'answered', by: 'there' });
    expect(await phone.page.evaluate(() => globalThis.dangolProbe.openConnections())).toBe(0);
  });

  test('the caller gives up while it rings: missed', async () => {
    const phone = await phoneOf('agent1');
    const caller = rig.call({ dial: '101', ...KIM });
    await phone.call('ringing');
    await caller.hangUp();
    expect((await phone.call('ended')).end).toMatchObject({ result: 'missed', by: 'there' });
  });

  test('the agent declines: the caller gets busy', async () => {
    const phone = await phoneOf('agent1');
    const caller = rig.call({ dial: '101', ...KIM });
    const { callId } = await phone.call('ringing');
    await phone.page.evaluate((id) => globalThis.testPhone.decline(id), callId);
    expect((await phone.call('ended')).end).toMatchObject({ result: 'declined', by: 'here' });
    await caller.over;
    expect(caller.messages()).toContain('SIP/2.0 486');
  });

  test('a colleague was faster: answered elsewhere, not missed', async () => {
    const phone = await phoneOf('agent1');
    const colleague = await phoneOf('agent2');
    rig.call({ dial: '701', ...KIM });
    await phone.call('ringing');
    await answer(colleague);
    expect((await phone.call('ended')).end).toMatchObject({ result: 'answered_elsewhere', by: 'there' });
  });

  test.each([
    { why: 'the carrier gives no number', number: null, private: false },
    {
      why: 'the caller asked for privacy, and the carrier passes the number on with it',
      number: '01000001234',
      private: true,
    },
  ])('withheld: $why', async ({ number, private: isPrivate }) => {
    const phone = await phoneOf('agent1');
    rig.call({ dial: '101', number, private: isPrivate });
    const { caller } = await phone.call('ringing');
    expect(caller).toMatchObject({ number: null, e164: null, displayName: null, withheld: true });
  });
});

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

  test('a window that is reloaded or closed lets the customer go at once', async () => {
    const phone = await phoneOf('agent1');
    const caller = rig.call({ dial: '101', ...KIM });
    await answer(phone);
    await hears(phone, CALLER_HZ);
    await phone.page.goto('about:blank');
    // Well before the ten seconds after which the PBX would notice the silence.
    await asteriskHungUp('agent1');
    await caller.over;
  });
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
    await asteriskHungUp('agent1');
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
    await asteriskHungUp('agent1');
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

describe('the line breaks', () => {
  test('in a call: the voices go on, the line comes back, and the hang-up of the caller arrives', async () => {
    const line = await openLine(rig.asterisk.server);
    rig.afterTest(line.close);
    const phone = await phoneOf('agent1', line.server);
    const caller = rig.call({ dial: '101', ...KIM });
    await answer(phone);
    await hears(phone, CALLER_HZ);

    line.cut();
    await phone.until('lost', ({ registration }) => (registration.state === 'registered' ? undefined : true));
    expect((await rig.callerHears(1)).agent).toBeGreaterThan(0.6);
    expect((await phone.state()).calls.at(-1)?.phase).toBe('talking');

    line.mend();
    await registered(phone, 20_000);
    // The call learns the new line by a re-INVITE of ours; a hang-up before that is found out by its 481.
    await expect.poll(() => phone.received).toContainEqual(expect.stringMatching(/^SIP\/2\.0 200 .* INVITE$/));
    expect(await hears(phone, CALLER_HZ)).toBe(true);
    await caller.hangUp();
    expect((await phone.call('ended')).end).toMatchObject({ by: 'there' });
    // By a BYE over the new line, not because the silence was noticed some seconds later.
    await expect.poll(() => phone.received.filter((line) => line.startsWith('BYE '))).toHaveLength(1);
  });

  test('in a call, and the first server stays away: the second takes over, and the call with it', async () => {
    const first = await openLine(rig.asterisk.server);
    const second = await openLine(rig.asterisk.server);
    rig.afterTest(first.close);
    rig.afterTest(second.close);
    const account = { ...sipAccount('agent1', first.server), backupServers: [second.server] };
    const phone = await openPhone(rig.browser, site.url, account);
    rig.afterTest(phone.close);
    await registered(phone);
    const caller = rig.call({ dial: '101', ...KIM });
    await answer(phone);
    expect(await hears(phone, CALLER_HZ)).toBe(true);
    first.cut();
    await phone.until('at the backup', ({ registration }) =>
      registration.state === 'registered' && registration.backup ? true : undefined,
    );
    await expect.poll(() => phone.received).toContainEqual(expect.stringMatching(/^SIP\/2\.0 200 .* INVITE$/));
    expect((await rig.callerHears(1)).agent).toBeGreaterThan(0.6);
    const contacts = await rig.asterisk.console('pjsip show contacts');
    expect(contacts.match(/agent1\/sip:/g)).toHaveLength(1);
    await caller.hangUp();
    expect((await phone.call('ended')).end).toMatchObject({ by: 'there' });
    await expect.poll(() => phone.received.filter((line) => line.startsWith('BYE '))).toHaveLength(1);
  });

  test('between calls: it registers again by itself, and rings', async () => {
    const line = await openLine(rig.asterisk.server);
    rig.afterTest(line.close);
    const phone = await phoneOf('agent1', line.server);
    line.cut();
    await phone.until('lost', ({ registration }) => (registration.state === 'registered' ? undefined : true));
    line.mend();
    await registered(phone, 20_000);
    rig.call({ dial: '101', ...KIM });
    await phone.call('ringing');
  });

  test('the PBX restarts: it registers again by itself, and rings', async () => {
    const phone = await phoneOf('agent1');
    await rig.restartPbx();
    await phone.until('lost', ({ registration }) => (registration.state === 'registered' ? undefined : true));
    await registered(phone, 20_000);
    rig.call({ dial: '101', ...KIM });
    await phone.call('ringing');
  });
});

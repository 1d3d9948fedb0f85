import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPhone, sipAccount } from './rig/phone-page.ts';
import { answer, CALLER_HZ, hears, KIM, type Phones, registered, startPhones } from './rig/phones.ts';

// The phone of src/telephony against Asterisk, without any screen. desk.test.ts has the whole desk.

let phones: Phones;
let rig: Phones['rig'];
let phoneOf: Phones['phoneOf'];

beforeAll(async () => {
  phones = await startPhones();
  ({ rig, phoneOf } = phones);
});
afterEach(() => rig.endTest());
afterAll(() => phones.close());

describe('registering', () => {
  test('signs in by digest and is one contact at the PBX', async () => {
    await phoneOf('agent1');
    const contacts = await rig.asterisk.console('pjsip show contacts');
    expect(contacts.match(/agent1\/sip:/g)).toHaveLength(1);
  });

  test('says that the password is wrong, and does not ring', async () => {
    const account = { ...sipAccount('agent1', rig.asterisk.server), password: 'not-this-one' };
    const phone = await openPhone(rig.browser, phones.url, account);
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
    // The queue rings whom the PBX has found to be there.
    await rig.manager.event('agent2 is there', (event) => {
      return event.Event === 'ContactStatus' && event.AOR === 'agent2' && event.ContactStatus === 'Reachable';
    });
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

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openLine } from './rig/line-proxy.ts';
import { openPhone, sipAccount } from './rig/phone-page.ts';
import {
  AGENT_HZ,
  answer,
  asteriskHungUp,
  CALLER_HZ,
  hears,
  KIM,
  type Phones,
  registered,
  startPhones,
} from './rig/phones.ts';

// The phone alone against Asterisk, and a line that breaks.

let phones: Phones;
let rig: Phones['rig'];
let phoneOf: Phones['phoneOf'];

beforeAll(async () => {
  phones = await startPhones();
  ({ rig, phoneOf } = phones);
});
afterEach(() => rig.endTest());
afterAll(() => phones.close());

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
    const phone = await openPhone(rig.browser, phones.url, account);
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

test('an emergency call of a desk that is not registered: heard, and ended by whoever hangs up', async () => {
  const phone = await phoneOf('agent1');
  await phone.page.evaluate(async () => {
    const { testPhone } = globalThis;
    await testPhone.stop();
    testPhone.retire?.(true);
    testPhone.start();
    testPhone.call('119');
  });
  await phone.call('talking');
  expect(await hears(phone, AGENT_HZ)).toBe(true);
  expect((await phone.state()).registration.state).toBe('stopped');
  expect(await rig.asterisk.console('pjsip show contacts')).not.toContain('agent1/');
  const { callId } = await phone.call('talking');
  const over = asteriskHungUp(rig, 'agent1');
  await phone.page.evaluate((id) => globalThis.testPhone.hangUp(id), callId);
  await over;
  // Hung up over there: the BYE finds a desk that has no contact.
  const second = await phone.page.evaluate(() => globalThis.testPhone.call('112'));
  await phone.until('hung up there', ({ calls }) =>
    calls.find(
      (call) => call.callId === second && call.phase === 'ended' && call.end.by === 'there' && call.answeredAt,
    ),
  );
});

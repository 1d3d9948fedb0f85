import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MUSIC_HZ } from './rig/asterisk.ts';
import { BARESIP_HZ, type Baresip, startBaresip } from './rig/baresip.ts';
import { AGENT_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';
import { openPhone, type PhonePage, servePhonePage, sipAccount } from './rig/phone-page.ts';

// A softphone that other people wrote calls the desk's phone through Asterisk. The callers of the other files are sipp's.

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

const hears = (phone: PhonePage, hz: number) =>
  phone.page.evaluate((pitch) => globalThis.dangolProbe.hears(pitch, 10_000), hz);

/** A baresip has rung, the agent has answered, both hear each other. */
async function talking(): Promise<{ phone: PhonePage; baresip: Baresip; callId: string }> {
  const phone = await openPhone(rig.browser, site.url, sipAccount('agent1', rig.asterisk.server));
  rig.afterTest(phone.close);
  await phone.until('registered', ({ registration }) => (registration.state === 'registered' ? true : undefined));
  const baresip = await startBaresip('01000001234');
  rig.afterTest(baresip.close);
  await baresip.tell('dial', 'sip:101@127.0.0.1:5070');
  const ringing = await phone.call('ringing');
  expect(ringing.caller).toMatchObject({ e164: '+821000001234', withheld: false });
  await baresip.reported('CALL_RINGING');
  await phone.page.evaluate((id) => globalThis.testPhone.answer(id), ringing.callId);
  await phone.call('talking');
  await baresip.reported('CALL_ESTABLISHED');
  expect(await hears(phone, BARESIP_HZ)).toBe(true);
  await baresip.hears(AGENT_HZ);
  return { phone, baresip, callId: ringing.callId };
}

const channelsOf = async (name: string) =>
  (await rig.asterisk.console('core show channels concise')).split('\n').filter((line) => line.includes(`/${name}-`));

test('baresip calls, both hear each other, the agent hangs up', async () => {
  const { phone, baresip, callId } = await talking();
  await phone.page.evaluate((id) => globalThis.testPhone.hangUp(id), callId);
  expect((await phone.call('ended')).end).toMatchObject({ result: 'answered', by: 'here' });
  await baresip.reported('CALL_CLOSED');
  await expect.poll(() => channelsOf('agent1')).toEqual([]);
});

test('baresip calls, both hear each other, baresip hangs up', async () => {
  const { phone, baresip } = await talking();
  await baresip.tell('hangup');
  expect((await phone.call('ended')).end).toMatchObject({ result: 'answered', by: 'there' });
  expect(await phone.page.evaluate(() => globalThis.dangolProbe.openConnections())).toBe(0);
});

test('the agent parks baresip: music there, and the agent again after it', async () => {
  const { phone, baresip, callId } = await talking();
  await phone.page.evaluate((id) => globalThis.testPhone.hold(id), callId);
  await phone.until('held', ({ calls }) => calls.find((call) => call.phase === 'talking' && call.hold === 'held'));
  await baresip.hears(MUSIC_HZ);
  await phone.page.evaluate((id) => globalThis.testPhone.resume(id), callId);
  await phone.until('resumed', ({ calls }) => calls.find((call) => call.phase === 'talking' && call.hold === 'none'));
  await baresip.hears(AGENT_HZ);
  expect(await hears(phone, BARESIP_HZ)).toBe(true);
});

test('baresip holds and takes back: the call stays, and both hear each other again', async () => {
  const { phone, baresip, callId } = await talking();
  await baresip.tell('hold');
  // Who is parked by the caller hears the music of the PBX.
  expect(await hears(phone, MUSIC_HZ)).toBe(true);
  expect((await phone.call('talking')).callId).toBe(callId);
  await baresip.tell('resume');
  expect(await hears(phone, BARESIP_HZ)).toBe(true);
  await baresip.hears(AGENT_HZ);
});

test('baresip gives up while it rings: missed', async () => {
  const phone = await openPhone(rig.browser, site.url, sipAccount('agent1', rig.asterisk.server));
  rig.afterTest(phone.close);
  await phone.until('registered', ({ registration }) => (registration.state === 'registered' ? true : undefined));
  const baresip = await startBaresip('01000001234');
  rig.afterTest(baresip.close);
  await baresip.tell('dial', 'sip:101@127.0.0.1:5070');
  await phone.call('ringing');
  await baresip.tell('hangup');
  expect((await phone.call('ended')).end).toMatchObject({ result: 'missed', by: 'there' });
});

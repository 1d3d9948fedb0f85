import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CALLER_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';
import { openPhone, servePhonePage, sipAccount } from './rig/phone-page.ts';

// A phone that is gone without a word, with nobody who could end its call for it. The desk has a host for that: survival.test.ts.

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

test('a page that is killed in a call: the PBX hears nothing any more and lets the caller go', async () => {
  const phone = await openPhone(rig.browser, site.url, sipAccount('agent1', rig.asterisk.server));
  await phone.until('registered', ({ registration }) => (registration.state === 'registered' ? true : undefined));
  const caller = rig.call({ dial: '101', number: '01000001234' });
  const { callId } = await phone.call('ringing');
  await phone.page.evaluate((id) => globalThis.testPhone.answer(id), callId);
  expect(await phone.page.evaluate((hz) => globalThis.dangolProbe.hears(hz, 10_000), CALLER_HZ)).toBe(true);
  const died = phone.page.waitForEvent('crash');
  await phone.page.goto('chrome://crash').catch(() => undefined);
  await died;
  // rtp_timeout of etc/pjsip.conf: ten seconds. No BYE was said: the log tells why it ended.
  await rig.manager.event(
    'agent1 hung up',
    ({ Event, Channel }) => Event === 'Hangup' && Channel?.startsWith('PJSIP/agent1-') === true,
    25_000,
  );
  await caller.over;
  expect(rig.asterisk.log()).toMatch(
    /Disconnecting channel 'PJSIP\/agent1-\d+' for lack of audio RTP activity in 1\d seconds/,
  );
  await phone.close();
}, 60_000);

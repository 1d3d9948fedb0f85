import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type PbxRig, startRig } from './rig/pbx-rig.ts';
import { openPhone, servePhonePage, sipAccount } from './rig/phone-page.ts';

// What the agent keys in a call, as the PBX understood it.

/** The hash last: Asterisk's echo ends with it. */
const ALL_KEYS = '0123456789*ABCD#';

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

test.each([
  { how: 'events in the audio (RFC 4733)', agent: 'agent1', milliseconds: 40 },
  { how: 'events in the audio (RFC 4733)', agent: 'agent1', milliseconds: 100 },
  { how: 'INFO', agent: 'agent4', milliseconds: 40 },
  { how: 'INFO', agent: 'agent4', milliseconds: 100 },
] as const)('every key of $milliseconds ms arrives once, in order, by $how', async ({ agent, milliseconds, how }) => {
  const phone = await openPhone(rig.browser, site.url, sipAccount(agent, rig.asterisk.server));
  rig.afterTest(phone.close);
  await phone.until('registered', ({ registration }) => (registration.state === 'registered' ? true : undefined));
  await phone.page.evaluate(() => globalThis.testPhone.call('01000000001'));
  const { callId } = await phone.call('talking');
  await phone.until('audio', ({ calls }) => {
    return calls.find((call) => call.phase === 'talking' && call.media === 'connected');
  });
  rig.manager.clear();
  await phone.page.evaluate(([id, keys, length]) => globalThis.testPhone.sendDtmf(id, keys, length), [
    callId,
    ALL_KEYS,
    milliseconds,
  ] as const);
  const ended = () =>
    rig.manager.seen().filter(({ Event, Direction, Channel }) => {
      return Event === 'DTMFEnd' && Direction === 'Received' && Channel?.startsWith(`PJSIP/${agent}-`);
    });
  await expect
    .poll(
      () =>
        ended()
          .map(({ Digit }) => Digit)
          .join(''),
      { timeout: 15_000 },
    )
    .toBe(ALL_KEYS);
  // Packets of 20 ms: a tone is told to the next whole one. The end of one key may be late on a busy machine; the keys are not.
  const lengths = ended().map(({ DurationMs }) => Number(DurationMs));
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(milliseconds - 20);
  expect(lengths.toSorted((a, b) => a - b)[lengths.length / 2]).toBeLessThanOrEqual(milliseconds + 80);
  const infos = () => phone.received.filter((line) => /^SIP\/2\.0 200 .* INFO$/.test(line)).length;
  await expect.poll(infos).toBe(how === 'INFO' ? ALL_KEYS.length : 0);
});

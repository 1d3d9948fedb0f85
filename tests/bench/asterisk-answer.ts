// Answer key to first audio against a real Asterisk on loopback, with createPhone() in real Chromium.
// Started by scripts (see preparePbx() and runWithPbx() in scripts/lib/pbx.mjs); prints one line of JSON.

import { CALLER_HZ, type PbxRig, startRig } from '../pbx/rig/pbx-rig.ts';
import { openPhone, servePhonePage, sipAccount } from '../pbx/rig/phone-page.ts';

const CALLS = Number(process.argv[2] ?? 30);
/** The figure to hold, in milliseconds. */
const HOLD = { p50: 100, p95: 200 };

/** From the time stamp of the key to the first sample above silence, as the page that plays it receives it. */
async function answerTimes(rig: PbxRig, url: string): Promise<number[]> {
  const phone = await openPhone(rig.browser, url, sipAccount('agent1', rig.asterisk.server));
  await phone.until('registered', ({ registration }) => (registration.state === 'registered' ? true : undefined));
  const times: number[] = [];
  // The first call after a start opens the microphone too: it is counted, and told apart in the result.
  for (let i = 0; i < CALLS; i++) {
    // A queue, as callers come: the PBX has answered them already, their voice is there when the agent's line opens.
    const caller = rig.call({ dial: '700', number: '01000001234' });
    const { callId } = await phone.call('ringing');
    await phone.page.keyboard.press('Enter');
    if (!(await phone.page.evaluate((hz) => globalThis.dangolProbe.hears(hz, 5000), CALLER_HZ))) {
      throw new Error(`call ${i + 1} was answered and stayed silent`);
    }
    times.push(
      await phone.page.evaluate(() => {
        const { firstSoundAt, lastKeyAt } = globalThis.dangolProbe;
        return (firstSoundAt() ?? Number.NaN) - (lastKeyAt() ?? Number.NaN);
      }),
    );
    await phone.page.evaluate((id) => globalThis.testPhone.hangUp(id), callId);
    await caller.over;
    await phone.page.evaluate((id) => globalThis.testPhone.forget(id), callId);
  }
  await phone.close();
  return times;
}

const rig = await startRig();
const site = await servePhonePage();
try {
  const times = await answerTimes(rig, site.url);
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  const [first = 0] = times;
  const figures = { calls: CALLS, first: Math.round(first), p50: at(0.5), p95: at(0.95), most: at(1) };
  console.log(JSON.stringify({ bench: 'asterisk-answer', unit: 'ms', ...figures, hold: HOLD }));
} finally {
  await site.close();
  await rig.endTest();
  await rig.close();
}

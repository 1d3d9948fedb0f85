// Answer key to first audio against a real Asterisk on loopback: createPhone() in real Chromium, a caller played by sipp.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CALLER_HZ, type PbxRig, startRig } from '../pbx/rig/pbx-rig.ts';
import { openPhone, servePhonePage, sipAccount } from '../pbx/rig/phone-page.ts';
import { report, reportSpread } from './lib/figures.ts';

const CALLS = 30;

/** From the time stamp of the key to the first sample above silence, where the page that plays it receives it. */
async function answerTimes(rig: PbxRig, url: string): Promise<number[]> {
  const phone = await openPhone(rig.browser, url, sipAccount('agent1', rig.asterisk.server));
  await phone.until('registered', ({ registration }) => (registration.state === 'registered' ? true : undefined));
  const times: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    // A queue, as callers come: the PBX has answered them already, their voice is there when the agent's line opens.
    const caller = rig.call({ dial: '700', number: '01000001234' });
    const { callId } = await phone.call('ringing');
    await phone.page.keyboard.press('Enter');
    if (!(await phone.page.evaluate((hz) => globalThis.dangolProbe.hears(hz, 5000), CALLER_HZ))) {
      throw new Error(`call ${i + 1} was answered and stayed silent`);
    }
    const { sound, key } = await phone.page.evaluate(() => {
      const { firstSoundAt, lastKeyAt } = globalThis.dangolProbe;
      return { sound: firstSoundAt(), key: lastKeyAt() };
    });
    times.push((sound ?? Number.NaN) - (key ?? Number.NaN));
    await phone.page.evaluate((id) => globalThis.testPhone.hangUp(id), callId);
    await caller.over;
    await phone.page.evaluate((id) => globalThis.testPhone.forget(id), callId);
  }
  await phone.close();
  return times;
}

async function measure(): Promise<void> {
  const rig = await startRig();
  const site = await servePhonePage();
  try {
    const [first = Number.NaN, ...later] = await answerTimes(rig, site.url);
    reportSpread('Asterisk: answer key to first audio', later, { p50: 100, p95: 200 });
    report({
      name: 'Asterisk: the first answer after start',
      value: first,
      unit: 'ms',
      atMost: null,
      note: 'opens the microphone',
    });
  } finally {
    await site.close();
    await rig.endTest();
    await rig.close();
  }
}

if (process.env.DANGOL_PBX_ROOT) {
  await measure();
} else {
  const again = spawnSync(process.execPath, ['scripts/with-pbx.mjs', fileURLToPath(import.meta.url)], {
    stdio: 'inherit',
  });
  process.exitCode = again.status ?? 1;
}

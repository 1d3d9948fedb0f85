// Answer key to first audio against a real Asterisk on loopback, a caller played by sipp: the whole desk with its Alt+A in real
// Chromium, and createPhone() alone beside it as the baseline.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startCallCentre } from '../pbx/rig/call-centre.ts';
import { openDesk } from '../pbx/rig/desk-page.ts';
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

/** The same on the whole desk: the customer is on screen, the agent presses Alt+A, and wraps up after each call. */
async function deskAnswerTimes(rig: PbxRig): Promise<number[]> {
  const customer = { customerNumber: 'C-1001', name: '김단골', phones: ['010-0000-1234'] };
  const centre = await startCallCentre(rig.asterisk.server, [customer]);
  const desk = await openDesk(rig.browser, await centre.startDesk(), 'agent1');
  const registered = (event: Record<string, string>) =>
    event.Event === 'ContactStatus' && event.AOR === 'agent1' && event.ContactStatus === 'Reachable';
  await rig.manager.event('agent1 registered', registered);
  const times: number[] = [];
  try {
    for (let i = 0; i < CALLS; i++) {
      const caller = rig.call({ dial: '700', number: '01000001234' });
      await desk.ringing.waitFor();
      await desk.customer.waitFor();
      await desk.press('Alt+A');
      if (!(await desk.hears(CALLER_HZ))) throw new Error(`call ${i + 1} was answered at the desk and stayed silent`);
      const { sound, key } = await desk.page.evaluate(() => {
        const { firstSoundAt, lastKeyAt } = globalThis.dangolProbe;
        return { sound: firstSoundAt(), key: lastKeyAt() };
      });
      times.push((sound ?? Number.NaN) - (key ?? Number.NaN));
      await desk.press('Alt+X');
      await caller.over;
      await desk.page.locator('#wrap-up-row button').first().click();
      await desk.press('Control+Enter');
      await desk.page.locator('section[data-tone="idle"]').waitFor();
    }
  } finally {
    await desk.close();
    await centre.close();
  }
  return times;
}

async function measure(): Promise<void> {
  const rig = await startRig();
  const site = await servePhonePage();
  try {
    const [first = Number.NaN, ...later] = await answerTimes(rig, site.url);
    reportSpread('Asterisk: answer to first audio, phone alone', later);
    const [, ...atDesk] = await deskAnswerTimes(rig);
    reportSpread('Asterisk: answer key at the desk to first audio', atDesk, { p50: 100, p95: 200 });
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

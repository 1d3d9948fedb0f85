import { networkInterfaces } from 'node:os';
import type { Page } from '@playwright/test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PracticeServer } from '../../../src/sandbox/server.ts';
import { openBarePhone } from './support/browser.ts';
import { callBecomes, openPractice, PASSWORDS, startCall } from './support/practice.ts';

/** Chromium offers no address of a machine without a network unless it is told to offer 127.0.0.1. */
const LOOPBACK = '--allow-loopback-in-peer-connection';
const online = Object.values(networkInterfaces()).some((list) => list?.some((one) => !one.internal));
const usual = online ? [] : [LOOPBACK];

/** Speech from assets/voices reaches 0.1 and more; the line's own noise is below 0.001. */
const SPEECH = 0.03;

let server: PracticeServer;
let close: (() => Promise<void>) | undefined;
const openPhone = async (flags: readonly string[]): Promise<Page> => {
  const phone = await openBarePhone(flags);
  close = phone.close;
  const account = { server: server.sipUrl, username: 'agent1', password: PASSWORDS.agent1 ?? '' };
  await phone.page.evaluate((options) => window.barePhone.start(options), account);
  return phone.page;
};
beforeEach(async () => {
  server = await openPractice();
});
afterEach(async () => {
  await close?.();
  close = undefined;
  await server.close();
});

describe('a real browser', () => {
  // A user's browser hides its loopback addresses; tests in a network of their own need the flag.
  it.each([...(online ? [['as a user has it', []] as const] : []), ['with loopback candidates', [LOOPBACK]] as const])(
    '%s answers a practice call: both sides hear each other',
    async (_, flags) => {
      const page = await openPhone(flags);
      const id = startCall(server, 'gold-billing', 'agent1');
      const ringing = await page.evaluate(() => window.barePhone.ringing());
      expect(ringing).toMatchObject({
        from: '01000001001',
        headers: { 'X-Queue': 'support', 'X-Customer-Ref': 'C-100001' },
      });
      await page.evaluate(() => window.barePhone.answer());
      expect(await page.evaluate((level) => window.barePhone.heard(level, 15_000), SPEECH)).toBeGreaterThan(SPEECH);
      expect((await page.evaluate(() => window.barePhone.inbound())).codec).toBe('audio/PCMU');
      // Chromium's fake microphone beeps.
      await callBecomes(server, id, (view) => (view.media?.peakIn ?? -90) > -20);
      await page.evaluate(() => window.barePhone.hangUp());
      expect(await callBecomes(server, id, (view) => view.state === 'ended')).toMatchObject({ endedBy: 'desk' });
    },
  );

  it('holds, resumes, sends tones, and is told when the caller hangs up', async () => {
    const page = await openPhone(usual);
    const id = startCall(server, 'english-speaker', 'agent1');
    expect((await page.evaluate(() => window.barePhone.ringing())).display).toBe('Oliver Ashworth');
    await page.evaluate(() => window.barePhone.answer());
    await callBecomes(server, id, (view) => (view.media?.packetsIn ?? 0) > 10);
    expect(await page.evaluate(() => window.barePhone.hold(true))).toBe(true);
    await callBecomes(server, id, (view) => view.state === 'held');
    expect(await page.evaluate(() => window.barePhone.hold(false))).toBe(true);
    const resumed = await callBecomes(server, id, (view) => view.state === 'talking');
    await callBecomes(server, id, (view) => (view.media?.packetsIn ?? 0) > (resumed.media?.packetsIn ?? 0) + 10);
    expect(await page.evaluate(() => window.barePhone.dtmf('159#'))).toBe(true);
    await callBecomes(server, id, (view) => view.media?.dtmf === '159#');
    server.pbx.end(id);
    await page.waitForFunction(() => window.barePhone.state() === 'Terminated');
  });

  it('dials the happy-call customer and hears her', async () => {
    const page = await openPhone(usual);
    await page.evaluate(() => window.barePhone.call('01000005005'));
    await page.waitForFunction(() => window.barePhone.state() === 'Established');
    expect(await page.evaluate((level) => window.barePhone.heard(level, 15_000), SPEECH)).toBeGreaterThan(SPEECH);
    await page.evaluate(() => window.barePhone.hangUp());
  });
});

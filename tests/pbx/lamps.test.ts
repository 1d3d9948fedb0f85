import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answer, hears } from './rig/agent-acts.ts';
import { CALLER_HZ, COLLEAGUE_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';
import { type AgentName, openPhone, type PhonePage, servePhonePage, sipAccount } from './rig/phone-page.ts';

// What Asterisk tells a desk outside of a call, and what a desk says to a call that rings.

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

async function phoneOf(username: AgentName, voiceHz: number | null = null): Promise<PhonePage> {
  const phone = await openPhone(rig.browser, site.url, sipAccount(username, rig.asterisk.server), voiceHz);
  rig.afterTest(phone.close);
  await phone.until('registered', (state) => (state.registration.state === 'registered' ? true : undefined));
  return phone;
}

const KIM = { number: '01000001234', name: '김단골', customerRef: 'C-77' };

/** All recordings below a folder. */
function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.wav'));
  return files.reduce((sum, name) => sum + statSync(join(folder, String(name))).size, 0);
}

describe('lamps', () => {
  test('a colleague rings, talks, is free: seen at another desk', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const watcher = await phoneOf('agent3');
    await watcher.page.evaluate(() => globalThis.testPhone.watch(['102']));
    const shows = (presence: string) =>
      watcher.until(presence, (state) => (state.presence['102'] === presence ? true : undefined));
    await shows('idle');
    const caller = rig.call({ dial: '102', ...KIM });
    await shows('ringing');
    await answer(colleague);
    await shows('busy');
    await caller.hangUp();
    await shows('idle');
  });

  test('no such extension is not known; one where nobody is signed in is in no call, which is all the PBX tells', async () => {
    const watcher = await phoneOf('agent3');
    await watcher.page.evaluate(() => globalThis.testPhone.watch(['102', '999']));
    await watcher.until('told', ({ presence }) => (presence['102'] === 'idle' ? true : undefined));
    expect((await watcher.state()).presence).toEqual({ 102: 'idle', 999: 'unknown' });
  });

  test.each([
    { how: 'on request', login: 'agent1', line: '1' },
    { how: 'unasked', login: 'agent2', line: '2' },
  ] as const)('a message in the mailbox lights the lamp of a desk that is told $how', async ({ login, line }) => {
    const agent = await phoneOf(login);
    await agent.until('an empty mailbox', ({ voicemail }) => (voicemail?.newMessages === 0 ? true : undefined));
    const caller = rig.call({ dial: `79${line}`, ...KIM });
    // Longer than the shortest message that the mailbox keeps.
    const mailbox = join(dirname(rig.asterisk.recordings), 'voicemail', 'default', `10${line}`);
    await expect.poll(() => bytesIn(mailbox), { timeout: 15_000 }).toBeGreaterThan(30_000);
    await caller.hangUp();
    await agent.until('one new message', ({ voicemail }) => (voicemail?.newMessages === 1 ? true : undefined));
  });
});

describe('while it rings', () => {
  test('declined to another number: the customer is there', async () => {
    const agent = await phoneOf('agent1');
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    rig.call({ dial: '101', ...KIM });
    const { callId } = await agent.call('ringing');
    await agent.page.evaluate((id) => globalThis.testPhone.decline(id, { to: '102' }), callId);
    await answer(colleague);
    expect(await hears(colleague, CALLER_HZ)).toBe(true);
  });

  test('a PBX that asks for an answer at once is understood', async () => {
    const agent = await phoneOf('agent1');
    rig.call({ dial: '110', ...KIM });
    expect(await agent.call('ringing')).toMatchObject({ autoAnswer: true });
  });
});

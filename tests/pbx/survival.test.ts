import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type CallCentre, startCallCentre } from './rig/call-centre.ts';
import { type DeskPage, openDesk } from './rig/desk-page.ts';
import { AGENT_HZ, CALLER_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';

// A page goes away in a call: reloaded, crashed, closed. The whole desk against Asterisk.

const KIM = { customerNumber: 'C-1001', name: '김단골', phones: ['010-0000-1234'] };

let rig: PbxRig;
let centre: CallCentre;

beforeAll(async () => {
  rig = await startRig();
  centre = await startCallCentre(rig.asterisk.server, [KIM]);
});
afterEach(() => rig.endTest());
afterAll(async () => {
  await centre.close();
  await rig.close();
});

async function deskOf(login: 'agent1' | 'agent2'): Promise<DeskPage> {
  const desk = await openDesk(rig.browser, await centre.startDesk(), login);
  rig.afterTest(desk.close);
  await desk.page.locator('[data-phase="idle"]').waitFor();
  await rig.manager.event(`${login} registered`, (event) => {
    return event.Event === 'ContactStatus' && event.AOR === login && event.ContactStatus === 'Reachable';
  });
  return desk;
}

async function inCall(dial: string): Promise<DeskPage> {
  const desk = await deskOf('agent1');
  rig.call({ dial, number: '01000001234' });
  await desk.ringing.waitFor();
  await desk.press('Alt+A');
  await desk.talking.waitFor();
  expect(await desk.hears(CALLER_HZ)).toBe(true);
  return desk;
}

const channels = async () => {
  const lines = (await rig.asterisk.console('core show channels concise')).split('\n');
  return lines.filter((line) => line.startsWith('PJSIP/agent1-')).length;
};
const hungUp = () =>
  rig.manager.event('the customer is free', (event) => {
    return event.Event === 'Hangup' && event.Channel?.startsWith('PJSIP/pstn-') === true;
  });

describe('the page is reloaded in a call', () => {
  test('from a queue: both are heard again, customer, draft and clock are as they were, and the PBX has one leg', async () => {
    const desk = await inCall('700');
    await desk.page.getByText(KIM.customerNumber, { exact: true }).waitFor();
    await desk.note.focus();
    await desk.page.keyboard.insertText('다시 읽기 전에');
    await desk.page.getByText(/이 PC에 보관|Draft kept here/).waitFor();
    await desk.page.reload();
    await desk.talking.waitFor();
    expect(await desk.hears(CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
    await desk.page.getByText(KIM.customerNumber, { exact: true }).waitFor();
    expect(await desk.note.inputValue()).toBe('다시 읽기 전에');
    await expect.poll(channels).toBe(1);
    // The agent is still busy to the queue: nobody else is put through.
    expect(await rig.asterisk.console('queue show support')).toMatch(/agent1.*\(In use\)/i);
    await desk.press('Alt+X');
    await hungUp();
    await desk.page.locator('section[data-tone="wrap"]').waitFor();
  });

  test('the caller hangs up after it: the desk hears of it', async () => {
    const desk = await deskOf('agent1');
    const caller = rig.call({ dial: '101', number: '01000001234' });
    await desk.ringing.waitFor();
    await desk.press('Alt+A');
    expect(await desk.hears(CALLER_HZ)).toBe(true);
    await desk.page.reload();
    await desk.talking.waitFor();
    expect(await desk.hears(CALLER_HZ)).toBe(true);
    await caller.hangUp();
    await desk.page.locator('section[data-tone="wrap"]').waitFor();
  });

  test('on hold: the customer has music again, and comes back by key', async () => {
    const desk = await inCall('101');
    await desk.press('Alt+H');
    await desk.held.waitFor();
    await desk.page.reload();
    await desk.held.waitFor();
    expect((await rig.callerHears(1)).music).toBeGreaterThan(0.6);
    await desk.press('Alt+H');
    await desk.talking.waitFor();
    expect(await desk.hears(CALLER_HZ)).toBe(true);
    const back = await rig.callerHears(1.5);
    expect(back.agent).toBeGreaterThan(0.6);
    expect(back.music).toBeLessThan(0.05);
  });

  test('a call that the desk placed', async () => {
    const desk = await deskOf('agent1');
    await desk.press('Alt+T');
    await desk.page.locator('input[type="tel"]').fill('010-0000-0001');
    await desk.press('Enter');
    await desk.talking.waitFor();
    expect(await desk.hears(AGENT_HZ)).toBe(true);
    await desk.page.reload();
    await desk.talking.waitFor();
    expect(await desk.hears(AGENT_HZ)).toBe(true);
    await desk.press('Alt+X');
    await desk.page.locator('section[data-tone="wrap"]').waitFor();
  });

  test('two calls: one is talked to, the other has music', async () => {
    const desk = await inCall('101');
    rig.call({ dial: '101', number: '01000009876' });
    await desk.page.getByText('010-****-9876').first().waitFor();
    await desk.press('Alt+A');
    await desk.page.locator('section[data-tone="talking"]', { hasText: '010-****-9876' }).waitFor();
    expect(await desk.hears(CALLER_HZ)).toBe(true);
    await desk.page.reload();
    await desk.page.locator('section[data-tone="talking"]', { hasText: '010-****-9876' }).waitFor();
    // Whichever of the two came back first.
    const heard = (hz: number) => Promise.all([0, 1].map((nth) => globalThis.dangolProbe.hearsAll(nth, [hz], 5000)));
    expect(await desk.page.evaluate(heard, CALLER_HZ)).toContain(true);
    await expect.poll(channels).toBe(2);
    const times = (what: string) => rig.manager.seen().filter(({ Event }) => Event === what).length;
    await expect.poll(() => times('MusicOnHoldStart') - times('MusicOnHoldStop')).toBe(1);
  });
});

describe('the page dies in a call', () => {
  test('its renderer crashes: the next page has the call again', async () => {
    const desk = await inCall('101');
    const address = new URL('/', desk.page.url()).href;
    await desk.page.goto('chrome://crash').catch(() => undefined);
    const next = await desk.page.context().newPage();
    await next.goto(address);
    await next.locator('section[data-tone="talking"]').waitFor();
    expect(await next.evaluate((hz) => globalThis.dangolProbe.hears(hz, 5000), CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
    expect(await channels()).toBe(1);
  });

  test('nobody comes back: the host lets the customer go, before the PBX notices the silence', async () => {
    const desk = await inCall('101');
    rig.manager.clear();
    await desk.page.close();
    await hungUp();
    expect(rig.asterisk.log()).not.toMatch(/lack of (audio )?RTP activity/);
  });
});

test('another window takes the phone over in a call: one registration, and the next call rings there, before and after its end', async () => {
  const desk = await inCall('101');
  const next = await desk.page.context().newPage();
  rig.manager.clear();
  await next.goto(new URL('/', desk.page.url()).href);
  await next.getByRole('button', { name: /이 창에서 받기|Take calls here/ }).click();
  const there = () =>
    rig.manager.event('registered by the other window', (event) => {
      return event.Event === 'ContactStatus' && event.AOR === 'agent1' && event.ContactStatus === 'Reachable';
    });
  await there();
  const ringing = next.locator('[data-tone="ringing"] [data-call]');
  const ringsThere = async (number: string, shown: string) => {
    const caller = rig.call({ dial: '101', number });
    await ringing.filter({ hasText: shown }).waitFor();
    expect(await desk.page.getByText(shown).count()).toBe(0);
    await caller.hangUp();
    await ringing.waitFor({ state: 'detached' });
  };
  await ringsThere('01000009876', '010-****-9876');
  // The old window still talks, and its end takes nobody off the PBX.
  expect(await desk.hears(CALLER_HZ)).toBe(true);
  await desk.press('Alt+X');
  await desk.page.locator('section[data-tone="wrap"]').waitFor();
  await ringsThere('01000009877', '010-****-9877');
  expect((await rig.asterisk.console('pjsip show contacts')).match(/agent1\/sip:/g)).toHaveLength(1);
});

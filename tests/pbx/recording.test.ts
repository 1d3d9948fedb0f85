import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TcpProxy } from '../fakes/tcp-proxy.ts';
import { type CallCentre, startCallCentre } from './rig/call-centre.ts';
import { type DeskPage, openDesk } from './rig/desk-page.ts';
import { linkPbx } from './rig/pbx-link.ts';
import { CALLER_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';

// The recording of a call by Asterisk, seen and paused at the desk. Silence is measured in the PBX's own file.

const KIM = { customerNumber: 'C-1001', name: '김단골', phones: ['010-0000-1234'] };

let rig: PbxRig;
let centre: CallCentre;
let wire: TcpProxy;

beforeAll(async () => {
  rig = await startRig();
  centre = await startCallCentre(rig.asterisk.server, [KIM]);
  wire = await linkPbx(centre);
});
afterEach(async () => {
  wire.mode = 'pass';
  await rig.endTest();
});
afterAll(async () => {
  await centre.close();
  await wire.close();
  await rig.close();
});

const lamp = (desk: DeskPage, state: string, timeout = 2000) =>
  desk.page.locator(`[role="status"][data-recording="${state}"]`).waitFor({ timeout });
const warning = (desk: DeskPage, which: string) => desk.page.locator(`[data-recording-warning="${which}"]`);

async function registered(login: 'agent1' | 'agent2' = 'agent1'): Promise<DeskPage> {
  const desk = await openDesk(rig.browser, await centre.startDesk(), login);
  rig.afterTest(desk.close);
  await rig.manager.event(`${login} registered`, (event) => {
    return event.Event === 'ContactStatus' && event.AOR === login && event.ContactStatus === 'Reachable';
  });
  await desk.page.locator('header [data-waiting="0"]').waitFor({ timeout: 20_000 });
  return desk;
}

/** A call that the dialplan records on the caller's channel, as it does for every caller. */
async function recordedCall(): Promise<DeskPage> {
  const desk = await registered();
  rig.call({ dial: '101', number: '01000001234' });
  await desk.ringing.waitFor();
  await desk.press('Alt+A');
  await desk.hears(CALLER_HZ);
  await lamp(desk, 'on', 5000);
  return desk;
}

test('a pause for a card number: the PBX says so, its file is silent, and sounds again after it', async () => {
  const desk = await recordedCall();
  expect((await rig.callerHears(1)).agent).toBeGreaterThan(0.6);
  await desk.press('Alt+C');
  await lamp(desk, 'paused');
  expect((await rig.callerHears(1.5)).sounding).toBeLessThan(0.05);
  await desk.press('Alt+C');
  await lamp(desk, 'on');
  expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
});

test('the lamp follows the PBX, also where somebody else paused or stopped the recording', async () => {
  const desk = await recordedCall();
  const caller = rig.manager.seen().find((event) => event.Event === 'MixMonitorStart')?.Channel ?? '';
  await rig.manager.action({ Action: 'MixMonitorMute', Channel: caller, Direction: 'both', State: '1' });
  await lamp(desk, 'paused');
  await rig.manager.action({ Action: 'StopMixMonitor', Channel: caller });
  await lamp(desk, 'off');
});

test('the link to the PBX is cut: a pause fails closed, in red, and the recording is not believed to be paused', async () => {
  const desk = await recordedCall();
  wire.mode = 'silent';
  await desk.press('Alt+C');
  await warning(desk, 'not_paused').waitFor({ timeout: 2500 });
  expect(await desk.page.locator('[role="status"][data-recording="paused"]').count()).toBe(0);
  expect((await rig.callerHears(1)).agent).toBeGreaterThan(0.6);
  wire.mode = 'refuse';
  wire.cut();
  await lamp(desk, 'unknown', 10_000);
  await desk.press('Alt+C');
  await warning(desk, 'not_paused').waitFor({ timeout: 2500 });
});

test('paused, and then the link is cut: the desk says that it does not know; back again, it does', async () => {
  const desk = await recordedCall();
  await desk.press('Alt+C');
  await lamp(desk, 'paused');
  wire.mode = 'refuse';
  wire.cut();
  await warning(desk, 'lost').waitFor({ timeout: 10_000 });
  wire.mode = 'pass';
  await lamp(desk, 'paused', 20_000);
  expect((await rig.callerHears(1)).sounding).toBeLessThan(0.05);
});

test('a forgotten pause ends by itself', async () => {
  const account = { host: '127.0.0.1', port: Number(new URL(wire.url).port), username: 'dangol-centre' };
  const setting = (pauseSeconds: number) =>
    centre.administer('PUT', '/v1/admin/ami', { ...account, secret: 'centre-loopback', pauseSeconds });
  await setting(10);
  rig.afterTest(async () => void (await setting(120)));
  const desk = await recordedCall();
  await desk.press('Alt+C');
  await lamp(desk, 'paused');
  await lamp(desk, 'on', 15_000);
  expect((await rig.callerHears(1)).agent).toBeGreaterThan(0.6);
});

test('a call that the dialplan does not record: started and stopped at the desk, and the file is there', async () => {
  const desk = await registered();
  await desk.press('Alt+T');
  await desk.page.locator('input[type="tel"]').fill('010-0000-0001');
  await desk.press('Enter');
  await desk.talking.waitFor();
  await lamp(desk, 'off', 5000);
  await desk.press('Alt+O');
  await lamp(desk, 'on');
  const folder = rig.asterisk.recordings;
  const file = () => readdirSync(folder).find((name) => name.startsWith('dangol-')) ?? '';
  await expect
    .poll(() => existsSync(join(folder, file())) && statSync(join(folder, file())).size, { timeout: 10_000 })
    .toBeGreaterThan(30_000);
  await desk.press('Alt+O');
  await lamp(desk, 'off');
});

/** A call that nobody records, until the agent starts it. The caller is on a trunk, as callers are. */
async function startedHere(): Promise<DeskPage> {
  const desk = await registered();
  rig.call({ dial: '121', number: '01000001234' });
  await desk.ringing.waitFor();
  await desk.press('Alt+A');
  await desk.hears(CALLER_HZ);
  await lamp(desk, 'off', 5000);
  await desk.press('Alt+O');
  await lamp(desk, 'on');
  return desk;
}
/** The file that a desk's own recording grows. */
const grows = async (before = newest()) => {
  await expect.poll(() => newest().size, { timeout: 10_000 }).toBeGreaterThan(before.size + 60_000);
};
function newest() {
  const folder = rig.asterisk.recordings;
  const files = readdirSync(folder).filter((name) => name.startsWith('dangol-'));
  const [last] = files.map((name) => statSync(join(folder, name))).sort((a, b) => b.mtimeMs - a.mtimeMs);
  return { size: last?.size ?? 0 };
}

test('started at the desk, and the page is reloaded: it goes on, the lamp says so, and it can be stopped', async () => {
  const desk = await startedHere();
  await desk.page.reload();
  await desk.talking.waitFor();
  await lamp(desk, 'on', 5000);
  await grows();
  expect(rig.manager.seen().filter(({ Event }) => Event === 'MixMonitorStop')).toEqual([]);
  await desk.press('Alt+O');
  await lamp(desk, 'off');
});

test('the page is reloaded in a card pause: it stays one, without a second of sound, and ends by hand', async () => {
  const desk = await recordedCall();
  await desk.press('Alt+C');
  await lamp(desk, 'paused');
  await desk.page.reload();
  await desk.talking.waitFor();
  await lamp(desk, 'paused', 5000);
  expect(await desk.hears(CALLER_HZ)).toBe(true);
  expect((await rig.callerHears(1.5)).sounding).toBeLessThan(0.05);
  await desk.press('Alt+C');
  await lamp(desk, 'on');
  expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
});

test('and one that is forgotten after the reload ends by itself', async () => {
  const account = { host: '127.0.0.1', port: Number(new URL(wire.url).port), username: 'dangol-centre' };
  const setting = (pauseSeconds: number) =>
    centre.administer('PUT', '/v1/admin/ami', { ...account, secret: 'centre-loopback', pauseSeconds });
  await setting(10);
  rig.afterTest(async () => void (await setting(120)));
  const desk = await startedHere();
  await desk.press('Alt+C');
  await lamp(desk, 'paused');
  await desk.page.reload();
  await desk.talking.waitFor();
  await lamp(desk, 'paused', 5000);
  await lamp(desk, 'on', 15_000);
  await grows();
});

test('a recorded caller is handed over after a consultation: the lamp of the next desk says so, and its card pause is one', async () => {
  const colleague = await registered('agent2');
  const desk = await recordedCall();
  await desk.press('Alt+G');
  await desk.page.keyboard.type('102');
  await desk.press('Enter');
  await colleague.ringing.waitFor();
  await colleague.press('Alt+A');
  // Nobody records what the two say to each other.
  await lamp(colleague, 'off', 5000);
  await desk.press('Alt+G');
  await desk.page.locator('section[data-tone="wrap"]').waitFor();
  await lamp(colleague, 'on', 5000);
  expect(await colleague.hears(CALLER_HZ)).toBe(true);
  await colleague.press('Alt+C');
  await lamp(colleague, 'paused');
  expect((await rig.callerHears(1.5)).sounding).toBeLessThan(0.05);
});

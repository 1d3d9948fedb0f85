import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TcpProxy } from '../fakes/tcp-proxy.ts';
import { type CallCentre, startCallCentre } from './rig/call-centre.ts';
import { type DeskPage, openDesk } from './rig/desk-page.ts';
import { linkPbx } from './rig/pbx-link.ts';
import { CALLER_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';

// The agent's state with Asterisk as the truth: its queues, the centre that listens to its manager, and the desk.

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
  await rig.asterisk.console('queue unpause member PJSIP/agent1');
});
afterAll(async () => {
  await centre.close();
  await wire.close();
  await rig.close();
});

/** The state and its menu, in the status bar. */
const STATE = 'header button[aria-haspopup="menu"]';
const state = (desk: DeskPage, name: string) => desk.page.locator(`${STATE} [data-state="${name}"]:not(:empty)`);
const shows = (desk: DeskPage, name: string, timeout = 10_000) => state(desk, name).waitFor({ timeout });
const waiting = (desk: DeskPage, count: number) => desk.page.locator(`header [data-waiting="${count}"]`).waitFor();

/** A desk whose line is registered and which hears of its queues. */
async function deskOf(login: 'agent1' | 'agent2'): Promise<DeskPage> {
  const desk = await openDesk(rig.browser, await centre.startDesk(), login);
  rig.afterTest(desk.close);
  await rig.manager.event(`${login} registered`, (event) => {
    return event.Event === 'ContactStatus' && event.AOR === login && event.ContactStatus === 'Reachable';
  });
  await shows(desk, 'available');
  await waiting(desk, 0);
  // What an earlier test left behind at the PBX is over: its queues would call this desk.
  const member = `PJSIP/agent${login.slice(-1)} `;
  const lines = async () => (await queues()).split('\n').filter((line) => line.includes(member));
  await expect
    .poll(async () => (await lines()).filter((line) => !/\(Not in use\)/.test(line) || /paused/.test(line)), {
      timeout: 10_000,
    })
    .toEqual([]);
  // One place to ring: that of a desk which is gone would take the call and never answer.
  await expect
    .poll(async () => (await contacts()).split('\n').filter((line) => line.includes(`${login}/sip:`)).length, {
      timeout: 10_000,
    })
    .toBe(1);
  return desk;
}

async function takeBreak(desk: DeskPage): Promise<void> {
  await desk.page.locator(STATE).click();
  await desk.page.getByRole('menuitem', { name: /^(점심|Lunch)$/ }).click();
  await shows(desk, 'break');
}

const queues = () => rig.asterisk.console('queue show');
const contacts = () => rig.asterisk.console('pjsip show contacts');
const rang = () => rig.manager.seen().some((event) => event.Event === 'AgentCalled');

describe('the PBX is right', () => {
  test('a supervisor’s pause at the PBX is on the desk within two seconds, and said why; and its end', async () => {
    const desk = await deskOf('agent1');
    for (const queue of ['support', 'team']) {
      await rig.asterisk.console(`queue pause member PJSIP/agent1 queue ${queue} reason meeting`);
    }
    await shows(desk, 'break', 2000);
    await desk.page.locator('[data-pbx-changed="break"]').getByText('meeting').waitFor({ timeout: 1000 });
    await rig.asterisk.console('queue unpause member PJSIP/agent1');
    await shows(desk, 'available', 2000);
    await desk.page.locator('[data-pbx-changed="available"]').waitFor({ timeout: 1000 });
  });

  test('two desks of one login show the same, whoever changed it', async () => {
    const [one, other] = [await deskOf('agent1'), await deskOf('agent1')];
    await takeBreak(other);
    await shows(one, 'break', 2000);
    await rig.asterisk.console('queue unpause member PJSIP/agent1');
    for (const desk of [one, other]) await shows(desk, 'available', 2000).catch(() => shows(desk, 'offline', 1));
  });
});

describe('a break', () => {
  test('pauses every queue with its reason and keeps the line; no queue call is offered until it ends', async () => {
    const desk = await deskOf('agent1');
    await takeBreak(desk);
    expect((await queues()).match(/paused:lunch/g)).toHaveLength(2);
    rig.manager.clear();
    const caller = rig.call({ dial: '700', number: '01000001234' });
    await waiting(desk, 1);
    // Two rounds of the queue, which tries again every second.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(rang()).toBe(false);
    expect(await contacts()).toContain('agent1/sip:');
    await desk.press('Alt+R');
    await desk.ringing.waitFor();
    await caller.hangUp();
    await waiting(desk, 0);
  });

  test('without the link to the PBX the line is given back, and the desk says so', async () => {
    const desk = await deskOf('agent1');
    wire.mode = 'refuse';
    wire.cut();
    await desk.page
      .locator('header')
      .getByText(/교환기 연동 끊김|No word from the phone system/)
      .waitFor();
    await desk.page.locator(STATE).click();
    await desk.page.getByRole('menuitem', { name: /^(점심|Lunch)$/ }).click();
    await rig.manager.event('the line is given back', (event) => {
      return event.Event === 'ContactStatus' && event.AOR === 'agent1' && event.ContactStatus === 'Removed';
    });
    expect(await queues()).not.toContain('paused:lunch');
    wire.mode = 'pass';
    await expect.poll(async () => (await queues()).match(/paused:lunch/g)?.length, { timeout: 20_000 }).toBe(2);
    await shows(desk, 'break');
    await expect.poll(contacts, { timeout: 10_000 }).toContain('agent1/sip:');
  });

  test('outlives a restart of the PBX, which forgets it', async () => {
    const desk = await deskOf('agent1');
    await takeBreak(desk);
    await rig.restartPbx();
    await expect.poll(async () => (await queues()).match(/paused:lunch/g)?.length, { timeout: 25_000 }).toBe(2);
    await shows(desk, 'break');
  });
});

describe('wrap-up', () => {
  test('keeps the next caller waiting until the agent is ready', async () => {
    const desk = await deskOf('agent1');
    const first = rig.call({ dial: '700', number: '01000001234' });
    await desk.ringing.waitFor();
    await desk.press('Alt+A');
    await desk.hears(CALLER_HZ);
    await first.hangUp();
    await shows(desk, 'wrap_up');
    await expect.poll(async () => (await queues()).match(/paused:wrap_up/g)?.length).toBe(2);
    rig.manager.clear();
    rig.call({ dial: '700', number: '01000005678' });
    await waiting(desk, 1);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(rang()).toBe(false);
    await desk.press('Alt+R');
    await rig.manager.event('the agent is called', (event) => event.Event === 'AgentCalled');
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type CallCentre, startCallCentre } from './rig/call-centre.ts';
import { type DeskPage, openDesk } from './rig/desk-page.ts';
import { openLine } from './rig/line-proxy.ts';
import { AGENT_HZ, CALLER_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';

// The whole desk - centre, host and page as they are shipped - against Asterisk. phone.test.ts looks closer at the phone.

const KIM = { customerNumber: 'C-1001', name: '김단골', phones: ['010-0000-1234'], tier: 'gold' as const };
const FATHER = { customerNumber: 'C-1002', name: '오하늘', phones: ['010-0000-5678'] };
const DAUGHTER = { customerNumber: 'C-1003', name: '오바다', phones: ['010-0000-5678'] };

let rig: PbxRig;
let centre: CallCentre;

beforeAll(async () => {
  rig = await startRig();
  centre = await startCallCentre(rig.asterisk.server, [KIM, FATHER, DAUGHTER]);
});
afterEach(() => rig.endTest());
afterAll(async () => {
  await centre.close();
  await rig.close();
});

/** A signed-in desk that has fetched its customers, and whose line Asterisk can reach. */
async function deskOf(login: 'agent1' | 'agent2'): Promise<DeskPage> {
  const desk = await openDesk(rig.browser, await centre.startDesk(), login);
  rig.afterTest(desk.close);
  await desk.page.locator('[data-phase="idle"]').waitFor();
  await rig.manager.event(`${login} registered`, (event) => {
    return event.Event === 'ContactStatus' && event.AOR === login && event.ContactStatus === 'Reachable';
  });
  return desk;
}

const customerNumber = (desk: DeskPage, number: string) => desk.page.getByText(number, { exact: true });

describe('the right customer is on screen before the answer', () => {
  test('direct call: by the number that the carrier asserts', async () => {
    const desk = await deskOf('agent1');
    rig.call({ dial: '101', number: '01000001234', name: 'not to be believed' });
    await desk.ringing.waitFor();
    expect(await desk.ringing.textContent()).toBe('010-****-1234');
    await customerNumber(desk, KIM.customerNumber).waitFor();
    expect(await desk.customer.count()).toBe(1);
  });

  test('queue call: with the name that the business gave the queue', async () => {
    const desk = await deskOf('agent1');
    rig.call({ dial: '700', number: '01000001234' });
    await desk.ringing.waitFor();
    await desk.page
      .getByText(/^(고객지원|Customer care)$/)
      .first()
      .waitFor();
    await customerNumber(desk, KIM.customerNumber).waitFor();
  });

  test('from another number, with the reference that the dialplan knows', async () => {
    const desk = await deskOf('agent1');
    rig.call({ dial: '101', number: '01000009999', customerRef: KIM.customerNumber });
    await customerNumber(desk, KIM.customerNumber).waitFor();
  });

  test('two customers with one number: both are offered, the choice opens that one', async () => {
    const desk = await deskOf('agent1');
    rig.call({ dial: '101', number: '01000005678' });
    await customerNumber(desk, FATHER.customerNumber).waitFor();
    const daughter = desk.page.locator('li').filter({ has: customerNumber(desk, DAUGHTER.customerNumber) });
    await daughter.getByRole('button').click();
    await desk.customer.waitFor();
    await customerNumber(desk, DAUGHTER.customerNumber).waitFor();
  });

  test('a stranger: their number, and nobody else’s screen', async () => {
    const desk = await deskOf('agent1');
    rig.call({ dial: '101', number: '01000009876' });
    await desk.ringing.waitFor();
    await desk.page.locator('h1[elementtiming="paint-b"]').waitFor();
    expect(await desk.customer.count()).toBe(0);
  });

  test('withheld: rings without any digit of the number', async () => {
    const desk = await deskOf('agent1');
    rig.call({ dial: '101', number: '01000001234', private: true });
    await desk.ringing.waitFor();
    await desk.page.locator('h1[elementtiming="paint-b"]').waitFor();
    expect(await desk.ringing.textContent()).not.toMatch(/\d/);
    expect(await desk.customer.count()).toBe(0);
  });
});

describe('a call', () => {
  test('answered by key, heard by both; the note reaches the centre and a colleague’s desk', async () => {
    const desk = await deskOf('agent1');
    const caller = rig.call({ dial: '700', number: '01000001234' });
    await customerNumber(desk, KIM.customerNumber).waitFor();
    await desk.press('Alt+A');
    await desk.talking.waitFor();
    expect(await desk.hears(CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);

    await desk.press('Alt+N');
    await desk.page.keyboard.insertText('요금제 변경을 원하심');
    await desk.press('Alt+X');
    await caller.over;
    await desk.press('Control+Enter');
    await desk.page.locator('[role="status"] [data-mark="centre"]').waitFor();

    const colleague = await deskOf('agent2');
    rig.call({ dial: '102', number: '01000001234' });
    await colleague.page.getByText('요금제 변경을 원하심').waitFor();
  });

  test('the caller hangs up: the work stays on screen, the line is free', async () => {
    const desk = await deskOf('agent1');
    const caller = rig.call({ dial: '101', number: '01000001234' });
    await desk.ringing.waitFor();
    await desk.press('Alt+A');
    await desk.hears(CALLER_HZ);
    await caller.hangUp();
    await desk.page.locator('section[data-tone="wrap"]').waitFor();
    expect(await desk.customer.count()).toBe(1);
    expect(await desk.page.evaluate(() => globalThis.dangolProbe.openConnections())).toBe(0);
  });

  test('the caller gives up: the desk says who was missed', async () => {
    const desk = await deskOf('agent1');
    const caller = rig.call({ dial: '101', number: '01000001234' });
    await desk.ringing.waitFor();
    await caller.hangUp();
    expect(await desk.page.locator('section[data-tone="idle"] [data-call]').textContent()).toBe('010-****-1234');
  });

  test('hold and back by key', async () => {
    const desk = await deskOf('agent1');
    rig.call({ dial: '101', number: '01000001234' });
    await desk.ringing.waitFor();
    await desk.press('Alt+A');
    await desk.hears(CALLER_HZ);
    await desk.press('Alt+H');
    await desk.held.waitFor();
    expect(await rig.callerHears(1)).toMatchObject({ agent: expect.toSatisfy((share: number) => share < 0.05) });
    await desk.press('Alt+H');
    await desk.talking.waitFor();
    expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
  });

  test('a second one while talking: the first call’s customer, note and focus stay as they are', async () => {
    const desk = await deskOf('agent1');
    rig.call({ dial: '101', number: '01000001234' });
    await customerNumber(desk, KIM.customerNumber).waitFor();
    await desk.press('Alt+A');
    await desk.hears(CALLER_HZ);
    await desk.note.focus();
    await desk.page.keyboard.insertText('첫 번째 통화');
    rig.call({ dial: '101', number: '01000005678' });
    await desk.page.getByText('010-****-5678').first().waitFor();
    expect(await desk.note.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await desk.note.inputValue()).toBe('첫 번째 통화');
    expect(await customerNumber(desk, KIM.customerNumber).isVisible()).toBe(true);
    await desk.talking.waitFor();
  });

  test('the line is cut while talking: the call goes on, and its end arrives', async () => {
    const line = await openLine(rig.asterisk.server);
    const pbx = (server: string) => ({ server, domain: '127.0.0.1', iceServers: [] });
    await centre.administer('PUT', '/v1/admin/pbx', pbx(line.server));
    rig.afterTest(async () => {
      await centre.administer('PUT', '/v1/admin/pbx', pbx(rig.asterisk.server));
      await line.close();
    });
    const desk = await deskOf('agent1');
    const caller = rig.call({ dial: '101', number: '01000001234' });
    await desk.ringing.waitFor();
    await desk.press('Alt+A');
    await desk.hears(CALLER_HZ);
    rig.manager.clear();
    line.cut();
    await rig.manager.event('the contact is gone', (event) => {
      return event.Event === 'ContactStatus' && event.AOR === 'agent1' && event.ContactStatus !== 'Reachable';
    });
    line.mend();
    await rig.manager.event(
      'registered again',
      (event) => {
        return event.Event === 'ContactStatus' && event.AOR === 'agent1' && event.ContactStatus === 'Reachable';
      },
      20_000,
    );
    expect(await desk.hears(CALLER_HZ)).toBe(true);
    await caller.hangUp();
    await desk.page.locator('section[data-tone="wrap"]').waitFor();
  });
});

describe('the agent calls', () => {
  test('a number passes the gate, the own voice comes back from the echo, keys arrive', async () => {
    const desk = await deskOf('agent1');
    await desk.press('Alt+T');
    await desk.page.locator('input[type="tel"]').fill('010-0000-0001');
    await desk.press('Enter');
    await desk.talking.waitFor();
    expect(await desk.hears(AGENT_HZ)).toBe(true);
    await desk.press('Alt+K');
    // The pad takes the focus once it has opened.
    await desk.page
      .getByRole('button', { name: '1', exact: true, includeHidden: false })
      .and(desk.page.locator(':focus'))
      .waitFor();
    for (const key of ['4', '2']) {
      rig.manager.clear();
      await desk.press(key);
      await rig.manager.event(`the digit ${key}`, (event) => event.Event === 'DTMFEnd' && event.Digit === key);
    }
    await desk.press('Escape');
    await desk.press('Alt+X');
    await desk.page.locator('section[data-tone="wrap"]').waitFor();
  });
});

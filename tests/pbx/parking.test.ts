import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answer, ended, hears } from './rig/agent-acts.ts';
import { startCallCentre } from './rig/call-centre.ts';
import { openDesk } from './rig/desk-page.ts';
import { blind, type HandingOver, startHandingOver } from './rig/handing-over.ts';
import { CALLER_HZ } from './rig/pbx-rig.ts';
import type { PhonePage } from './rig/phone-page.ts';

// Parking places and pick-up, as etc/extensions.conf and res_parking.conf offer them.

let bench: HandingOver;
let rig: HandingOver['rig'];
let phoneOf: HandingOver['phoneOf'];
let talking: HandingOver['talking'];

beforeAll(async () => {
  bench = await startHandingOver();
  ({ rig, phoneOf, talking } = bench);
});
afterEach(() => rig.endTest());
afterAll(() => bench.close());

const watch = (phone: PhonePage, ...places: string[]) =>
  phone.page.evaluate((extensions) => globalThis.testPhone.watch(extensions), places);
const lamp = (phone: PhonePage, place: string, is: string) =>
  phone.until(`${place} ${is}`, ({ presence }) => (presence[place] === is ? true : undefined));
const call = (phone: PhonePage, target: string) =>
  phone.page.evaluate((number) => globalThis.testPhone.call(number), target);

describe('parking', () => {
  test('handed to a place: the customer has music there, every lamp says so, and a colleague takes them back', async () => {
    const colleague = await phoneOf('agent2');
    await watch(colleague, '701', '702');
    await lamp(colleague, '701', 'idle');
    const { agent, callId } = await talking();
    await blind(agent, callId, '701');
    expect((await ended(agent, callId)).end).toMatchObject({ result: 'answered', transferredTo: '701' });
    await lamp(colleague, '701', 'busy');
    expect((await rig.callerHears(1)).music).toBeGreaterThan(0.6);
    await call(colleague, '701');
    await colleague.call('talking');
    expect(await hears(colleague, CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
    await lamp(colleague, '701', 'idle');
    // Who it is comes from the PBX: the pop shows the customer, not the place.
    await colleague.until('the customer', ({ calls }) => calls.find(({ caller }) => caller.e164 === '+821000001234'));
  });

  test('the place was taken meanwhile: the customer comes back to the agent', async () => {
    const { agent, callId } = await talking();
    await blind(agent, callId, '702');
    await ended(agent, callId);
    const second = rig.call({ dial: '101', number: '01000009876' });
    const { callId: other } = await answer(agent);
    await blind(agent, other, '702');
    await ended(agent, other);
    expect(await agent.call('ringing')).toMatchObject({ caller: { e164: '+821000009876' } });
    await second.hangUp();
  });
});

describe('pick-up of a colleague’s ringing call', () => {
  test.each(['*8', '*8102'])('%s: the customer is here, and rings nowhere else', async (code) => {
    const agent = await phoneOf('agent1');
    const colleague = await phoneOf('agent2');
    rig.call({ dial: '102', number: '01000001234' });
    await colleague.call('ringing');
    await call(agent, code);
    await agent.call('talking');
    expect(await hears(agent, CALLER_HZ)).toBe(true);
    expect((await colleague.call('ended')).end).toMatchObject({ by: 'there' });
    await agent.until('the customer', ({ calls }) => calls.find(({ caller }) => caller.e164 === '+821000001234'));
  });
});

test('at the desk, by keys: parked in the first place, shown there, and taken back with the customer on screen', async () => {
  const KIM = { customerNumber: 'C-1001', name: '김단골', phones: ['010-0000-1234'] };
  const centre = await startCallCentre(rig.asterisk.server, [KIM]);
  rig.afterTest(centre.close);
  const features = { parking: ['701', '702', '703'], pickUp: '*8', pickUpFrom: '*8' };
  const pbx = { server: rig.asterisk.server, domain: '127.0.0.1', iceServers: [], features };
  await centre.administer('PUT', '/v1/admin/pbx', pbx);
  const desk = await openDesk(rig.browser, await centre.startDesk(), 'agent1');
  rig.afterTest(desk.close);
  await rig.manager.event('agent1 registered', (event) => {
    return event.Event === 'ContactStatus' && event.AOR === 'agent1' && event.ContactStatus === 'Reachable';
  });
  rig.call({ dial: '101', number: '01000001234' });
  await desk.ringing.waitFor();
  await desk.press('Alt+A');
  await desk.talking.waitFor();
  expect(await desk.hears(CALLER_HZ)).toBe(true);
  await desk.press('Alt+Shift+G');
  await desk.page.locator('[data-parked="701"]').waitFor();
  expect((await rig.callerHears(1)).music).toBeGreaterThan(0.6);
  await desk.press('Alt+Shift+H');
  await desk.talking.waitFor();
  expect(await desk.hears(CALLER_HZ)).toBe(true);
  await desk.page.locator('section[data-tone="talking"]', { hasText: '010-****-1234' }).waitFor();
  await desk.page.getByText(KIM.customerNumber, { exact: true }).first().waitFor();
  await desk.page.locator('[data-parked="701"]').waitFor({ state: 'detached' });
});

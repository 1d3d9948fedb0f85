import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answer, ended, hears } from './rig/agent-acts.ts';
import { AGENT_HZ, CALLER_HZ, COLLEAGUE_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';
import { type AgentName, openPhone, type PhonePage, servePhonePage, sipAccount } from './rig/phone-page.ts';

// Handing customers over and conferences, against Asterisk. The agent sounds like 700 Hz, the colleague like 1500.

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

const callerLegs = async () =>
  (await rig.asterisk.console('core show channels concise'))
    .split('\n')
    .filter((line) => line.startsWith('PJSIP/pstn-'));

/** A customer who talks to agent 1. */
async function talking(): Promise<{ agent: PhonePage; callId: string; caller: ReturnType<PbxRig['call']> }> {
  const agent = await phoneOf('agent1');
  const caller = rig.call({ dial: '101', ...KIM });
  const { callId } = await answer(agent);
  expect(await hears(agent, CALLER_HZ)).toBe(true);
  return { agent, callId, caller };
}

const blind = (phone: PhonePage, callId: string, target: string) =>
  phone.page.evaluate(([id, to]) => globalThis.testPhone.transfer(id, to, { 'X-Dangol-Capsule': 'cap-7' }), [
    callId,
    target,
  ] as const);

/** The agent asks a colleague, who answers. */
async function consulted(agent: PhonePage, colleague: PhonePage, callId: string): Promise<string> {
  const consultCallId = await agent.page.evaluate(
    (id) => globalThis.testPhone.consult(id, '102', { 'X-Dangol-Capsule': 'cap-7' }),
    callId,
  );
  const asked = await answer(colleague);
  expect(asked).toMatchObject({ capsule: 'cap-7', caller: { number: '101' } });
  expect(await hears(agent, COLLEAGUE_HZ)).toBe(true);
  return consultCallId;
}

describe('blind transfer', () => {
  test('to a colleague: the pop is the customer, with their story; both hear each other, and the agent is free', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId } = await talking();
    await blind(agent, callId, '102');
    expect((await ended(agent, callId)).end).toMatchObject({ result: 'answered', transferredTo: '102' });
    const ringing = await colleague.call('ringing');
    expect(ringing).toMatchObject({ capsule: 'cap-7', customerRef: 'C-77', caller: { e164: '+821000001234' } });
    await answer(colleague);
    expect(await hears(colleague, CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(1.5)).colleague).toBeGreaterThan(0.6);
    expect(await agent.page.evaluate(() => globalThis.dangolProbe.openConnections())).toBe(0);
  });

  test('to a number that is busy: the customer comes back to the agent', async () => {
    const { agent, callId } = await talking();
    await blind(agent, callId, '01000000002');
    await ended(agent, callId);
    const back = await answer(agent);
    expect(back.caller.e164).toBe('+821000001234');
    expect(await hears(agent, CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
  });

  test('to a colleague who is not there: the customer comes back to the agent', async () => {
    const { agent, callId } = await talking();
    await blind(agent, callId, '103');
    await ended(agent, callId);
    await answer(agent);
    expect(await hears(agent, CALLER_HZ)).toBe(true);
  });

  test('to a number that does not exist: the PBX refuses, and the agent never lost the customer', async () => {
    const { agent, callId } = await talking();
    await blind(agent, callId, '99');
    const failed = await agent.until('failed and back', ({ calls }) =>
      calls.find((one) => one.phase === 'talking' && one.transfer?.state === 'failed' && one.hold === 'none'),
    );
    expect(failed).toMatchObject({ callId, transfer: { sipStatus: 404 } });
    expect(await hears(agent, CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(1.5)).agent).toBeGreaterThan(0.6);
  });

  test('the customer hangs up while it rings there: the colleague stops ringing, nothing is left', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId, caller } = await talking();
    await blind(agent, callId, '102');
    const { callId: ringingId } = await colleague.call('ringing');
    await caller.hangUp();
    expect((await ended(colleague, ringingId)).end.result).toBe('missed');
    await ended(agent, callId);
    await expect.poll(callerLegs).toEqual([]);
  });
});

describe('attended transfer', () => {
  test('consult, then complete: the customer and the colleague hear each other, and the pop follows the customer', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId } = await talking();
    const consultCallId = await consulted(agent, colleague, callId);
    expect((await rig.callerHears(1)).music).toBeGreaterThan(0.6);
    await agent.page.evaluate(([id, other]) => globalThis.testPhone.completeTransfer(id, other), [
      callId,
      consultCallId,
    ] as const);
    expect((await ended(agent, callId)).end).toMatchObject({ result: 'answered', transferredTo: '102' });
    await ended(agent, consultCallId);
    const shown = await colleague.until('the customer is shown', ({ calls }) =>
      calls.find((one) => one.phase === 'talking' && one.caller.e164 === '+821000001234'),
    );
    expect(shown.caller.displayName).toBe('김단골');
    expect(await hears(colleague, CALLER_HZ)).toBe(true);
    expect((await rig.callerHears(1.5)).colleague).toBeGreaterThan(0.6);
    expect(await agent.page.evaluate(() => globalThis.dangolProbe.openConnections())).toBe(0);
  });

  test('swap, and cancel by hanging up: the customer is with the agent again', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId } = await talking();
    const consultCallId = await consulted(agent, colleague, callId);
    await agent.page.evaluate((id) => globalThis.testPhone.resume(id), callId);
    await agent.until('swapped', ({ calls }) => {
      const holds = calls.map((one) => (one.phase === 'talking' ? one.hold : one.phase));
      return holds.join() === 'none,held' ? true : undefined;
    });
    expect((await rig.callerHears(1)).agent).toBeGreaterThan(0.6);
    await agent.page.evaluate((id) => globalThis.testPhone.hangUp(id), consultCallId);
    const { callId: colleagueCall } = await colleague.call('ended');
    expect(colleagueCall).toBeTruthy();
    expect((await rig.callerHears(1)).agent).toBeGreaterThan(0.6);
  });

  test('the customer hangs up during the consultation: the colleague is still there', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId, caller } = await talking();
    await consulted(agent, colleague, callId);
    await caller.hangUp();
    expect((await ended(agent, callId)).end).toMatchObject({ by: 'there', result: 'answered' });
    expect(await hears(agent, COLLEAGUE_HZ)).toBe(true);
    expect(await hears(colleague, AGENT_HZ)).toBe(true);
  });

  test('completed while it still rings: the colleague rings for the customer', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId } = await talking();
    const consultCallId = await agent.page.evaluate((id) => globalThis.testPhone.consult(id, '102'), callId);
    const { callId: first } = await colleague.call('ringing');
    await agent.page.evaluate(
      ([id, other]) => globalThis.testPhone.completeTransfer(id, other, { 'X-Dangol-Capsule': 'cap-8' }),
      [callId, consultCallId] as const,
    );
    await ended(colleague, first);
    const again = await colleague.until('rings again', ({ calls }) =>
      calls.find((one) => one.phase === 'ringing' && one.callId !== first),
    );
    expect(again).toMatchObject({ capsule: 'cap-8', caller: { e164: '+821000001234' } });
    await answer(colleague);
    expect(await hears(colleague, CALLER_HZ)).toBe(true);
    expect((await ended(agent, callId)).end).toMatchObject({ transferredTo: '102' });
  });
});

describe('conference', () => {
  test('all three hear each other; split parks the colleague; then the agent leaves both alone', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId } = await talking();
    const consultCallId = await consulted(agent, colleague, callId);
    const join = () =>
      agent.page.evaluate(([id, other]) => globalThis.testPhone.conference(id, other), [
        callId,
        consultCallId,
      ] as const);
    const joined = () =>
      agent.until('joined', ({ calls }) =>
        calls.every((one) => one.phase === 'talking' && one.conference) ? true : undefined,
      );
    await join();
    await joined();
    const both = await rig.callerHears(1.5);
    expect(both.agent).toBeGreaterThan(0.15);
    expect(both.colleague).toBeGreaterThan(0.15);
    const hearsAll = (phone: PhonePage, nth: number, ...hz: number[]) =>
      phone.page.evaluate(([call, pitches]) => globalThis.dangolProbe.hearsAll(call, pitches, 8000), [nth, hz] as [
        number,
        number[],
      ]);
    expect(await hearsAll(colleague, 0, AGENT_HZ, CALLER_HZ)).toBe(true);
    expect(await hearsAll(agent, 0, CALLER_HZ)).toBe(true);
    expect(await hearsAll(agent, 1, COLLEAGUE_HZ)).toBe(true);

    await agent.page.evaluate(() => globalThis.testPhone.splitConference());
    await agent.until('split', ({ calls }) => {
      const holds = calls.map((one) => (one.phase === 'talking' && !one.conference ? one.hold : 'no'));
      return holds.join() === 'none,held' ? true : undefined;
    });
    const alone = await rig.callerHears(1.5);
    expect(alone.agent).toBeGreaterThan(0.6);
    expect(alone.colleague).toBeLessThan(0.05);

    await join();
    await joined();
    await agent.page.evaluate(([id, other]) => globalThis.testPhone.completeTransfer(id, other), [
      callId,
      consultCallId,
    ] as const);
    await ended(agent, callId);
    await ended(agent, consultCallId);
    expect(await hearsAll(colleague, 0, CALLER_HZ)).toBe(true);
    const left = await rig.callerHears(1.5);
    expect(left.colleague).toBeGreaterThan(0.6);
    expect(left.agent).toBeLessThan(0.05);
  }, 60_000);
});

describe('a customer whom the agent called', () => {
  /** The far end answers and echoes: a colleague who gets the customer hears their own voice. */
  const called = async () => {
    const agent = await phoneOf('agent1');
    const callId = await agent.page.evaluate(() => globalThis.testPhone.call('01000000001'));
    await agent.call('talking');
    expect(await hears(agent, AGENT_HZ)).toBe(true);
    return { agent, callId };
  };

  test('is handed over blind', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId } = await called();
    await blind(agent, callId, '102');
    expect((await ended(agent, callId)).end).toMatchObject({ transferredTo: '102' });
    expect(await answer(colleague)).toMatchObject({ capsule: 'cap-7' });
    expect(await hears(colleague, COLLEAGUE_HZ)).toBe(true);
  });

  test('is handed over after a word with the colleague', async () => {
    const colleague = await phoneOf('agent2', COLLEAGUE_HZ);
    const { agent, callId } = await called();
    const consultCallId = await consulted(agent, colleague, callId);
    await agent.page.evaluate(([id, other]) => globalThis.testPhone.completeTransfer(id, other), [
      callId,
      consultCallId,
    ] as const);
    await ended(agent, callId);
    await ended(agent, consultCallId);
    await colleague.until('the customer is shown', ({ calls }) =>
      calls.find((one) => one.phase === 'talking' && one.caller.number === '01000000001'),
    );
    expect(await hears(colleague, COLLEAGUE_HZ)).toBe(true);
  });
});

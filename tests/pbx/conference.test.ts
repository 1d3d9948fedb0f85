import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answer, ended, hears } from './rig/agent-acts.ts';
import { blind, type HandingOver, startHandingOver } from './rig/handing-over.ts';
import { AGENT_HZ, CALLER_HZ, COLLEAGUE_HZ } from './rig/pbx-rig.ts';
import type { PhonePage } from './rig/phone-page.ts';

// Three together, and customers whom the agent called, against Asterisk.

let bench: HandingOver;
let consulted: HandingOver['consulted'];
let phoneOf: HandingOver['phoneOf'];
let rig: HandingOver['rig'];
let talking: HandingOver['talking'];

beforeAll(async () => {
  bench = await startHandingOver();
  ({ consulted, phoneOf, rig, talking } = bench);
});
afterEach(() => rig.endTest());
afterAll(() => bench.close());

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

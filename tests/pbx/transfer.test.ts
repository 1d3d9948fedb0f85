import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answer, ended, hears } from './rig/agent-acts.ts';
import { blind, type HandingOver, startHandingOver } from './rig/handing-over.ts';
import { AGENT_HZ, CALLER_HZ, COLLEAGUE_HZ } from './rig/pbx-rig.ts';

// Handing customers over, against Asterisk. The agent sounds like 700 Hz, the colleague like 1500.

let bench: HandingOver;
let callerLegs: HandingOver['callerLegs'];
let consulted: HandingOver['consulted'];
let phoneOf: HandingOver['phoneOf'];
let rig: HandingOver['rig'];
let talking: HandingOver['talking'];

beforeAll(async () => {
  bench = await startHandingOver();
  ({ callerLegs, consulted, phoneOf, rig, talking } = bench);
});
afterEach(() => rig.endTest());
afterAll(() => bench.close());

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

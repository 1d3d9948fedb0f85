import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { answer, ended, hears } from './rig/agent-acts.ts';
import { blind, type HandingOver, startHandingOver } from './rig/handing-over.ts';
import { CALLER_HZ, COLLEAGUE_HZ } from './rig/pbx-rig.ts';

// The dialplan that administrators copy from docs/asterisk.md, line by line, in an Asterisk of its own.

/** Whole contexts; what stands without one is a piece for those who want it. */
function copied(): string {
  const document = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'asterisk.md'), 'utf8');
  const blocks = [...document.matchAll(/```ini\n(.*?)```/gs)].map(([, block = '']) => block);
  const dialplan = blocks.filter((block) => /^\[.+\]$/m.test(block) && /^exten => /m.test(block));
  // The trunk of these tests calls its context so.
  return `${dialplan.join('\n')}\n[from-pstn]\ninclude => from-carrier\n`;
}

let bench: HandingOver;

beforeAll(async () => {
  bench = await startHandingOver(copied());
});
afterEach(() => bench.rig.endTest());
afterAll(() => bench.close());

test('a customer who is handed to a colleague who is away rings at the agent again, and is heard', async () => {
  const { agent, callId } = await bench.talking();
  await blind(agent, callId, '102');
  await ended(agent, callId);
  const back = await answer(agent);
  expect(back.caller.e164).toBe('+821000001234');
  expect(await hears(agent, CALLER_HZ)).toBe(true);
});

test('to a number outside that cannot be reached: the same', async () => {
  const { agent, callId } = await bench.talking();
  await blind(agent, callId, '+821000009999');
  await ended(agent, callId);
  await answer(agent);
  expect(await hears(agent, CALLER_HZ)).toBe(true);
});

test('to a colleague who declines: the same, and one who answers has them, with their story', async () => {
  const colleague = await bench.phoneOf('agent2', COLLEAGUE_HZ);
  const { agent, callId } = await bench.talking();
  await blind(agent, callId, '102');
  const { callId: offered } = await colleague.call('ringing');
  await colleague.page.evaluate((id) => globalThis.testPhone.decline(id), offered);
  const back = await answer(agent);
  expect(await hears(agent, CALLER_HZ)).toBe(true);
  await blind(agent, back.callId, '102');
  expect(await colleague.call('ringing')).toMatchObject({ capsule: 'cap-7', caller: { e164: '+821000001234' } });
  await answer(colleague);
  expect(await hears(colleague, CALLER_HZ)).toBe(true);
});

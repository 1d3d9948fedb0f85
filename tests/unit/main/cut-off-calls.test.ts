import { beforeEach, describe, expect, test } from 'vitest';
import { endForgottenCalls, readOpenCalls, recordCall } from '../../../src/main/calls.ts';
import type { CallSnapshot } from '../../../src/shared/call.ts';
import { openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { callSnapshot } from '../../fakes/kept-call.ts';

// Desk and power were gone in the middle of a call: when it ended is known as well as its last sign of life.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let desk: TestContext;
let call: CallSnapshot;

beforeEach(() => {
  desk = openTestContext();
  const at = new Date(desk.clock.now()).toISOString();
  call = callSnapshot({ startedAt: at, answeredAt: at });
  recordCall(desk, call);
});

const open = () => readOpenCalls(desk.outbox, desk.sitting.id, desk.clock.now());
const pass = async (ms: number) => {
  await desk.clock.advance(ms);
  return new Date(desk.clock.now()).toISOString();
};
const interactions = () => operations(desk).filter(({ kind }) => kind === 'interaction.record');

describe('a call that was cut off with its page', () => {
  test('ended at its last sign of life, not when the desk is opened again', async () => {
    const last = await pass(10 * MINUTE);
    recordCall(desk, call);
    await pass(15 * HOUR);
    expect(open()).toMatchObject([{ callId: call.callId, phase: 'talking', endedAt: last }]);
  });

  test('a sign of life is no news: nothing is sent, and no window is told to read anything', async () => {
    const [sent, told] = [operations(desk).length, desk.events.length];
    await pass(MINUTE);
    recordCall(desk, call);
    expect([operations(desk).length, desk.events.length]).toEqual([sent, told]);
  });

  test('a day later nobody wraps it up any more: it is ended all the same, once, and the centre hears when', async () => {
    const last = await pass(10 * MINUTE);
    recordCall(desk, call);
    await pass(25 * HOUR);
    endForgottenCalls(desk);
    expect(interactions().at(-1)?.payload).toMatchObject({ endedAt: last, result: 'answered' });
    const count = interactions().length;
    endForgottenCalls(desk);
    expect(interactions()).toHaveLength(count);
    expect(open()).toEqual([]);
  });

  test('nor is one that only rang still ringing', async () => {
    const ringing = callSnapshot({ phase: 'ringing', answeredAt: null });
    recordCall(desk, ringing);
    await pass(25 * HOUR);
    endForgottenCalls(desk);
    const ended = interactions().find(({ payload }) => payload.interactionId === ringing.callId);
    expect(ended?.payload).toMatchObject({ result: 'missed', endedAt: expect.any(String) });
  });
});

test('a call of now is nobody’s to end', () => {
  endForgottenCalls(desk);
  expect(interactions().at(-1)?.payload).toMatchObject({ endedAt: null });
});

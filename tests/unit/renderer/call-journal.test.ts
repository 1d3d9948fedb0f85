import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCallJournal } from '../../../src/renderer/call-journal.ts';
import type { CallSnapshot } from '../../../src/shared/call.ts';
import { newId } from '../../../src/shared/ids.ts';

const snapshot = (callId: string, phase: CallSnapshot['phase'], customerId: string | null = null) =>
  ({ callId, phase, customerId }) as CallSnapshot;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the journal of a call', () => {
  test('a ring is sent once, after the pop, with the customer who was found meanwhile', () => {
    const sent: CallSnapshot[] = [];
    const journal = createCallJournal((one) => sent.push(one));
    const callId = newId();
    const customerId = newId();
    journal.write(snapshot(callId, 'ringing'));
    journal.write(snapshot(callId, 'ringing', customerId));
    expect(sent).toEqual([]);
    vi.runAllTimers();
    expect(sent).toEqual([snapshot(callId, 'ringing', customerId)]);
  });

  test('whatever comes after the ring is sent at once, in order, and the ring does not follow it', () => {
    const sent: CallSnapshot[] = [];
    const journal = createCallJournal((one) => sent.push(one));
    const callId = newId();
    journal.write(snapshot(callId, 'ringing'));
    journal.write(snapshot(callId, 'talking'));
    journal.write(snapshot(callId, 'wrap_up'));
    vi.runAllTimers();
    expect(sent.map((one) => one.phase)).toEqual(['talking', 'wrap_up']);
  });

  test('a page that leaves sends what still waits', () => {
    const sent: CallSnapshot[] = [];
    const journal = createCallJournal((one) => sent.push(one));
    journal.write(snapshot(newId(), 'ringing'));
    journal.flush();
    expect(sent).toHaveLength(1);
    vi.runAllTimers();
    expect(sent).toHaveLength(1);
  });
});

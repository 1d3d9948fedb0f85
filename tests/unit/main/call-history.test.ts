import { beforeEach, describe, expect, test } from 'vitest';
import { HISTORY, readCallHistory } from '../../../src/main/call-history.ts';
import { recordCall } from '../../../src/main/calls.ts';
import { checkDial } from '../../../src/main/gate.ts';
import type { CallSnapshot } from '../../../src/shared/call.ts';
import { newId } from '../../../src/shared/ids.ts';
import { accessLog, NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

function call(part: Partial<CallSnapshot> = {}): CallSnapshot {
  const caller = { number: '01000001001', e164: '+821000001001', displayName: null, withheld: false, source: 'from' };
  const at = new Date(NOON).toISOString();
  return {
    callId: newId(),
    direction: 'in',
    caller: caller as CallSnapshot['caller'],
    queue: null,
    customerRef: null,
    customerId: null,
    phase: 'done',
    startedAt: at,
    answeredAt: at,
    endedAt: at,
    result: 'answered',
    ...part,
  };
}
const dial = (callId: string) =>
  checkDial(desk, { number: '', callId, customerId: null, purpose: 'service', overrideReason: null });

describe('the agent’s own calls', () => {
  test('are listed with masked numbers and names, and the look is logged once for each customer', () => {
    recordCall(desk, call({ customerId: SAMPLE.gold.id }));
    recordCall(desk, call({ customerId: SAMPLE.gold.id, direction: 'out' }));
    const listed = readCallHistory(desk);
    expect(listed).toHaveLength(2);
    expect(listed[0]).toMatchObject({ phone: '010-****-1001', customerName: '김*수', answered: true });
    expect(JSON.stringify(listed)).not.toContain('01000001001');
    const entry = { action: 'view', customerId: SAMPLE.gold.id, context: 'call history' };
    expect(accessLog(desk)).toMatchObject([entry]);
  });

  test('a withheld number is listed without one, and cannot be dialled', () => {
    const hidden = call();
    recordCall(desk, { ...hidden, caller: { ...hidden.caller, number: null, e164: null, withheld: true } });
    expect(readCallHistory(desk)).toMatchObject([{ phone: null, customerName: null }]);
    expect(() => dial(hidden.callId)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  test('are dialled again by the host’s own record of the number, through the gate', () => {
    const past = call();
    recordCall(desk, past);
    expect(dial(past.callId)).toMatchObject({ allowed: true, target: '+821000001001' });
  });

  test('another agent’s calls are neither listed nor dialled', () => {
    const past = call();
    recordCall(desk, past);
    desk.outbox.prepare('UPDATE call SET agent_id = ?').run(newId());
    expect(readCallHistory(desk)).toEqual([]);
    expect(() => dial(past.callId)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  test('are found by an index, however long the journal is', () => {
    const plan = desk.outbox.prepare(`EXPLAIN QUERY PLAN ${HISTORY.ofAgent}`).all(SAMPLE.agent.id, 20);
    expect(JSON.stringify(plan)).toContain('call_agent');
  });
});

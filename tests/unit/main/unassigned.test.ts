import { beforeEach, expect, test } from 'vitest';
import { recordCall, wrapUpCall } from '../../../src/main/calls.ts';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { saveNote } from '../../../src/main/notes.ts';
import { assignCall, readUnassigned, UNASSIGNED } from '../../../src/main/unassigned.ts';
import { newId } from '../../../src/shared/ids.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { NOON, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
const callId = newId();
const noteId = newId();
const at = new Date(NOON).toISOString();
const caller = { number: null, e164: null, displayName: null, withheld: true, source: 'from' } as const;
const facts = { direction: 'in', queue: null, startedAt: at, answeredAt: at, endedAt: at, result: 'answered' } as const;

beforeEach(() => {
  desk = openTestContext();
  recordCall(desk, { callId, caller, customerRef: null, customerId: null, phase: 'wrap_up', ...facts });
  saveNote(desk, { noteId, callId, customerId: null, text: '번호를 숨긴 분의 문의' });
  wrapUpCall(desk, { callId, customerId: null, dispositionCode: 'resolved', wrapUpSeconds: 3 });
});

/** The centre has everything, and this desk kept nothing but the rows. */
function confirmAll(): void {
  const who = { agentId: SAMPLE.agent.id, agentName: SAMPLE.agent.name, subject: null, dispositionCode: 'resolved' };
  const call = { id: callId, customerId: null, channel: 'phone' as const, phone: null, ...who, ...facts };
  const author = { authorId: SAMPLE.agent.id, authorName: SAMPLE.agent.name, at };
  const note = { id: noteId, interactionId: callId, customerId: null, text: '번호를 숨긴 분의 문의', ...author };
  applyRows(desk.cache, [
    { table: 'interaction', id: callId, version: 1, deleted: false, data: call },
    { table: 'note', id: noteId, version: 1, deleted: false, data: note },
  ]);
  desk.outbox.exec('DELETE FROM operation; DELETE FROM call');
}
const seen = () => {
  const view = createCustomerDoor(desk).readCustomer(
    { customerId: SAMPLE.gold.id, callId: null, unmasked: false },
    null,
  );
  return view.timeline.flatMap((entry) => entry.notes).filter((note) => note.id === noteId);
};

test.each([false, true])('a saved note of a call without a customer can be seen again; confirmed: %s', (confirmed) => {
  if (confirmed) confirmAll();
  const note = { noteId, callId, text: '번호를 숨긴 분의 문의', at, mark: confirmed ? 'centre' : 'here' };
  expect(readUnassigned(desk)).toEqual([note]);
  desk.sitting = SAMPLE.otherAgent;
  expect(readUnassigned(desk)).toEqual([]);
});

test.each([false, true])('once it is said whose call it was, its note is theirs; confirmed: %s', (confirmed) => {
  if (confirmed) confirmAll();
  assignCall(desk, { callId, customerId: SAMPLE.gold.id });
  expect(readUnassigned(desk)).toEqual([]);
  expect(seen()).toHaveLength(1);
  expect(operations(desk).at(-1)).toMatchObject({
    kind: 'interaction.record',
    payload: { interactionId: callId, customerId: SAMPLE.gold.id, endedAt: at, result: 'answered' },
  });
});

test('nobody says it of somebody else’s call, nor of one that has a customer', () => {
  confirmAll();
  desk.sitting = SAMPLE.otherAgent;
  expect(() => assignCall(desk, { callId, customerId: SAMPLE.gold.id })).toThrow('FORBIDDEN');
  desk.sitting = SAMPLE.agent;
  assignCall(desk, { callId, customerId: SAMPLE.gold.id });
  expect(() => assignCall(desk, { callId, customerId: SAMPLE.wife.id })).toThrow('FORBIDDEN');
  expect(() => assignCall(desk, { callId: newId(), customerId: SAMPLE.wife.id })).toThrow('NOT_FOUND');
});

test('it is read without a scan', () => {
  for (const sql of Object.values(UNASSIGNED)) {
    const marks = sql.split('?').length - 1;
    const plan = desk.cache.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(marks).fill('x')) as { detail: string }[];
    expect(plan.filter(({ detail }) => detail.startsWith('SCAN'))).toEqual([]);
  }
});

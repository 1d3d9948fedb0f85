import { beforeEach, expect, test } from 'vitest';
import { readAttention, readHeldText, resolveAttention } from '../../../src/main/attention.ts';
import { recordCall } from '../../../src/main/calls.ts';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { createCustomer } from '../../../src/main/customer-acts.ts';
import { saveNote } from '../../../src/main/notes.ts';
import { newId } from '../../../src/shared/ids.ts';
import { accessLog, NOON, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

const items = () => readAttention(desk).items;

/** What the engine does when the centre says no, and to what waits for it. */
function refuse(kind: string, status: 'rejected' | 'quarantined' = 'rejected'): void {
  desk.outbox.prepare(`UPDATE operation SET status = ?, reply_code = 'INVALID' WHERE kind = ?`).run(status, kind);
}

test('a refused note is listed, sent again with its new words, and is the same note', () => {
  const noteId = newId();
  saveNote(desk, { noteId, callId: null, customerId: SAMPLE.gold.id, text: '거절될 메모' });
  refuse('note.save');
  const [item] = items();
  expect(item).toMatchObject({ kind: 'note.save', reason: 'rejected', code: 'INVALID', summary: '거절될 메모' });
  resolveAttention(desk, { opId: item?.opId ?? '', decision: 'retry', text: '고친 메모' });
  expect(operations(desk)).toMatchObject([
    { status: 'discarded', payload: { noteId, text: '거절될 메모' } },
    { status: 'pending', payload: { noteId, text: '고친 메모' } },
  ]);
  expect(items()).toEqual([]);
});

test('what waited for a refused customer goes along with the retry, after it', () => {
  const customerId = newId();
  const door = createCustomerDoor(desk);
  const made = { customerId, name: '장보고', kind: 'person', language: 'ko', phone: '01000009999' } as const;
  createCustomer(desk, door, { ...made, callId: null });
  saveNote(desk, { noteId: newId(), callId: null, customerId, text: '첫 메모' });
  refuse('customer.create');
  refuse('note.save', 'quarantined');
  expect(items().map((item) => [item.kind, item.summary])).toEqual([
    ['customer.create', '장*고'],
    ['note.save', '첫 메모'],
  ]);
  const item = items().find((one) => one.kind === 'customer.create');
  resolveAttention(desk, { opId: item?.opId ?? '', decision: 'retry', text: null });
  const pending = operations(desk).filter((one) => one.status === 'pending');
  expect(pending.map((one) => one.kind)).toEqual(['customer.create', 'note.save']);
  const ring = { phone: '01000009999', customerRef: null, callId: newId(), direction: 'in' } as const;
  expect(door.openByPhone(ring).match).toBe('one');
});

test('a note whose id the centre has for other words is sent again under a new one, or it would be refused for ever', () => {
  const noteId = newId();
  saveNote(desk, { noteId, callId: null, customerId: SAMPLE.gold.id, text: '다른 메모' });
  refuse('note.save');
  desk.outbox.exec(`UPDATE operation SET reply_code = 'CONFLICT'`);
  resolveAttention(desk, { opId: items()[0]?.opId ?? '', decision: 'retry', text: null });
  const again = operations(desk).at(-1);
  expect(again).toMatchObject({ status: 'pending', payload: { text: '다른 메모' } });
  expect(again?.payload.noteId).not.toBe(noteId);
});

test('letting go needs a reason, which is kept with the words', () => {
  saveNote(desk, { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text: '거절될 메모' });
  refuse('note.save');
  const opId = items()[0]?.opId ?? '';
  resolveAttention(desk, { opId, decision: 'discard', reason: '중복' });
  const row = desk.outbox.prepare('SELECT status, decision_reason FROM operation').get();
  expect(row).toEqual({ status: 'discarded', decision_reason: '박상담: 중복' });
  expect(() => resolveAttention(desk, { opId, decision: 'discard', reason: '중복' })).toThrow('NOT_FOUND');
});

test('a long note comes back whole to be edited: the list shows its beginning, the editor all of it', () => {
  const text = `첫 줄\n${'가나다라 마바사 '.repeat(80)}끝`;
  saveNote(desk, { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text });
  refuse('note.save');
  const [item] = items();
  expect(item?.summary.length).toBe(80);
  expect(readHeldText(desk, item?.opId ?? '')).toEqual({ text });
  expect(accessLog(desk)).toEqual([]);
});

test('what another agent wrote is neither shown nor decided here, but said to be there', () => {
  saveNote(desk, { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text: '내 메모' });
  refuse('note.save');
  const opId = items()[0]?.opId ?? '';
  desk.sitting = SAMPLE.otherAgent;
  expect(readAttention(desk)).toEqual({ items: [], ofOthers: 1 });
  expect(() => readHeldText(desk, opId)).toThrow('FORBIDDEN');
  expect(() => resolveAttention(desk, { opId, decision: 'retry', text: null })).toThrow('FORBIDDEN');
  expect(() => resolveAttention(desk, { opId, decision: 'discard', reason: '남의 것' })).toThrow('FORBIDDEN');
  expect(operations(desk)).toMatchObject([{ status: 'rejected' }]);
});

test('a supervisor decides about it: the look is logged, sent again unchanged it stays the author’s, edited it is theirs', () => {
  const save = (text: string) => saveNote(desk, { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text });
  save('그대로 보낼 메모');
  save('고칠 메모');
  refuse('note.save');
  desk.sitting = { ...SAMPLE.otherAgent, role: 'supervisor' };
  const [same, edit] = items();
  expect([same?.summary, edit?.summary]).toEqual(['', '']);
  expect(readHeldText(desk, edit?.opId ?? '')).toEqual({ text: '고칠 메모' });
  expect(accessLog(desk)).toMatchObject([{ action: 'view', customerId: SAMPLE.gold.id }]);
  resolveAttention(desk, { opId: same?.opId ?? '', decision: 'retry', text: null });
  resolveAttention(desk, { opId: edit?.opId ?? '', decision: 'retry', text: '고친 메모' });
  const authors = desk.outbox.prepare(`SELECT author_id FROM operation WHERE status = 'pending' ORDER BY rowid`).all();
  expect(authors).toEqual([{ author_id: SAMPLE.agent.id }, { author_id: SAMPLE.otherAgent.id }]);
});

test('a retry takes along what waited for it, and nothing else of the same customer', () => {
  const callId = newId();
  const caller = { number: null, e164: null, displayName: null, withheld: true, source: 'from' } as const;
  const at = new Date(NOON).toISOString();
  const facts = { queue: null, customerRef: null, customerId: SAMPLE.gold.id, result: 'answered' } as const;
  const times = { startedAt: at, answeredAt: at, endedAt: at };
  recordCall(desk, { callId, direction: 'in', caller, phase: 'wrap_up', ...facts, ...times });
  saveNote(desk, { noteId: newId(), callId, customerId: SAMPLE.gold.id, text: '통화 메모' });
  saveNote(desk, { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text: '따로 쓴 메모' });
  refuse('interaction.record');
  refuse('note.save', 'quarantined');
  desk.outbox.exec(`UPDATE operation SET status = 'rejected' WHERE payload LIKE '%따로 쓴 메모%'`);
  const [call, loose] = items();
  resolveAttention(desk, { opId: loose?.opId ?? '', decision: 'retry', text: null });
  expect(items().map((one) => [one.kind, one.reason])).toEqual([
    ['interaction.record', 'rejected'],
    ['note.save', 'quarantined'],
  ]);
  resolveAttention(desk, { opId: call?.opId ?? '', decision: 'retry', text: null });
  expect(items()).toEqual([]);
});

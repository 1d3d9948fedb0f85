import { beforeEach, expect, test } from 'vitest';
import { readAttention, resolveAttention } from '../../../src/main/attention.ts';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { createCustomer } from '../../../src/main/customer-acts.ts';
import { saveNote } from '../../../src/main/notes.ts';
import { newId } from '../../../src/shared/ids.ts';
import { openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

/** What the engine does when the centre says no, and to what waits for it. */
function refuse(kind: string, status: 'rejected' | 'quarantined' = 'rejected'): void {
  desk.outbox.prepare(`UPDATE operation SET status = ?, reply_code = 'INVALID' WHERE kind = ?`).run(status, kind);
}

test('a refused note is listed, sent again with its new words, and is the same note', () => {
  const noteId = newId();
  saveNote(desk, { noteId, callId: null, customerId: SAMPLE.gold.id, text: '거절될 메모' });
  refuse('note.save');
  const [item] = readAttention(desk);
  expect(item).toMatchObject({ kind: 'note.save', reason: 'rejected', code: 'INVALID', summary: '거절될 메모' });
  resolveAttention(desk, { opId: item?.opId ?? '', decision: 'retry', text: '고친 메모' });
  expect(operations(desk)).toMatchObject([
    { status: 'discarded', payload: { noteId, text: '거절될 메모' } },
    { status: 'pending', payload: { noteId, text: '고친 메모' } },
  ]);
  expect(readAttention(desk)).toEqual([]);
});

test('what waited for a refused customer goes along with the retry, after it', () => {
  const customerId = newId();
  const door = createCustomerDoor(desk);
  const made = { customerId, name: '장보고', kind: 'person', language: 'ko', phone: '01000009999' } as const;
  createCustomer(desk, door, { ...made, callId: null });
  saveNote(desk, { noteId: newId(), callId: null, customerId, text: '첫 메모' });
  refuse('customer.create');
  refuse('note.save', 'quarantined');
  expect(readAttention(desk).map((item) => [item.kind, item.summary])).toEqual([
    ['customer.create', '장*고'],
    ['note.save', '첫 메모'],
  ]);
  const item = readAttention(desk).find((one) => one.kind === 'customer.create');
  resolveAttention(desk, { opId: item?.opId ?? '', decision: 'retry', text: null });
  const pending = operations(desk).filter((one) => one.status === 'pending');
  expect(pending.map((one) => one.kind)).toEqual(['customer.create', 'note.save']);
  const ring = { phone: '01000009999', customerRef: null, callId: newId(), direction: 'in' } as const;
  expect(door.openByPhone(ring).match).toBe('one');
});

test('letting go needs a reason, which is kept with the words', () => {
  saveNote(desk, { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text: '거절될 메모' });
  refuse('note.save');
  const opId = readAttention(desk)[0]?.opId ?? '';
  resolveAttention(desk, { opId, decision: 'discard', reason: '중복' });
  const row = desk.outbox.prepare('SELECT status, decision_reason FROM operation').get();
  expect(row).toEqual({ status: 'discarded', decision_reason: '박상담: 중복' });
  expect(() => resolveAttention(desk, { opId, decision: 'discard', reason: '중복' })).toThrow('NOT_FOUND');
});

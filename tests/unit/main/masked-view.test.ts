import { beforeEach, describe, expect, test } from 'vitest';
import { recordCall } from '../../../src/main/calls.ts';
import { type CustomerDoor, createCustomerDoor } from '../../../src/main/customer-360.ts';
import { createCustomer } from '../../../src/main/customer-acts.ts';
import { saveNote } from '../../../src/main/notes.ts';
import { newId } from '../../../src/shared/ids.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { accessLog, NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
let door: CustomerDoor;
beforeEach(() => {
  desk = openTestContext();
  door = createCustomerDoor(desk);
});

const ring = (phone: string) => door.openByPhone({ phone, customerRef: null, callId: newId(), direction: 'in' });
const view = (customerId: string) => door.readCustomer({ customerId, callId: null, unmasked: false }, null);

describe('reading again', () => {
  const reread = (customerId: string) => door.readCustomer({ customerId, callId: null, unmasked: false }, null);
  test('writes no second entry for whom this agent opened, and an entry for anybody else', () => {
    ring('01000001001');
    reread(SAMPLE.gold.id);
    expect(accessLog(desk)).toHaveLength(1);
    reread(SAMPLE.husband.id);
    expect(accessLog(desk)[1]).toMatchObject({ action: 'view', customerId: SAMPLE.husband.id, context: 'reread' });
    reread(SAMPLE.husband.id);
    expect(accessLog(desk)).toHaveLength(2);
  });
  test("is the next agent's own look", () => {
    ring('01000001001');
    desk.sitting = { ...SAMPLE.agent, id: newId() };
    reread(SAMPLE.gold.id);
    expect(accessLog(desk)).toHaveLength(2);
  });
  test('what was created here is opened by that', () => {
    const customerId = newId();
    createCustomer(desk, door, {
      customerId,
      name: '장보고',
      kind: 'person',
      language: 'ko',
      phone: null,
      callId: null,
    });
    reread(customerId);
    expect(accessLog(desk)).toMatchObject([{ action: 'create' }]);
  });
});

describe('masked fields', () => {
  const set = (table: 'customer' | 'custom_field' | 'case', change: object) => {
    const row = desk.cache.prepare(`SELECT id, data, version FROM "${table}" WHERE id = ?`);
    const id =
      table === 'customer'
        ? SAMPLE.gold.id
        : (desk.cache.prepare(`SELECT id FROM "${table}"`).get() as { id: string }).id;
    const { data, version } = row.get(id) as { data: string; version: number };
    const next = { ...JSON.parse(data), ...change };
    desk.cache
      .transaction(() =>
        applyRows(desk.cache, [{ table, id, version: version + 1, deleted: false, data: next } as never]),
      )
      .immediate();
  };
  test('of a birthday the day stays, which the desk congratulates on, and the year does not', () => {
    set('customer', { birthday: '1987-05-17' });
    expect(view(SAMPLE.gold.id).customer.birthday).toBe('2000-05-17');
    const seen = door.readCustomer(
      { customerId: SAMPLE.gold.id, callId: null, unmasked: true },
      { action: 'peek', context: '확인' },
    );
    expect(seen.customer.birthday).toBe('1987-05-17');
  });
  test("a business's own field is hidden when it says so, and when it is free text that says nothing", () => {
    set('customer', { custom: { shoeSize: '270 왼발 265', orphan: '주민등록 등본' } });
    const shown = (field: object) => {
      set('custom_field', field);
      return view(SAMPLE.gold.id).customer.custom;
    };
    expect(shown({ type: 'text' })).toEqual({ shoeSize: '***', orphan: '***' });
    expect(shown({ type: 'choice' }).shoeSize).toBe('270 왼발 265');
    expect(shown({ type: 'choice', sensitive: true }).shoeSize).toBe('***');
    expect(shown({ type: 'text', sensitive: false }).shoeSize).toBe('270 왼발 265');
  });
  test('a number or an address that somebody wrote into a subject is masked there too', () => {
    set('case', { subject: '010-0000-1001 / hong@example.com 으로 연락, CS-2026-90010 건' });
    const [one] = view(SAMPLE.gold.id).cases;
    expect(one?.subject).toBe('010-****-1001 / ho**@example.com 으로 연락, CS-2026-90010 건');
    expect(JSON.stringify(view(SAMPLE.gold.id).reasons)).not.toContain('0000-1001');
  });
  test('so it is in the notes of a call and beside it, until the customer is looked at whole', () => {
    const text = '010-1234-5678로 연락, 900101-1234567, 카드 9410-1234-5678-9012, 9월 10일';
    const callId = newId();
    const at = new Date(NOON).toISOString();
    const caller = { number: '01000001001', e164: SAMPLE.gold.phone, displayName: null, withheld: false } as const;
    recordCall(desk, {
      callId,
      direction: 'in',
      caller: { ...caller, source: 'from' },
      queue: null,
      customerRef: null,
      customerId: SAMPLE.gold.id,
      phase: 'talking',
      startedAt: at,
      answeredAt: at,
      endedAt: null,
      result: null,
    });
    for (const call of [callId, null])
      saveNote(desk, { noteId: newId(), callId: call, customerId: SAMPLE.gold.id, text });
    const texts = (unmasked: boolean) => {
      const request = { customerId: SAMPLE.gold.id, callId: null, unmasked };
      const { timeline, looseNotes = [] } = door.readCustomer(request, { action: 'peek', context: '확인' });
      return [timeline[0]?.notes.at(-1)?.text, looseNotes[0]?.text];
    };
    const masked = '010-****-5678로 연락, 900101-*******, 카드 9410-****-****-9012, 9월 10일';
    expect(texts(false)).toEqual([masked, masked]);
    expect(texts(true)).toEqual([text, text]);
  });
});

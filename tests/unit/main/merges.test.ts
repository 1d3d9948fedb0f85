import { beforeEach, describe, expect, test } from 'vitest';
import { type CustomerDoor, createCustomerDoor } from '../../../src/main/customer-360.ts';
import { DUPLICATES, findDuplicates } from '../../../src/main/duplicates.ts';
import { mergeCustomers, mergedHere, previewMerge, splitCustomer, unmergeCustomers } from '../../../src/main/merges.ts';
import { saveNote } from '../../../src/main/notes.ts';
import { SAME } from '../../../src/main/same-customer.ts';
import { searchCustomers } from '../../../src/main/search.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE, sampleId, sampleRows } from '../../fakes/sample-set.ts';

const { gold, husband, wife, company } = SAMPLE;
let desk: TestContext;
let door: CustomerDoor;
beforeEach(() => {
  desk = openTestContext();
  door = createCustomerDoor(desk);
});

const view = (customerId: string) => door.readCustomer({ customerId, callId: null, unmasked: false }, null);
const merge = (customerId: string, goneId: string, take: ('name' | 'birthday')[] = [], mergeId = newId()) => {
  mergeCustomers(desk, door, { mergeId, customerId, goneId, take });
  return mergeId;
};
const apply = (table: SyncRow['table'], id: string, data: object, version = 5) =>
  desk.cache
    .transaction(() => applyRows(desk.cache, [{ table, id, version, deleted: false, data } as SyncRow]))
    .immediate();
const dataOf = (table: string, id: string) =>
  sampleRows(desk.clock.now()).find((row) => row.table === table && row.id === id)?.data as Record<string, unknown>;
const point = (n: number, customerId: string, kind: 'phone' | 'email', value: string, e164: string | null = null) =>
  apply('contact_point', sampleId(99, n), {
    ...{
      id: sampleId(99, n),
      customerId,
      kind,
      value,
      e164,
      last8: e164?.slice(-8) ?? null,
      label: null,
      primary: false,
    },
  });
const same = (customerId: string) => findDuplicates(desk, customerId);

describe('perhaps the same person', () => {
  test('by number, unless an agent told apart who has it', () => {
    expect(same(husband.id)).toEqual([{ id: wife.id, by: ['phone'] }]);
    expect(same(gold.id)).toEqual([]);
    apply('phone_pick', sampleId(98, 1), { id: sampleId(98, 1), e164: husband.phone, customerId: wife.id });
    expect(same(husband.id)).toEqual([]);
  });

  test('by e-mail address however it is written, and by birthday and name; most in common first', () => {
    point(1, gold.id, 'email', 'Minsu@Example.com ');
    point(2, wife.id, 'email', 'minsu@example.com');
    apply('customer', husband.id, {
      ...dataOf('customer', husband.id),
      name: gold.name,
      birthday: dataOf('customer', gold.id).birthday,
    });
    point(3, husband.id, 'email', 'minsu@example.com');
    expect(same(gold.id)).toEqual([
      { id: husband.id, by: ['email', 'birthday_name'] },
      { id: wife.id, by: ['email'] },
    ]);
  });

  test('not a person and a company, and not what many share', () => {
    point(1, company.id, 'phone', '010-0000-1001', gold.phone);
    expect(same(gold.id)).toEqual([]);
    for (let n = 0; n < 6; n += 1) {
      const id = sampleId(97, n);
      apply('customer', id, { ...dataOf('customer', wife.id), id, name: `식구 ${n}` });
      point(10 + n, id, 'phone', '010-0000-1001', gold.phone);
    }
    expect(same(gold.id)).toEqual([]);
  });

  test('every statement uses its index', () => {
    for (const [name, sql] of Object.entries({ ...DUPLICATES, ...SAME })) {
      const params = Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => 'x');
      const plan = desk.cache.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params) as { detail: string }[];
      expect(plan.map(({ detail }) => detail).join('; '), name).toMatch(/USING (COVERING )?INDEX/);
      expect(plan.map(({ detail }) => detail).join('; '), name).not.toMatch(/SCAN/);
    }
  });
});

describe('two customers made one', () => {
  test('at once on this desk: one view with all that is theirs, by whichever id, number or name', () => {
    const calls = view(gold.id).interactionCount;
    const note = { noteId: newId(), callId: null, customerId: husband.id, text: '홍길동 메모' };
    saveNote(desk, note);
    const mergeId = merge(husband.id, gold.id, ['name']);
    for (const id of [husband.id, gold.id]) {
      const whole = view(id);
      expect(whole).toMatchObject({
        customer: { id: husband.id, name: '김*수' },
        mark: 'here',
        interactionCount: calls,
      });
      expect(whole.contactPoints.filter(({ kind }) => kind === 'phone')).toHaveLength(2);
      expect(whole.looseNotes?.map(({ text }) => text)).toContain(note.text);
      expect(whole.promises.length).toBeGreaterThan(0);
      expect(whole.holdings).toHaveLength(1);
    }
    expect(searchCustomers(desk, gold.name).candidates.map(({ id }) => id)).toContain(husband.id);
    expect(
      door.readHistory({ customerId: husband.id, before: null, only: null, text: '' }).lines.length,
    ).toBeGreaterThan(20);
    const popped = door.openByPhone({ phone: gold.phone, customerRef: null, callId: newId(), direction: 'in' });
    expect(popped).toMatchObject({ match: 'one', view: { customer: { id: husband.id } } });
    expect(operations(desk).filter(({ payload }) => payload.kind === 'customer.merge')).toMatchObject([
      { payload: { mergeId, customerId: husband.id, goneId: gold.id } },
    ]);
    mergeCustomers(desk, door, { mergeId, customerId: husband.id, goneId: gold.id, take: [] });
    expect(operations(desk).filter(({ payload }) => payload.kind === 'customer.merge')).toHaveLength(1);
  });

  test('taken back at once, each is as before; a merge that the centre refused never was', () => {
    const before = [view(husband.id), view(gold.id)];
    const mergeId = merge(husband.id, gold.id, ['name']);
    expect(mergedHere(desk, husband.id)).toMatchObject([
      { mergeId, customer: { id: gold.id }, mark: 'here', mayUndo: true },
    ]);
    unmergeCustomers(desk, door, { mergeId, customerId: husband.id });
    expect([view(husband.id), view(gold.id)]).toEqual(before);
    expect(mergedHere(desk, husband.id)).toEqual([]);
    expect(() => unmergeCustomers(desk, door, { mergeId, customerId: husband.id })).toThrow('taken back');
    merge(husband.id, gold.id);
    desk.outbox.exec(`UPDATE operation SET status = 'rejected' WHERE kind = 'customer.merge' AND status = 'pending'`);
    expect([view(husband.id), view(gold.id)]).toEqual(before);
  });

  test("confirmed by the centre, what was written here of the one who went is the kept one's", () => {
    const mergedInto = {
      customerId: husband.id,
      mergeId: newId(),
      byId: SAMPLE.otherAgent.id,
      byName: '최상담',
      at: '2026-11-23T05:00:00.000Z',
    };
    const note = { noteId: newId(), callId: null, customerId: gold.id, text: '합치기 전에 쓴 메모' };
    saveNote(desk, note);
    apply('customer', gold.id, { ...dataOf('customer', gold.id), mergedInto });
    expect(view(gold.id)).toMatchObject({
      customer: { id: husband.id },
      looseNotes: [{ text: note.text, mark: 'here' }],
    });
    expect(mergedHere(desk, husband.id)).toMatchObject([{ byName: '최상담', mayUndo: false, mark: 'centre' }]);
    const { mergeId } = mergedInto;
    expect(() => unmergeCustomers(desk, door, { mergeId, customerId: husband.id })).toThrow('FORBIDDEN');
    desk.sitting = { ...SAMPLE.agent, role: 'supervisor' };
    unmergeCustomers(desk, door, { mergeId, customerId: husband.id });
    expect(view(gold.id)).toMatchObject({ customer: { id: gold.id } });
  });

  test('the preview says what differs, what goes over and what it means, masked; both looks are logged', () => {
    const { custom } = dataOf('customer', gold.id);
    const preview = previewMerge(desk, { customerId: husband.id, goneId: gold.id });
    expect(preview).toMatchObject({
      kept: { id: husband.id },
      gone: { id: gold.id, name: '김*수' },
      moves: { holdings: 1 },
    });
    expect(preview.choices.map(({ field, take }) => [field, take])).toContainEqual(['name', 'kept']);
    expect(preview.choices.find(({ field }) => field === 'birthday')).toMatchObject({ take: 'gone' });
    expect(Object.keys(custom as object)).toEqual(['shoeSize']);
    expect(preview.moves.points).toEqual(['010-****-1001']);
    const entries = desk.outbox.prepare('SELECT entry FROM access_log ORDER BY seq').all() as { entry: string }[];
    expect(entries.map(({ entry }) => JSON.parse(entry).customerId).slice(-2)).toEqual([husband.id, gold.id]);
    expect(() => previewMerge(desk, { customerId: gold.id, goneId: gold.id })).toThrow('not two customers');
  });

  test('a consent that either refused is refused at once', () => {
    const consent = (n: number, customerId: string, status: string) =>
      apply('consent', sampleId(96, n), {
        ...{ id: sampleId(96, n), customerId, channel: 'phone', purpose: 'marketing', status },
        ...{ at: '2026-11-01T00:00:00.000Z', source: '전화' },
      });
    desk.cache.exec('DELETE FROM consent');
    consent(1, husband.id, 'granted');
    consent(2, gold.id, 'refused');
    expect(previewMerge(desk, { customerId: husband.id, goneId: gold.id }).refused).toHaveLength(1);
    merge(husband.id, gold.id);
    expect(view(husband.id).consents).toMatchObject([{ status: 'refused' }]);
  });
});

describe('two people who were one customer', () => {
  test('are parted at once on this desk: the new one has what was chosen, is found, and the other one has the rest', () => {
    const before = view(gold.id);
    const [call, ...others] = before.timeline;
    const [point] = before.contactPoints;
    const customerId = newId();
    const act = {
      ...{ customerId, fromId: gold.id, name: '김새롬' },
      ...{ contactPointIds: [point?.id ?? ''], interactionIds: [call?.interaction.id ?? ''] },
    };
    const parted = splitCustomer(desk, door, act);
    splitCustomer(desk, door, act);
    expect(parted).toMatchObject({ customer: { id: customerId, name: '김*롬' }, mark: 'here', interactionCount: 1 });
    expect(parted.contactPoints.map(({ id }) => id)).toEqual([point?.id]);
    expect(parted.timeline.map(({ interaction }) => interaction.id)).toEqual([call?.interaction.id]);
    const left = view(gold.id);
    expect(left.contactPoints.map(({ id }) => id)).not.toContain(point?.id);
    expect(left.timeline[0]?.interaction.id).toBe(others[0]?.interaction.id);
    expect(left.interactionCount).toBe(before.interactionCount - 1);
    expect(searchCustomers(desk, '김새롬').candidates.map(({ id }) => id)).toEqual([customerId]);
    expect(operations(desk).filter(({ payload }) => payload.kind === 'customer.split')).toHaveLength(1);
    desk.outbox.exec(`UPDATE operation SET status = 'rejected' WHERE kind = 'customer.split'`);
    expect(view(gold.id)).toEqual(before);
  });
});

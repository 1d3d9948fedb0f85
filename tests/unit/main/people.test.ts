import { beforeEach, expect, test } from 'vitest';
import { createCustomerDoor } from '../../../src/main/customer-360.ts';
import { mergeCustomers } from '../../../src/main/merges.ts';
import { createPeople, PEOPLE, type People } from '../../../src/main/people.ts';
import type { AccessLogEntry } from '../../../src/shared/access-log.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { RelationRole } from '../../../src/shared/relationship.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { forgetCustomers } from '../../../src/sync/forget.ts';
import { openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE, sampleId } from '../../fakes/sample-set.ts';

const { gold, husband, wife, company } = SAMPLE;
let desk: TestContext;
let people: People;
beforeEach(() => {
  desk = openTestContext();
  people = createPeople(desk);
});

const add = (customerId: string, otherId: string, role: RelationRole, relationId = newId()) => {
  people.add({ relationId, mirrorId: newId(), customerId, otherId, role });
  return relationId;
};
const confirm = (n: number, customerId: string, otherId: string, role: RelationRole) => {
  const [id, mirrorId] = [sampleId(96, n), sampleId(95, n)];
  const row = { table: 'relationship', id, version: 1, deleted: false } as const;
  const data = { id, mirrorId, customerId, otherId, role };
  desk.cache.transaction(() => applyRows(desk.cache, [{ ...row, data } as SyncRow])).immediate();
};
const around = (customerId: string) =>
  people.of(customerId).relations.map(({ role, otherId, mark }) => [role, otherId, mark]);

test('whoever was said to be around somebody is so on both sides at once, masked; the same id again is the same act', () => {
  const id = add(gold.id, company.id, 'employer');
  add(gold.id, company.id, 'employer', id);
  add(gold.id, company.id, 'employer');
  expect(operations(desk).map(({ payload }) => payload.kind)).toEqual(['relation.add']);
  expect(around(gold.id)).toEqual([['employer', company.id, 'here']]);
  expect(around(company.id)).toEqual([['employee', gold.id, 'here']]);
  expect(people.of(company.id).relations).toMatchObject([{ customer: { name: '김*수' } }]);
});

test('is no more on both sides, where the centre has not said it yet and where it has', () => {
  add(gold.id, company.id, 'employer');
  confirm(1, gold.id, wife.id, 'household');
  people.remove({ customerId: company.id, otherId: gold.id, role: 'employee' });
  people.remove({ customerId: gold.id, otherId: wife.id, role: 'household' });
  expect([...around(gold.id), ...around(company.id)]).toEqual([]);
  expect(() => people.remove({ customerId: gold.id, otherId: wife.id, role: 'household' })).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  );
  desk.outbox.exec(`UPDATE operation SET status = 'rejected' WHERE kind = 'relation.remove'`);
  expect(around(gold.id)).toContainEqual(['household', wife.id, 'centre']);
});

test('two who were merged have each of theirs once, are not around themselves, and lose both where one is removed', () => {
  confirm(1, gold.id, company.id, 'employer');
  confirm(2, husband.id, company.id, 'employer');
  confirm(3, gold.id, husband.id, 'household');
  const door = createCustomerDoor(desk);
  mergeCustomers(desk, door, { mergeId: newId(), customerId: gold.id, goneId: husband.id, take: [] });
  expect(around(gold.id)).toEqual([['employer', company.id, 'centre']]);
  expect(around(husband.id)).toEqual(around(gold.id));
  confirm(4, wife.id, husband.id, 'household');
  expect(around(wife.id)).toEqual([['household', gold.id, 'centre']]);
  people.remove({ customerId: gold.id, otherId: company.id, role: 'employer' });
  expect(around(gold.id)).toEqual([]);
  expect(operations(desk).at(-1)?.payload.relationIds).toHaveLength(2);
});

test('who has the same number is told apart from who was said to be around them', () => {
  expect(people.of(husband.id)).toMatchObject({ relations: [], sharing: [{ customer: { id: wife.id } }], more: 0 });
  add(husband.id, wife.id, 'household');
  expect(people.of(husband.id)).toMatchObject({ relations: [{ otherId: wife.id }], sharing: [] });
});

test('nobody is around themselves or somebody who is not here; who left this desk is said to be away', () => {
  expect(() => add(gold.id, gold.id, 'household')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(() => add(gold.id, newId(), 'household')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  const away = newId();
  confirm(1, gold.id, away, 'guardian');
  expect(people.of(gold.id).relations).toEqual([{ otherId: away, role: 'guardian', mark: 'centre', customer: null }]);
});

test('being shown is being seen: logged once a sitting', () => {
  confirm(1, gold.id, wife.id, 'household');
  people.of(gold.id);
  people.of(gold.id);
  const looks = (desk.outbox.prepare('SELECT entry FROM access_log').all() as { entry: string }[])
    .map(({ entry }) => JSON.parse(entry) as AccessLogEntry)
    .filter(({ context }) => context === 'people around');
  expect(looks.map(({ customerId }) => customerId)).toEqual([wife.id]);
});

test('of somebody who was erased the outbox keeps nothing, on whichever side they stood', () => {
  add(gold.id, wife.id, 'household');
  desk.outbox.exec(`UPDATE operation SET status = 'acknowledged'`);
  forgetCustomers(desk.outbox, [wife.id]);
  expect(operations(desk)).toEqual([]);
});

test('is read by an index', () => {
  const plan = desk.cache.prepare(`EXPLAIN QUERY PLAN ${PEOPLE.of}`).all('[]') as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join(' | ')).toMatch(/USING INDEX relationship_customer/);
});

import { beforeEach, expect, test } from 'vitest';
import { type CustomerDoor, createCustomerDoor } from '../../../src/main/customer-360.ts';
import { settleField, updateCustomer } from '../../../src/main/customer-edit.ts';
import type { ContestedField, Customer, CustomValues } from '../../../src/shared/customer.ts';
import { withChange } from '../../../src/shared/customer-edit.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { OperationPayload } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
let door: CustomerDoor;
const customerId = SAMPLE.gold.id;
beforeEach(() => {
  desk = openTestContext();
  door = createCustomerDoor(desk);
});

const unmasked = () =>
  door.readCustomer({ customerId, callId: null, unmasked: true }, { action: 'peek', context: 'test' }).customer;
function confirmed(): { version: number; data: Customer } {
  const row = desk.cache.prepare('SELECT version, data FROM customer WHERE id = ?').get(customerId);
  const { version, data } = row as { version: number; data: string };
  return { version, data: JSON.parse(data) as Customer };
}
function contest(other: Partial<ContestedField>): ContestedField {
  const { version, data } = confirmed();
  const entry: ContestedField = {
    ...{ field: 'name', value: '김다른', byName: '최유진', at: '2026-11-22T01:00:00.000Z' },
    ...{ wonByName: '박상담', wonAt: '2026-11-22T02:00:00.000Z', since: version + 1 },
    ...other,
  };
  const row = { table: 'customer' as const, id: customerId, version: version + 1, deleted: false };
  desk.cache.transaction(() => applyRows(desk.cache, [{ ...row, data: { ...data, contested: [entry] } }])).immediate();
  return entry;
}

test('a correction shows at once, says what the author saw, and names the version that they saw', () => {
  const { version, data } = confirmed();
  const view = updateCustomer(desk, door, { customerId, changes: [{ field: 'name', value: '김새이름' }] });
  expect(view).toMatchObject({ mark: 'here', customer: { name: '김**름' } });
  expect(unmasked().name).toBe('김새이름');
  expect(operations(desk).at(-1)?.payload).toMatchObject({
    kind: 'customer.update',
    changes: [{ field: 'name', value: '김새이름', was: data.name }],
  });
  expect(desk.outbox.prepare('SELECT base_version FROM operation').get()).toEqual({ base_version: version });
});

test('what is already so makes no operation; a value that the field cannot have is refused before it is written', () => {
  updateCustomer(desk, door, { customerId, changes: [{ field: 'name', value: confirmed().data.name }] });
  for (const change of [
    { field: 'birthday', value: 'soon' },
    { field: 'custom.shoeSize', value: '왼발 265' },
  ] as const)
    expect(() => updateCustomer(desk, door, { customerId, changes: [change] })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  expect(operations(desk)).toEqual([]);
  const nobody = { customerId: newId(), changes: [{ field: 'name', value: '아무개' }] };
  expect(() => updateCustomer(desk, door, nobody)).toThrow();
});

test('the other value of a contested field is masked like the field, and one act takes it: seen here at once', () => {
  const { at } = contest({});
  const view = door.readCustomer({ customerId, callId: null, unmasked: false }, null);
  expect(view.customer.contested).toMatchObject([{ value: '김*른' }]);
  const after = settleField(desk, door, { customerId, field: 'name', at, take: 'other' });
  expect(after.customer.contested).toBeUndefined();
  expect(unmasked().name).toBe('김다른');
  expect(() => settleField(desk, door, { customerId, field: 'name', at, take: 'other' })).toThrow();
});

test('staying with what is there settles it, too', () => {
  const { at } = contest({});
  const { name } = confirmed().data;
  settleField(desk, door, { customerId, field: 'name', at, take: 'current' });
  expect(unmasked()).toMatchObject({ name });
  expect(unmasked().contested).toBeUndefined();
  expect(operations(desk).at(-1)?.payload).toMatchObject({ changes: [{ value: name, was: name }] });
});

test('a correction made before the other word came settles nothing: the strip stays', () => {
  updateCustomer(desk, door, { customerId, changes: [{ field: 'name', value: '김새이름' }] });
  contest({});
  expect(unmasked().contested).toHaveLength(1);
});

/** The customer's own fields as another desk left them, with a field of several choices. */
function nowSays(custom: CustomValues, sensitive = false): void {
  const field = {
    id: newId(),
    entity: 'customer',
    key: 'likes',
    type: 'choices',
    choices: ['A', 'B', 'C', 'D'],
    sensitive,
  };
  const likes = { ...field, label: { ko: '관심사', en: 'Interests' }, order: 9 };
  const { version, data } = confirmed();
  const rows = [
    { table: 'customer', id: customerId, version: version + 1, deleted: false, data: { ...data, custom } },
    { table: 'custom_field', id: likes.id, version: 1, deleted: false, data: likes },
  ] as const;
  desk.cache.transaction(() => applyRows(desk.cache, rows as never)).immediate();
}
/** What the centre makes of what this desk sends: the same function. */
function atCentre(): Customer {
  const sent = operations(desk).at(-1)?.payload as Extract<OperationPayload, { kind: 'customer.update' }>;
  return sent.changes.reduce(withChange, confirmed().data);
}

test('several choices: what came in from another desk while the form was open stays', () => {
  nowSays({ likes: ['A', 'B', 'C'] });
  // The form showed A and B when D was ticked.
  updateCustomer(desk, door, {
    customerId,
    changes: [{ field: 'custom.likes', value: ['A', 'B', 'D'], was: ['A', 'B'] }],
  });
  expect(unmasked().custom.likes).toEqual(['A', 'B', 'C', 'D']);
  expect(atCentre().custom.likes).toEqual(['A', 'B', 'C', 'D']);
});

test('several choices that are masked: what is ticked is added, and nothing that nobody saw goes', () => {
  nowSays({ likes: ['A', 'B'] }, true);
  expect(door.readCustomer({ customerId, callId: null, unmasked: false }, null).customer.custom.likes).toBe('***');
  updateCustomer(desk, door, { customerId, changes: [{ field: 'custom.likes', value: ['D'], was: [] }] });
  expect(unmasked().custom.likes).toEqual(['A', 'B', 'D']);
  expect(atCentre().custom.likes).toEqual(['A', 'B', 'D']);
});

test('what another desk has ticked meanwhile makes no operation', () => {
  nowSays({ likes: ['A', 'D'] });
  updateCustomer(desk, door, { customerId, changes: [{ field: 'custom.likes', value: ['A', 'D'], was: ['A'] }] });
  expect(operations(desk)).toEqual([]);
});

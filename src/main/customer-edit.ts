import type { EditableField, FieldValue } from '../shared/customer.ts';
import type { Customer360 } from '../shared/customer-360.ts';
import {
  type FieldChange,
  isList,
  isSameValue,
  joinedChoices,
  misfitOf,
  valueOfField,
} from '../shared/customer-edit.ts';
import { DangolError } from '../shared/errors.ts';
import type { CustomerDoor } from './customer-360.ts';
import type { CustomerRows } from './customer-rows.ts';
import type { HostContext } from './host-context.ts';
import { readWhole } from './whole-customer.ts';
import { writeAct } from './write-act.ts';

interface Wish {
  field: EditableField;
  value: FieldValue;
  /** Of several choices: what the page showed. */
  was?: FieldValue | undefined;
}

/**
 * Corrects facts of a customer. The host adds what the fields say here now: by it the centre knows whether somebody else was
 * quicker. Not of several choices: there the page says what it showed, because what came in since then, or stood behind the mask,
 * was taken away by nobody. @throws NOT_FOUND: nobody of this desk; BAD_INPUT: a value that the field cannot have.
 */
export function updateCustomer(
  context: HostContext,
  door: CustomerDoor,
  act: { customerId: string; changes: readonly Wish[] },
): Customer360 {
  context.seat.reader();
  const rows = rowsNow(context, door, act.customerId);
  if (misfitOf(act.changes, rows.customFields)) throw new DangolError('BAD_INPUT', 'check-input');
  const changes = act.changes
    .map((change) => wholeChange(change, valueOfField(rows.customer, change.field)))
    .filter((change) => change !== null);
  if (changes.length > 0) write(context, rows, changes);
  return shown(door, act.customerId);
}

/** null: it is so already. */
function wholeChange({ field, value, was: seen }: Wish, there: FieldValue): FieldChange | null {
  const was = seen !== undefined && isList(value) ? seen : there;
  return isSameValue(joinedChoices(there, was, value) ?? value, there) ? null : { field, value, was };
}

/**
 * Decides between two values of one field: takes the other one, or stays with what is there. `at` names the entry.
 * @throws NOT_FOUND: decided meanwhile.
 */
export function settleField(
  context: HostContext,
  door: CustomerDoor,
  act: { customerId: string; field: EditableField; at: string; take: 'other' | 'current' },
): Customer360 {
  context.seat.reader();
  const rows = rowsNow(context, door, act.customerId);
  const other = rows.customer.contested?.find((one) => one.field === act.field && one.at === act.at);
  if (!other) throw new DangolError('NOT_FOUND', 'none', { detail: 'decided meanwhile' });
  const was = valueOfField(rows.customer, act.field);
  write(context, rows, [{ field: act.field, value: act.take === 'other' ? other.value : was, was }]);
  return shown(door, act.customerId);
}

function rowsNow({ outbox, cache }: HostContext, door: CustomerDoor, customerId: string): CustomerRows {
  const rows = readWhole(outbox, cache, customerId, { guest: door.guests.of(customerId) });
  if (!rows) throw new DangolError('NOT_FOUND', 'none', { detail: 'no such customer on this desk' });
  return rows;
}

function write(context: HostContext, rows: CustomerRows, changes: FieldChange[]): void {
  const payload = { kind: 'customer.update', customerId: rows.customer.id, changes } as const;
  writeAct(context, context.seat.reader(), payload, { baseVersion: rows.version });
}

const shown = (door: CustomerDoor, customerId: string) =>
  door.readCustomer({ customerId, callId: null, unmasked: false }, null);

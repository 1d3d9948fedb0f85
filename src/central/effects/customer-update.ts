import { sql } from 'kysely';
import type { ContestedField, Customer, EditableField } from '../../shared/customer.ts';
import {
  type FieldChange,
  isSameValue,
  joinedChoices,
  misfitOf,
  settled,
  valueOfField,
  withChange,
  withField,
} from '../../shared/customer-edit.ts';
import { listRecords } from '../records.ts';
import { type Effect, type EffectContext, mustNotBeErased, Rejection, readOwn, StartAgain } from './effect.ts';

/** More than anybody decides about; the oldest leave. */
export const CONTESTED_MAX = 20;

/**
 * Fields merge one by one. Where the author saw what stands here, or says the same, there is nothing to merge; else their word is
 * the later one and wins, and what it replaces stays beside it, with whose it was, until somebody who saw both decides.
 */
export const updateCustomer: Effect<'customer.update'> = async (context, { customerId, changes }) => {
  await mustNotBeErased(context, customerId);
  const before = await readOwn(context, 'customer', customerId);
  if (before === null) throw new Rejection('UNKNOWN_CUSTOMER', `customer ${customerId} is not known here`);
  const misfit = misfitOf(changes, await listRecords(context.trx, 'custom_field'));
  if (misfit) throw new Rejection('INVALID', `${misfit.field}: not a value of this field`);
  const version = await versionOf(context, customerId);
  let after = before;
  if (before.mergedInto) throw new StartAgain();
  for (const change of changes) after = await changeFact(context, after, change, version + 1);
  return [{ table: 'customer', id: customerId, data: after, keepsLoser: true }];
};

/** One fact corrected; `next`: the version that the customer will have by it. */
export async function changeFact(
  context: EffectContext,
  customer: Customer,
  change: FieldChange,
  next: number,
): Promise<Customer> {
  const { field, value, was } = change;
  const there = valueOfField(customer, field);
  const decided = settled(customer, field, context.operation.baseVersion);
  if (isSameValue(there, value)) return decided;
  const written = withField(decided, field, value);
  if (isSameValue(there, was)) return written;
  if (joinedChoices(there, was, value)) return withChange(decided, change);
  const loser: ContestedField = {
    ...{ field, value: there, ...(await lastWord(context, customer, field)) },
    ...{ wonByName: context.author.name, wonAt: context.now, since: next },
  };
  return { ...written, contested: [...(written.contested ?? []), loser].slice(-CONTESTED_MAX) };
}

/** Who said last what a field says; where no agent did, it came with the data. */
export async function lastWord(
  { trx }: EffectContext,
  customer: Customer,
  field: EditableField,
): Promise<{ byName: string | null; at: string }> {
  const named = JSON.stringify([{ field }]);
  const { rows } = await sql<{ name: string | null; at: Date }>`
    SELECT a.data->>'name' AS name, o.received_at AS at
    FROM operation o LEFT JOIN record a ON a.tbl = 'agent' AND a.id = o.author_id
    WHERE o.row_id = ${customer.id} AND o.kind = 'customer.update' AND o.status = 'applied'
      AND o.payload->'changes' @> ${named}::jsonb
    ORDER BY o.received_at DESC, o.device_seq DESC LIMIT 1`.execute(trx);
  const [last] = rows;
  return last ? { byName: last.name, at: last.at.toISOString() } : { byName: null, at: customer.createdAt };
}

export async function versionOf({ trx }: EffectContext, id: string): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    SELECT version FROM record WHERE tbl = 'customer' AND id = ${id}`.execute(trx);
  return rows[0]?.version ?? 0;
}

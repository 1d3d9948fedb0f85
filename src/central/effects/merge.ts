import { sql } from 'kysely';
import type { ContestedField, Customer, EditableField } from '../../shared/customer.ts';
import { isSameValue, misfitOf, saysNothing, valueOfField, withField } from '../../shared/customer-edit.ts';
import { fieldsOfBoth, type MergeField } from '../../shared/customer-merge.ts';
import type { Id } from '../../shared/ids.ts';
import { assignAlike } from '../assignments.ts';
import { liveCustomerId } from '../merged.ts';
import { listRecords, type RecordWrite } from '../records.ts';
import { CONTESTED_MAX, changeFact, lastWord, versionOf } from './customer-update.ts';
import { type Effect, type EffectContext, mustNotBeErased, Rejection, StartAgain } from './effect.ts';
import { type Move, movesOf, readRowsOf } from './merge-moves.ts';

/** So many of the newest contacts and notes come with the reply; a long history comes with the feed. */
const WITH_THE_REPLY = 200;

/**
 * Two customers become one. What is there already, because somebody else said the same, is no conflict; where one of them was
 * merged otherwise meanwhile, the author has not seen what this would make of it: refused, and nothing is touched.
 */
export const mergeCustomers: Effect<'customer.merge'> = async (context, payload) => {
  const { mergeId, customerId: keptId, goneId, fields } = payload;
  const { trx, operation } = context;
  for (const id of [keptId, goneId]) await mustNotBeErased(context, id);
  // As the author named them: the kept one of the payload may be merged by now, and is then its heir.
  const named = operation.payload.kind === 'customer.merge' ? operation.payload.customerId : keptId;
  if (named === goneId) throw new Rejection('INVALID', 'a customer is not merged with themselves');
  if (await isDone(context, mergeId)) return [];
  const { kept, gone } = await lockBoth(context, keptId, goneId);
  if (keptId === goneId) throw new Rejection('MERGED_MEANWHILE', `${named} was merged into ${goneId}`);
  if (kept.mergedInto) throw new StartAgain();
  const misfit = misfitOf(
    fields.map(({ field, gone: value }) => ({ field, value })).filter(({ value }) => value !== null),
    await listRecords(trx, 'custom_field'),
  );
  if (misfit) throw new Rejection('INVALID', `${misfit.field}: not a value of this field`);
  const after = await mergedCustomer(context, { kept, gone, fields });
  if (gone.mergedInto) {
    if ((await liveCustomerId(trx, goneId)) !== keptId) {
      throw new Rejection('MERGED_MEANWHILE', `${goneId} was merged into somebody else`);
    }
    return [{ table: 'customer', id: keptId, data: after, keepsLoser: true }];
  }
  const moves = movesOf(await readRowsOf(trx, keptId, goneId), keptId, goneId);
  await recordMerge(context, { mergeId, keptId, goneId, kept, after }, moves);
  await assignAlike(trx, goneId, keptId);
  const { author, now } = context;
  const mergedInto = { customerId: keptId, mergeId, byId: author.id, byName: author.name, at: now };
  return [
    { table: 'customer', id: keptId, data: after, keepsLoser: true },
    { table: 'customer', id: goneId, data: { ...gone, mergedInto }, keepsLoser: true },
    ...quietBeyond(moves.map(({ write }) => write)),
  ];
};

async function isDone({ trx }: EffectContext, mergeId: Id): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM customer_merge WHERE id = ${mergeId}`.execute(trx);
  return rows.length > 0;
}

/** Both held until the end, always in the same order: acts on either wait, and then see the merge. */
export async function lockBoth(
  { trx }: EffectContext,
  keptId: Id,
  goneId: Id,
): Promise<{ kept: Customer; gone: Customer }> {
  const { rows } = await sql<{ id: Id; data: Customer | null }>`
    SELECT id::text, data FROM record WHERE tbl = 'customer' AND id IN (${keptId}, ${goneId})
    ORDER BY id FOR UPDATE`.execute(trx);
  const find = (id: Id) => {
    const data = rows.find((row) => row.id === id)?.data;
    if (!data) throw new Rejection('UNKNOWN_CUSTOMER', `customer ${id} is not known here`);
    return data;
  };
  return { kept: find(keptId), gone: find(goneId) };
}

interface Facts {
  kept: Customer;
  gone: Customer;
  fields: readonly MergeField[];
}

/**
 * The kept customer with what the author took from the other side. What either side says now and the author had not seen stays
 * beside it, as the loser of a conflict: nobody's word is dropped unseen.
 */
async function mergedCustomer(context: EffectContext, { kept, gone, fields }: Facts): Promise<Customer> {
  const next = (await versionOf(context, kept.id)) + 1;
  const seen = new Map(fields.map((one) => [one.field, one]));
  const since = [kept.customerSince, gone.customerSince].filter((day) => day !== null).sort()[0] ?? null;
  let after: Customer = { ...kept, customerSince: since };
  for (const field of fieldsOfBoth(kept, gone)) {
    const one = seen.get(field);
    const there = valueOfField(gone, field);
    if (one?.take === 'gone') {
      after = await changeFact(context, after, { field, value: one.gone, was: one.kept }, next);
    } else if (one === undefined && saysNothing(valueOfField(after, field))) {
      after = withField(after, field, there);
    }
    const unseen = one === undefined ? !saysNothing(there) : !isSameValue(there, one.gone);
    if (unseen && !isSameValue(there, valueOfField(after, field)))
      after = await beside(context, after, gone, field, next);
  }
  return after;
}

async function beside(
  context: EffectContext,
  customer: Customer,
  gone: Customer,
  field: EditableField,
  since: number,
): Promise<Customer> {
  const loser: ContestedField = {
    ...{ field, value: valueOfField(gone, field), ...(await lastWord(context, gone, field)) },
    ...{ wonByName: context.author.name, wonAt: context.now, since },
  };
  return { ...customer, contested: [...(customer.contested ?? []), loser].slice(-CONTESTED_MAX) };
}

interface MergeRecord {
  mergeId: Id;
  keptId: Id;
  goneId: Id;
  kept: Customer;
  after: Customer;
}

async function recordMerge(
  { trx, author, now }: EffectContext,
  { mergeId, keptId, goneId, kept, after }: MergeRecord,
  moves: readonly Move[],
): Promise<void> {
  await sql`
    INSERT INTO customer_merge (id, kept, gone, by_agent, at, kept_before, kept_after)
    VALUES (${mergeId}, ${keptId}, ${goneId}, ${author.id}, ${now}, ${JSON.stringify(kept)}::jsonb,
      ${JSON.stringify(after)}::jsonb)`.execute(trx);
  const rows = JSON.stringify(
    moves.map(({ write, before }) => ({ t: write.table, i: write.id, b: before, a: before && write.data })),
  );
  await sql`
    INSERT INTO customer_merge_row (merge_id, tbl, id, before, after)
    SELECT ${mergeId}, t, i, nullif(b, 'null'), nullif(a, 'null')
    FROM jsonb_to_recordset(${rows}::jsonb) AS page (t text, i uuid, b jsonb, a jsonb)`.execute(trx);
}

/** The newest of a long history with the reply, the rest with the feed. */
export function quietBeyond(writes: RecordWrite[]): RecordWrite[] {
  let left = WITH_THE_REPLY;
  return writes.map((write) => {
    if (write.table !== 'interaction' && write.table !== 'note' && write.table !== 'script_run') return write;
    left -= 1;
    return left >= 0 ? write : { ...write, quiet: true };
  });
}

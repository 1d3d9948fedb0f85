import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Role } from '../../shared/agent.ts';
import type { Customer } from '../../shared/customer.ts';
import type { Id } from '../../shared/ids.ts';
import { assignAlike } from '../assignments.ts';
import { liveCustomerId } from '../merged.ts';
import type { RecordWrite } from '../records.ts';
import { type Effect, type EffectContext, Rejection } from './effect.ts';
import { lockBoth, quietBeyond } from './merge.ts';

const UNDO_FOR_OTHERS: readonly Role[] = ['supervisor', 'administrator'];

interface Merge {
  kept: Id;
  gone: Id;
  by_agent: Id;
  undone: boolean;
  kept_before: Customer;
  kept_after: Customer;
}

/**
 * Takes a merge back: whoever did it may, and a supervisor. Each row that it moved goes back as it was, unless somebody has said
 * since whose it is. A merge that never came here is not there: that is what was wanted.
 */
export const unmergeCustomers: Effect<'customer.unmerge'> = async (context, { mergeId }) => {
  const { trx, author, now } = context;
  const { rows } = await sql<Merge>`
    SELECT kept::text, gone::text, by_agent::text, undone_at IS NOT NULL AS undone, kept_before, kept_after
    FROM customer_merge WHERE id = ${mergeId} FOR UPDATE`.execute(trx);
  const [merge] = rows;
  if (!merge || merge.undone) return [];
  if (merge.by_agent !== author.id && !UNDO_FOR_OTHERS.includes(author.role)) {
    throw new Rejection('FORBIDDEN', `merge ${mergeId} is another agent's`);
  }
  const { kept, gone } = await lockBoth(context, merge.kept, merge.gone);
  await sql`
    UPDATE customer_merge SET undone_at = ${now}, undone_by = ${author.id} WHERE id = ${mergeId}`.execute(trx);
  await assignAlike(trx, await liveCustomerId(trx, merge.kept), merge.gone);
  const { mergedInto: _, ...alone } = gone;
  return [
    { table: 'customer', id: merge.kept, data: restored(kept, merge), keepsLoser: true },
    { table: 'customer', id: merge.gone, data: alone, keepsLoser: true },
    ...quietBeyond(await rowsBack(context, mergeId, merge)),
  ];
};

interface MovedRow {
  table: RecordWrite['table'];
  id: Id;
  owner: Id | null;
  data: Record<string, unknown> | null;
  before: Record<string, unknown> | null;
  /** What the merge wrote, where it wrote more than an owner. */
  after: Record<string, unknown> | null;
}

async function rowsBack({ trx }: EffectContext, mergeId: Id, { kept, gone }: Merge): Promise<RecordWrite[]> {
  const live = await liveCustomerId(trx, kept);
  const { rows } = await sql<MovedRow>`
    SELECT r.tbl AS "table", r.id::text, r.customer_id::text AS owner, r.data, m.before, m.after
    FROM customer_merge_row m JOIN record r ON r.tbl = m.tbl AND r.id = m.id
    WHERE m.merge_id = ${mergeId}
    ORDER BY r.tbl, coalesce(r.data->>'startedAt', r.data->>'at') DESC, r.id FOR UPDATE OF r`.execute(trx);
  return rows.flatMap((row): RecordWrite[] => {
    const data = backOf(row, live, gone);
    // What was read from this table goes back into it.
    return data === null
      ? []
      : [{ table: row.table, id: row.id, data, keepsLoser: row.table === 'consent' } as RecordWrite];
  });
}

/** The row as it goes back; null where it stays: somebody has said since whose it is, or what. */
function backOf({ owner, data, before, after }: MovedRow, live: Id, gone: Id): object | null {
  if (data === null || owner !== live) return null;
  const untouched = isDeepStrictEqual(data, { ...after, customerId: live });
  // The kept one's own, which the merge only made stricter.
  if (before !== null && before.customerId !== gone) return untouched ? { ...before, customerId: live } : null;
  return before !== null && untouched ? before : { ...data, customerId: gone };
}

/** The kept customer without what the merge wrote there; what was said since stays. */
function restored(now: Customer, { kept_before: before, kept_after: after }: Merge): Customer {
  if (isDeepStrictEqual(now, after)) return before;
  const { custom, contested, ...facts } = now;
  const plain = withoutMerge(facts, before, after);
  const added = (after.contested ?? []).filter(
    (one) => !(before.contested ?? []).some((b) => isDeepStrictEqual(b, one)),
  );
  const left = (contested ?? []).filter((one) => !added.some((a) => isDeepStrictEqual(a, one)));
  return {
    ...(plain as Omit<Customer, 'custom' | 'contested'>),
    custom: withoutMerge(custom, before.custom, after.custom) as Customer['custom'],
    ...(left.length > 0 ? { contested: left } : {}),
  };
}

/** Each value that the merge changed and nobody since, as it was before. */
function withoutMerge(now: object, before: object, after: object): Record<string, unknown> {
  const back: Record<string, unknown> = { ...now };
  for (const key of Object.keys(after)) {
    const [was, made] = [Reflect.get(before, key), Reflect.get(after, key)];
    if (isDeepStrictEqual(was, made) || !isDeepStrictEqual(Reflect.get(now, key), made)) continue;
    if (key in before) back[key] = was;
    else delete back[key];
  }
  return back;
}

import type { Customer } from '../../src/shared/customer.ts';
import { withField } from '../../src/shared/customer-edit.ts';
import { isSamePoint, stricterIsGone } from '../../src/shared/customer-merge.ts';
import type { OperationPayload, SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import { type OracleRows, Refusal } from './oracle-effects.ts';
import { sampleCustomer } from './sample-rows.ts';

type Owned = { table: SyncTable; id: string; data: Record<string, unknown> };

/** What a merge moved, as the oracle keeps it. Never changed in place. */
export interface OracleMerge {
  keptId: string;
  goneId: string;
  authorId: string;
  undone: boolean;
  keptBefore: object;
  rows: readonly { table: SyncTable; id: string; before: Record<string, unknown> }[];
}

/** Whoever has all that is this customer's. */
export function liveIn(rows: OracleRows, customerId: string): string {
  let live = customerId;
  for (let step = 0; step < 50; step += 1) {
    const row = rows.get('customer', live);
    const into = row?.table === 'customer' ? row.data?.mergedInto?.customerId : undefined;
    if (into === undefined) return live;
    live = into;
  }
  return live;
}

interface Doing {
  author: { id: string; name: string };
  at: string;
  put: (table: SyncTable, id: string, data: object) => void;
}

export function mergeInOracle(
  rows: OracleRows,
  { mergeId, customerId, goneId, fields }: Extract<OperationPayload, { kind: 'customer.merge' }>,
  { author, at, put }: Doing,
): void {
  const gone = living(rows, goneId);
  const keptId = liveIn(rows, customerId);
  const kept = living(rows, keptId);
  if (customerId === goneId) throw new Refusal('INVALID');
  if (rows.merges.has(mergeId)) return;
  if (keptId === goneId || (gone.mergedInto && liveIn(rows, goneId) !== keptId)) throw new Refusal('MERGED_MEANWHILE');
  const after = fields
    .filter(({ take }) => take === 'gone')
    .reduce((row, one) => withField(row, one.field, one.gone), kept);
  put('customer', keptId, after);
  if (gone.mergedInto) return;
  const moved = movesOf(rows, keptId, goneId);
  put('customer', goneId, {
    ...gone,
    mergedInto: { customerId: keptId, mergeId, byId: author.id, byName: author.name, at },
  });
  for (const { row, data } of moved) put(row.table, row.id, data);
  rows.merges.set(mergeId, {
    ...{ keptId, goneId, authorId: author.id, undone: false, keptBefore: kept },
    rows: moved.map(({ row }) => ({ table: row.table, id: row.id, before: row.data })),
  });
}

function movesOf(rows: OracleRows, keptId: string, goneId: string): { row: Owned; data: object }[] {
  const there = rows.list(keptId) as Owned[];
  return (rows.list(goneId) as Owned[]).flatMap((row): { row: Owned; data: object }[] => {
    const moved = { row, data: { ...row.data, customerId: keptId } };
    const same = (other: Owned) => other.table === row.table && Reflect.get(other.data, 'kind') === row.data.kind;
    if (row.table === 'contact_point') {
      return there.some((one) => same(one) && isSamePoint(one.data as never, row.data as never)) ? [] : [moved];
    }
    if (row.table !== 'consent') return [moved];
    const kept = there.find(
      ({ table, data }) =>
        table === 'consent' && data.channel === row.data.channel && data.purpose === row.data.purpose,
    );
    if (!stricterIsGone(kept?.data as never, row.data as never)) return [];
    return kept ? [{ row: kept, data: { ...kept.data, status: 'refused' } }] : [moved];
  });
}

export function unmergeInOracle(
  rows: OracleRows,
  { mergeId }: Extract<OperationPayload, { kind: 'customer.unmerge' }>,
  { author, put }: Doing,
): void {
  const merge = rows.merges.get(mergeId);
  if (!merge || merge.undone) return;
  if (merge.authorId !== author.id) throw new Refusal('FORBIDDEN');
  const gone = living(rows, merge.goneId);
  living(rows, merge.keptId);
  rows.merges.set(mergeId, { ...merge, undone: true });
  const live = liveIn(rows, merge.keptId);
  const { mergedInto: _, ...alone } = gone;
  put('customer', merge.goneId, alone);
  for (const { table, id, before } of merge.rows) {
    const row = rows.get(table, id) as SyncRow & { data: Record<string, unknown> | null };
    if (row.data === null || row.data.customerId !== live) continue;
    if (before.customerId === merge.goneId) put(table, id, { ...row.data, customerId: merge.goneId });
  }
}

export function splitInOracle(
  rows: OracleRows,
  { customerId, fromId, name, contactPointIds, interactionIds }: Extract<OperationPayload, { kind: 'customer.split' }>,
  put: Doing['put'],
): void {
  if (rows.get('customer', customerId)?.deleted) throw new Refusal('ERASED');
  const live = liveIn(rows, fromId);
  living(rows, fromId);
  living(rows, live);
  if (rows.get('customer', customerId)) return;
  put('customer', customerId, sampleCustomer(customerId, name));
  for (const { table, id, data } of rows.list(live) as Owned[]) {
    const chosen =
      table === 'contact_point' ? contactPointIds.includes(id) : interactionIds.includes(idOfContact(table, id, data));
    if (chosen) put(table, id, { ...data, customerId });
  }
}

function idOfContact(table: SyncTable, id: string, data: Record<string, unknown>): string {
  if (table === 'interaction') return id;
  return (table === 'note' || table === 'promise') && typeof data.interactionId === 'string' ? data.interactionId : '';
}

function living(rows: OracleRows, id: string): Customer {
  const row = rows.get('customer', id);
  if (row?.deleted) throw new Refusal('ERASED');
  if (row?.table !== 'customer' || !row.data) throw new Refusal('UNKNOWN_CUSTOMER');
  return row.data;
}

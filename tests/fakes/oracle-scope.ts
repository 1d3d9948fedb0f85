import type { OperationPayload, OperationReply, SyncRow } from '../../src/shared/sync-wire.ts';
import type { FeedRow, History } from './oracle-history.ts';
import { wireRow } from './oracle-history.ts';

/** What a desk may hold: everything, or the customers of its team. Both read the same history. */
export type OracleScope = 'all' | 'team';

/** The customer leaves the team's desks: a deletion that is newer than what they have, at its place of the feed. */
export function depart(history: History, customerId: string): void {
  const row = history.rows.get(`customer/${customerId}`);
  if (!row || row.deleted || history.departed.has(customerId)) return;
  const before = ++history.seq;
  const version = row.version + 1;
  history.rows.set(`customer/${customerId}`, { ...row, version, seq: ++history.seq });
  history.departed.set(customerId, { version, seq: before });
}

/** Whom an agent of the team deals with belongs to the team. */
export function dealtWith(history: History, customerId: string | null): void {
  if (customerId !== null) comeBack(history, customerId);
}

/** Whom somebody makes who is not of the team, the team never had: no deletion tells of them. */
export function madeElsewhere(history: History, payload: OperationPayload, { status }: OperationReply): void {
  if (payload.kind !== 'customer.create' || status !== 'applied') return;
  history.departed.set(payload.customerId, { version: 0, seq: 0 });
}

/** Whose rows a desk with this cursor holds. */
export function scopeIn(cursor: string | undefined): OracleScope {
  return cursor?.split(':')[0]?.endsWith('team') ? 'team' : 'all';
}

/** Rows of the replies, and customers of theirs, that this scope does not hold. */
export function outsideOf(history: History, scope: OracleScope, replies: readonly OperationReply[]): string[] {
  if (scope === 'all') return [];
  const rows = replies.flatMap((reply) => (reply.status === 'applied' ? reply.rows : []));
  const ids = rows.flatMap((row) => {
    const now = history.rows.get(`${row.table}/${row.id}`);
    const customers = [customerOfRow(row), now ? customerOfRow(now) : null].filter((id) => id !== null);
    return customers.some((id) => history.departed.has(id)) ? [row.id] : [];
  });
  return [...new Set(ids)];
}

/** Everything of the customer once more, as the newest change. */
export function comeBack(history: History, customerId: string): void {
  if (!history.departed.delete(customerId)) return;
  const theirs = [...history.rows].filter(([, row]) => !row.deleted && customerOfRow(row) === customerId);
  const customersFirst = theirs.sort(([, a], [, b]) => Number(b.table === 'customer') - Number(a.table === 'customer'));
  for (const [key, row] of customersFirst) {
    history.rows.set(key, { ...row, version: row.version + 1, seq: ++history.seq });
  }
}

/** The history as this scope reads it: who departed is a deletion, and so is a row that went over to them; of their rows nothing is there. */
export function inScope(history: History, scope: OracleScope): History {
  if (scope === 'all' || history.departed.size === 0) return history;
  const rows = new Map([...history.rows].filter(([, row]) => !history.departed.has(customerOfRow(row) ?? '')));
  for (const [key, row] of history.rows) {
    // Only where this scope may have held it.
    const mayHold = row.was?.some((id) => id === null || !history.departed.has(id));
    if (!mayHold || row.deleted || rows.has(key)) continue;
    rows.set(key, { ...row, version: row.version - 1, deleted: true, left: true, data: null } as FeedRow);
  }
  for (const [id, place] of history.departed) {
    rows.set(`customer/${id}`, { table: 'customer', id, ...place, deleted: true, left: true, data: null });
  }
  return { ...history, rows };
}

/** The same for an audit: rows that left after `seq` are named among those that changed since. */
export function auditedScope(history: History, scope: OracleScope, seq: number): History {
  const view = inScope(history, scope);
  if (view === history) return history;
  const rows = new Map(view.rows);
  for (const [key, row] of history.rows) {
    const departure = history.departed.get(customerOfRow(row) ?? '');
    if (departure && departure.seq > seq)
      rows.set(key, { ...row, deleted: true, data: null, seq: departure.seq } as FeedRow);
  }
  return { ...view, rows };
}

/** The customer that a row of the centre is about; a deleted row no longer says it. */
function customerOfRow(row: SyncRow): string | null {
  if (row.table === 'customer') return row.id;
  const { data } = wireRow(row);
  return data !== null && 'customerId' in data ? data.customerId : null;
}

import { type Kysely, sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { OperationReply, SyncRow } from '../../shared/sync-wire.ts';
import type { CentralTables } from '../db/tables.ts';
import { scopeOfAgent } from '../scope.ts';
import type { Cursor } from './cursor.ts';

/**
 * Ids of rows in stored replies that the desk with this cursor does not hold: whoever sits there now may be somebody else than who did
 * the work, and a stored reply is as old as the operation. Of a row that went over to somebody else, both say it.
 */
export async function outsideOf(
  db: Kysely<CentralTables>,
  cursor: Cursor | null,
  replies: readonly string[],
): Promise<Id[]> {
  if (cursor?.agentId === undefined) return [];
  const scope = await scopeOfAgent(db, cursor.agentId);
  if (scope.departures === undefined) return [];
  const rows = replies.flatMap((text) => {
    const reply = JSON.parse(text) as OperationReply;
    return reply.status === 'applied' ? reply.rows : [];
  });
  if (rows.length === 0) return [];
  const named = rows.flatMap((row) => [{ t: row.table, i: row.id }, ...ofCustomer(row)]);
  const found = await sql<{ tbl: string; id: Id }>`
    SELECT r.tbl, r.id::text AS id FROM record r
    JOIN (SELECT DISTINCT t, i FROM jsonb_to_recordset(${JSON.stringify(named)}::jsonb) AS page (t text, i uuid)) page
      ON r.tbl = page.t AND r.id = page.i
    WHERE NOT coalesce(${scope.where}, false)`.execute(db);
  const outside = new Set(found.rows.map(({ tbl, id }) => `${tbl}/${id}`));
  const isOutside = (row: SyncRow) =>
    outside.has(`${row.table}/${row.id}`) || ofCustomer(row).some(({ t, i }) => outside.has(`${t}/${i}`));
  return [...new Set(rows.filter(isOutside).map(({ id }) => id))];
}

function ofCustomer({ data }: SyncRow): { t: 'customer'; i: Id }[] {
  return data !== null && 'customerId' in data && data.customerId !== null
    ? [{ t: 'customer', i: data.customerId }]
    : [];
}

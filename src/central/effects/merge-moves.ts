import { type Kysely, sql } from 'kysely';
import type { Consent } from '../../shared/consent.ts';
import type { ContactPoint } from '../../shared/contact-point.ts';
import { isSamePoint, stricterIsGone } from '../../shared/customer-merge.ts';
import type { Id } from '../../shared/ids.ts';
import type { SyncTable } from '../../shared/sync-wire.ts';
import type { CentralTables } from '../db/tables.ts';
import type { RecordWrite } from '../records.ts';

/** One row that a merge changes. */
export interface Move {
  write: RecordWrite;
  /** What the row said, where more than its owner may change; null: only the owner. */
  before: object | null;
}

/** A living row of one of the two. */
export interface OwnedRow {
  table: Exclude<SyncTable, 'customer'>;
  id: Id;
  customerId: Id;
  data: { id: Id; customerId: Id } & Record<string, unknown>;
}

/** All that belongs to the one who goes, and what of the kept one it may meet; the newest contacts and notes first. Held until the end. */
export async function readRowsOf(trx: Kysely<CentralTables>, keptId: Id, goneId: Id): Promise<OwnedRow[]> {
  const { rows } = await sql<OwnedRow>`
    SELECT r.tbl AS "table", r.id::text, r.customer_id::text AS "customerId", r.data FROM record r
    WHERE NOT r.deleted AND r.tbl <> 'customer'
      AND (r.customer_id = ${goneId} OR (r.customer_id = ${keptId} AND r.tbl IN ('contact_point', 'consent')))
    ORDER BY r.tbl, coalesce(r.data->>'startedAt', r.data->>'at') DESC, r.id FOR UPDATE`.execute(trx);
  return rows;
}

/** What goes over to the kept customer. A number or address that they have already stays behind; of two words on a consent the kept
 * one's row says the stricter one. */
export function movesOf(rows: readonly OwnedRow[], keptId: Id, goneId: Id): Move[] {
  const kept = rows.filter(({ customerId }) => customerId === keptId);
  return rows
    .filter(({ customerId }) => customerId === goneId)
    .flatMap((row): Move[] => {
      if (row.table === 'contact_point') return movePoint(row, pointsOf(kept), keptId);
      if (row.table === 'consent') return moveConsent(row, kept, keptId);
      return [{ write: writeOf(row, { ...row.data, customerId: keptId }), before: null }];
    });
}

function writeOf({ table, id }: OwnedRow, data: object | null): RecordWrite {
  // What was read from this table goes back into it.
  return { table, id, data, keepsLoser: table === 'consent' } as RecordWrite;
}

const pointsOf = (rows: readonly OwnedRow[]) =>
  rows.filter(({ table }) => table === 'contact_point').map(({ data }) => data as unknown as ContactPoint);

function movePoint(row: OwnedRow, kept: readonly ContactPoint[], keptId: Id): Move[] {
  const point = row.data as unknown as ContactPoint;
  if (kept.some((one) => isSamePoint(one, point))) return [];
  const primary = point.primary && !kept.some((one) => one.kind === point.kind && one.primary);
  return [{ write: writeOf(row, { ...row.data, customerId: keptId, primary }), before: row.data }];
}

function moveConsent(row: OwnedRow, kept: readonly OwnedRow[], keptId: Id): Move[] {
  const consent = row.data as unknown as Consent;
  const there = kept.find(
    ({ table, data }) => table === 'consent' && data.channel === consent.channel && data.purpose === consent.purpose,
  );
  if (!stricterIsGone(there && (there.data as unknown as Consent), consent)) return [];
  if (!there) return [{ write: writeOf(row, { ...row.data, customerId: keptId }), before: row.data }];
  const { status, at, source } = consent;
  return [{ write: writeOf(there, { ...there.data, status, at, source }), before: there.data }];
}

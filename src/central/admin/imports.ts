import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { AdminCustomer, AdminImport, AdminImportPage, ImportRowError } from '../../shared/central-admin-api.ts';
import { fieldsOf } from '../../shared/customer.ts';
import type { Id } from '../../shared/ids.ts';
import { type Clock, instant } from '../clock.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import { errorFacts } from '../log.ts';
import { CentralProblem } from '../problem.ts';
import { listRecords } from '../records.ts';
import { readCustomer, writeCustomers } from './customers.ts';
import { lockCustomerNumbers } from './natural-keys.ts';

// Customers of a file: they wait beside the records until all of them are there, and become customers in one transaction.

/** Customers that are merged and written at once within that transaction: each statement stays far below its time limit. */
const AT_ONCE = 1000;
/** What nobody went on with: it is personal data, and goes. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
const FORGOTTEN_AT_ONCE = 20_000;
/** Counting a million that wait takes seconds; it only reads, and holds nothing back. */
const COUNT_MAY_TAKE = '120s';

export interface Imports {
  begin(id: Id, by: string): Promise<void>;
  add(id: Id, rows: { row: number; customer?: unknown }[]): Promise<AdminImportPage>;
  read(id: Id): Promise<AdminImport>;
  /** Begins to write, if nobody does; `read` says how far it is. */
  commit(id: Id): Promise<void>;
  discard(id: Id): Promise<void>;
  /** Ends what is being written, of which nothing stays. */
  close(): Promise<void>;
}

interface Parts {
  db: Db;
  clock: Clock;
  log: Logger;
  country: () => Promise<string>;
  changed: () => void;
}

/** One import that is written by this process. */
interface Writing {
  rows: number;
  written: number;
  failed: boolean;
  ended: Promise<void>;
}

export function createImports(parts: Parts): Imports {
  const { db, clock } = parts;
  const here = new Map<Id, Writing>();
  const closing = new AbortController();

  async function run(id: Id, writing: Writing): Promise<void> {
    try {
      await withRetry(() => commitImport(parts, id, writing, closing.signal));
      here.delete(id);
      parts.changed();
    } catch (error) {
      writing.failed = true;
      parts.log.error({ event: 'import failed, nothing of it was written', ...errorFacts(error) });
    }
  }

  return {
    begin: (id, by) => beginImport(db, clock, id, by),
    add: (id, rows) => addRows(db, clock, id, rows),
    read: async (id) => {
      const writing = here.get(id);
      if (!writing) return readImport(db, id);
      const { rows, written, failed } = writing;
      const nothing = { known: null, changed: 0, unchanged: 0, contactPoints: 0 };
      return { state: failed ? 'failed' : 'writing', rows, written: failed ? 0 : written, ...nothing };
    },
    commit: async (id) => {
      const before = here.get(id);
      if (before && !before.failed) return;
      const { state, rows } = await readImport(db, id);
      // Two asked at the same moment.
      if (state === 'done' || here.get(id) !== before) return;
      const writing: Writing = { rows, written: 0, failed: false, ended: Promise.resolve() };
      here.set(id, writing);
      writing.ended = run(id, writing);
    },
    discard: async (id) => {
      if (here.get(id)?.failed === false)
        throw new CentralProblem('CHANGED_MEANWHILE', { detail: 'it is being written' });
      here.delete(id);
      await forget(db, id);
    },
    close: async () => {
      closing.abort();
      await Promise.all([...here.values()].map(({ ended }) => ended));
    },
  };
}

/** Rows of an import that nobody went on with for a day go: they are personal data that nobody needs. */
export async function forgetOldImports(db: Db, clock: Clock): Promise<void> {
  const before = new Date(clock() - FORGOTTEN_AFTER_MS);
  const old = await db.selectFrom('customer_import').select('id').where('touched_at', '<', before).execute();
  for (const left of old) await forget(db, left.id);
}

async function beginImport(db: Db, clock: Clock, id: Id, by: string): Promise<void> {
  await forgetOldImports(db, clock);
  await sql`
    INSERT INTO customer_import (id, started_by, touched_at) VALUES (${id}, ${by}, ${instant(clock)}::timestamptz)
    ON CONFLICT (id) DO NOTHING`.execute(db);
}

/** In steps: a million rows in one statement would take longer than a statement may. */
async function forget(db: Db, id: Id): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      DELETE FROM customer_import_row WHERE import_id = ${id} AND customer_number IN (
        SELECT customer_number FROM customer_import_row WHERE import_id = ${id} LIMIT ${FORGOTTEN_AT_ONCE}) RETURNING 1 AS n`.execute(
      db,
    );
    if (rows.length < FORGOTTEN_AT_ONCE) break;
  }
  await db.deleteFrom('customer_import').where('id', '=', id).execute();
}

/** Takes rows in. One that does not fit, or whose number stands in the file already, is named and is not taken. */
async function addRows(
  db: Db,
  clock: Clock,
  id: Id,
  page: { row: number; customer?: unknown }[],
): Promise<AdminImportPage> {
  const fields = fieldsOf(await listRecords(db, 'custom_field'), 'customer');
  const errors: ImportRowError[] = [];
  const fitting: { row: number; data: AdminCustomer }[] = [];
  for (const { row, customer } of page) {
    const data = readCustomer(customer, fields);
    if (typeof data === 'string') errors.push({ row, code: 'INVALID', detail: data, firstRow: null });
    else fitting.push({ row, data });
  }
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ open: boolean }>`
      UPDATE customer_import SET touched_at = ${instant(clock)}::timestamptz WHERE id = ${id}
      RETURNING done_at IS NULL AS open`.execute(trx);
    if (!rows[0]) throw new CentralProblem('NOT_FOUND', { detail: 'there is no such import' });
    if (!rows[0].open) throw new CentralProblem('CHANGED_MEANWHILE', { detail: 'this import is done' });
    const twice = await store(trx, id, fitting);
    const clashes = twice.filter(({ same }) => !same);
    errors.push(
      ...clashes.map(({ row, firstRow }): ImportRowError => {
        return { row, code: 'NUMBER_TWICE', detail: 'customerNumber: stands in the file twice', firstRow };
      }),
    );
    return { repeated: twice.length - clashes.length, errors: errors.sort((a, b) => a.row - b.row) };
  });
}

/** @returns rows whose number an earlier row has, and whether they say the same. Locks the import's row before. */
async function store(
  trx: Db,
  id: Id,
  fitting: { row: number; data: AdminCustomer }[],
): Promise<{ row: number; firstRow: number; same: boolean }[]> {
  const page = JSON.stringify(fitting.map(({ row, data }) => ({ row, n: data.customerNumber, data })));
  await sql`
    INSERT INTO customer_import_row (import_id, customer_number, row, data)
    SELECT DISTINCT ON (n COLLATE "C") ${id}::uuid, n, row, data
    FROM jsonb_to_recordset(${page}::jsonb) AS page (row integer, n text, data jsonb) ORDER BY n COLLATE "C", row
    ON CONFLICT (import_id, customer_number) DO UPDATE SET data = excluded.data
      WHERE customer_import_row.row = excluded.row`.execute(trx);
  const { rows } = await sql<{ row: number; firstRow: number; same: boolean }>`
    SELECT page.row, first.row AS "firstRow", first.data = page.data AS same
    FROM jsonb_to_recordset(${page}::jsonb) AS page (row integer, n text, data jsonb)
    JOIN customer_import_row first ON first.import_id = ${id} AND first.customer_number = page.n
    WHERE first.row <> page.row`.execute(trx);
  return rows;
}

async function readImport(db: Db, id: Id): Promise<AdminImport> {
  const found = await db.selectFrom('customer_import').selectAll().where('id', '=', id).executeTakeFirst();
  if (!found) throw new CentralProblem('NOT_FOUND', { detail: 'there is no such import' });
  const { changed, unchanged, contact_points: contactPoints, done_at } = found;
  const counts = { written: changed + unchanged, changed, unchanged, contactPoints };
  if (done_at !== null) return { state: 'done', rows: counts.written, known: null, ...counts };
  const { rows } = await db.transaction().execute(async (trx) => {
    await sql`SET LOCAL statement_timeout = ${sql.lit(COUNT_MAY_TAKE)}`.execute(trx);
    return sql<{ rows: number; known: number }>`
      SELECT count(*)::int AS rows, count(*) FILTER (WHERE EXISTS (
        SELECT FROM record r WHERE r.tbl = 'customer' AND NOT r.deleted AND r.data->>'customerNumber' = w.customer_number
      ))::int AS known
      FROM customer_import_row w WHERE import_id = ${id}`.execute(trx);
  });
  return { state: 'waiting', rows: rows[0]?.rows ?? 0, known: rows[0]?.known ?? 0, ...counts };
}

/** All of it in one transaction: until its end nobody sees any of it, and if it is cut nothing of it is there. */
async function commitImport(parts: Parts, id: Id, progress: Writing, signal: AbortSignal): Promise<void> {
  const { db, clock } = parts;
  const context = { now: instant(clock), country: await parts.country() };
  progress.written = 0;
  await sql`ANALYZE customer_import_row`.execute(db);
  await db.transaction().execute(async (trx) => {
    await lockCustomerNumbers(trx);
    const { rows: open } = await sql`
      SELECT 1 FROM customer_import WHERE id = ${id} AND done_at IS NULL FOR UPDATE`.execute(trx);
    if (open.length === 0) return;
    const sum = await writeAll(trx, id, context, progress, signal);
    await sql`
      UPDATE customer_import SET done_at = ${context.now}::timestamptz, changed = ${sum.changed},
        unchanged = ${sum.unchanged}, contact_points = ${sum.contactPoints}
      WHERE id = ${id}`.execute(trx);
  });
}

/** Page by page in the order of their numbers; what is written no longer waits. */
async function writeAll(
  trx: Db,
  id: Id,
  context: { now: string; country: string },
  progress: Writing,
  signal: AbortSignal,
): Promise<{ changed: number; unchanged: number; contactPoints: number }> {
  const sum = { changed: 0, unchanged: 0, contactPoints: 0 };
  for (let before = ''; ; ) {
    if (signal.aborted) throw new Error('the centre stops');
    const { rows } = await sql<{ data: AdminCustomer }>`
      SELECT data FROM customer_import_row WHERE import_id = ${id} AND customer_number > ${before}
      ORDER BY customer_number LIMIT ${AT_ONCE}`.execute(trx);
    const last = rows.at(-1)?.data.customerNumber;
    if (last === undefined) return sum;
    const page = rows.map(({ data }) => data);
    const done = await writeCustomers(trx, page, context);
    sum.changed += done.changed;
    sum.unchanged += done.unchanged;
    sum.contactPoints += done.contactPoints;
    // From where this page began: what is deleted in this transaction is still in the way of whoever begins further ahead.
    await sql`
      DELETE FROM customer_import_row
      WHERE import_id = ${id} AND customer_number > ${before} AND customer_number <= ${last}`.execute(trx);
    before = last;
    progress.written += rows.length;
  }
}

import { type Kysely, sql } from 'kysely';
import type { Customer } from '../shared/customer.ts';
import { DISCLOSURE_MAX_ROWS, type DisclosedTable, Disclosure } from '../shared/disclosure.ts';
import type { Id } from '../shared/ids.ts';
import type { CentralTables } from './db/tables.ts';
import { liveCustomerId } from './merged.ts';
import { CentralProblem } from './problem.ts';
import { readRecord } from './records.ts';

type Db = Kysely<CentralTables>;
const TABLES = Object.keys(Disclosure.shape.rows.shape) as DisclosedTable[];
/** Nobody consists of more. */
const MOST = 50;

/** The customer who has it all now. @throws CentralProblem NOT_FOUND: unknown, or erased. */
export async function liveCustomer(db: Db, id: Id): Promise<Customer> {
  const customer = await readRecord(db, 'customer', await liveCustomerId(db, id));
  if (!customer) throw new CentralProblem('NOT_FOUND');
  return customer;
}

/** All that is held about a person, under whichever id they were written down. */
export async function discloseCustomer(db: Db, id: Id, at: string): Promise<Disclosure> {
  const customer = await liveCustomer(db, id);
  const merged = await mergedInto(db, customer.id);
  const ids = JSON.stringify([customer.id, ...merged.map((one) => one.id)]);
  const rows: Partial<Record<DisclosedTable, unknown[]>> = {};
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const found = await rowsOf(db, table, ids);
    rows[table] = found.rows;
    counts[table] = found.count;
  }
  const looks = await looksAt(db, ids);
  counts.looks = looks.count;
  return Disclosure.parse({ at, customer, merged, rows, looks: looks.rows, counts });
}

async function mergedInto(db: Db, id: Id): Promise<Customer[]> {
  const all: Customer[] = [];
  const waiting = [id];
  for (let next = waiting.shift(); next !== undefined && all.length < MOST; next = waiting.shift()) {
    const { rows } = await sql<{ gone: Id }>`
      SELECT gone::text FROM customer_merge WHERE kept = ${next} AND undone_at IS NULL ORDER BY gone`.execute(db);
    for (const { gone } of rows) {
      const customer = await readRecord(db, 'customer', gone);
      if (!customer || all.some((one) => one.id === gone)) continue;
      all.push(customer);
      waiting.push(gone);
    }
  }
  return all;
}

async function rowsOf(db: Db, table: DisclosedTable, ids: string): Promise<{ rows: unknown[]; count: number }> {
  const { rows } = await sql<{ data: unknown; n: number }>`
    SELECT data, count(*) OVER ()::int AS n FROM record
    WHERE tbl = ${table} AND NOT deleted AND customer_id IN (SELECT jsonb_array_elements_text(${ids}::jsonb)::uuid)
    ORDER BY coalesce(data->>'startedAt', data->>'at', data->>'openedAt', data->>'placedAt') DESC NULLS LAST, id
    LIMIT ${DISCLOSURE_MAX_ROWS}`.execute(db);
  return { rows: rows.map(({ data }) => data), count: rows[0]?.n ?? 0 };
}

interface LookRow {
  at: string;
  agentName: string | null;
  action: string;
  context: string;
  n: number;
}

/** At desks and by the centre itself, the latest first. */
async function looksAt(db: Db, ids: string): Promise<{ rows: Omit<LookRow, 'n'>[]; count: number }> {
  const theirs = sql`(SELECT jsonb_array_elements_text(${ids}::jsonb)::uuid)`;
  const { rows } = await sql<LookRow>`
    SELECT to_char(look.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, agent.data->>'name' AS "agentName",
      look.action, look.context, count(*) OVER ()::int AS n
    FROM (
      SELECT at, agent_id, action, context FROM access_log WHERE customer_id IN ${theirs}
      UNION ALL
      SELECT at, agent_id, how, coalesce(reason, '') FROM lookup_log WHERE customer_id IN ${theirs}
    ) look LEFT JOIN record agent ON agent.tbl = 'agent' AND agent.id = look.agent_id
    ORDER BY look.at DESC LIMIT ${DISCLOSURE_MAX_ROWS}`.execute(db);
  return { rows: rows.map(({ n: _, ...look }) => look), count: rows[0]?.n ?? 0 };
}

import { type Kysely, sql } from 'kysely';
import type { Id } from '../shared/ids.ts';
import type { CentralTables } from './db/tables.ts';

/** No chain of merges is longer; a circle cannot be made, and would end here. */
const LONGEST_CHAIN = 50;

/** Who has all that belongs to this customer: the end of the chain of merges; the id itself where there is none. */
export async function liveCustomerId(db: Kysely<CentralTables>, id: Id): Promise<Id> {
  let live = id;
  for (let step = 0; step < LONGEST_CHAIN; step += 1) {
    const { rows } = await sql<{ into: Id | null }>`
      SELECT data->'mergedInto'->>'customerId' AS into FROM record WHERE tbl = 'customer' AND id = ${live}`.execute(db);
    const into = rows[0]?.into ?? null;
    if (into === null) return live;
    live = into;
  }
  return live;
}

/** Whether these two are, or at some time were, one customer: what a desk said of either then is said of the same person. */
export async function wereOne(db: Kysely<CentralTables>, a: Id, b: Id): Promise<boolean> {
  if (a === b || (await liveCustomerId(db, a)) === (await liveCustomerId(db, b))) return true;
  const { rows } = await sql`
    SELECT 1 FROM customer_merge WHERE (kept = ${a} AND gone = ${b}) OR (kept = ${b} AND gone = ${a}) LIMIT 1`.execute(
    db,
  );
  return rows.length > 0;
}

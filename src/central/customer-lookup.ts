import { type RawBuilder, sql } from 'kysely';
import type { ContactPoint } from '../shared/contact-point.ts';
import type { Customer } from '../shared/customer.ts';
import type { Id } from '../shared/ids.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import type { Db } from './db/store.ts';
import type { Scope } from './scope.ts';

interface Page {
  after: Id | null;
  limit: number;
}

/** `%` and `_` of the question mean themselves. */
function likePrefix(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/**
 * Customers whose ids `hits` gives, by id; for those who were merged, whoever has all that was theirs. Each way to look up is a set
 * of ids, so that each uses its own index.
 */
async function readHits(db: Db, scope: Scope, hits: RawBuilder<unknown>, page: Page): Promise<Customer[]> {
  const after = page.after === null ? sql`true` : sql`r.id > ${page.after}`;
  const { rows } = await sql<{ data: Customer }>`
    WITH RECURSIVE hit (id) AS (
      SELECT found.id FROM (${hits}) found (id)
      UNION SELECT (gone.data->'mergedInto'->>'customerId')::uuid FROM hit
        JOIN record gone ON gone.tbl = 'customer' AND gone.id = hit.id AND gone.data->'mergedInto' IS NOT NULL
    )
    SELECT r.data FROM record r
    WHERE r.tbl = 'customer' AND NOT r.deleted AND r.id IN (SELECT id FROM hit) AND r.data->'mergedInto' IS NULL
      AND ${after} AND ${scope.where}
    ORDER BY r.id LIMIT ${page.limit}`.execute(db);
  return rows.map(({ data }) => data);
}

/** Everybody with this number, however it is written. Numbers that both have a country must be the same whole. */
export function byPhone(db: Db, scope: Scope, phone: string, country: string, page: Page): Promise<Customer[]> {
  const { e164, last8 } = readPhoneNumber(phone, country);
  if (last8 === null) return Promise.resolve([]);
  const hits = sql`
    SELECT c.customer_id FROM record c WHERE c.tbl = 'contact_point' AND reverse(c.data->>'last8') = reverse(${last8})
      AND (c.data->>'e164' IS NULL OR ${e164}::text IS NULL OR c.data->>'e164' = ${e164})`;
  return readHits(db, scope, hits, page);
}

/** Beginning of the name, whole customer number, or last digits of a phone. */
export function byText(db: Db, scope: Scope, q: string, page: Page): Promise<Customer[]> {
  const digits = q.replace(/[\s-]/g, '');
  const isNumber = /^\d{4,}$/.test(digits);
  const lastDigits = likePrefix([...digits.slice(-8)].reverse().join(''));
  const byLastDigits = sql`
    UNION (SELECT c.customer_id FROM record c WHERE c.tbl = 'contact_point'
      AND reverse(c.data->>'last8') LIKE ${lastDigits} LIMIT 2000)`;
  const hits = sql`
    (SELECT n.id FROM record n WHERE n.tbl = 'customer' AND lower(n.data->>'name') LIKE ${likePrefix(q.toLowerCase())} LIMIT 2000)
    UNION (SELECT n.id FROM record n WHERE n.tbl = 'customer' AND n.data->>'customerNumber' = ${q.toUpperCase()} LIMIT 100)
    ${isNumber ? byLastDigits : sql``}`;
  return readHits(db, scope, hits, page);
}

export async function byId(db: Db, scope: Scope, id: Id): Promise<Customer[]> {
  return readHits(db, scope, sql`SELECT ${id}::uuid`, { after: null, limit: 1 });
}

/** The page as the API answers it. */
export async function withContactPoints(
  db: Db,
  customers: Customer[],
): Promise<{ customer: Customer; contactPoints: ContactPoint[] }[]> {
  const ids = JSON.stringify(customers.map(({ id }) => id));
  const { rows } = await sql<{ data: ContactPoint }>`
    SELECT data FROM record WHERE tbl = 'contact_point' AND NOT deleted
      AND customer_id IN (SELECT jsonb_array_elements_text(${ids}::jsonb)::uuid) ORDER BY id`.execute(db);
  const points = Map.groupBy(rows, ({ data }) => data.customerId);
  return customers.map((customer) => ({
    customer,
    contactPoints: (points.get(customer.id) ?? []).map(({ data }) => data),
  }));
}

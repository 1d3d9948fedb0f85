import type { HostContext } from './host-context.ts';

/** A page of what is found. */
export const LIMIT = 20;
/** So many who have a name, an end of a number or an own field are looked at for the likeliest; beyond that a search has to be narrowed. */
export const LOOKED_AT = 400;
/** So many are counted. */
export const COUNTED = 1000;
const DIGITS_OF_NUMBER = "ltrim(customer_number, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-_ ')";
const lastContact = (id: string) =>
  `(SELECT max(started_at) FROM interaction WHERE interaction.customer_id = ${id}) AS at`;

/** The statements of search; a test asserts that each uses its index. */
export const SEARCH = {
  /** By name, and by own fields: each in its column of the expression. */
  byLine: `SELECT customer.id AS id, customer.name AS name, ${lastContact('customer.id')}
           FROM customer_search CROSS JOIN customer ON customer.rowid = customer_search.rowid
           WHERE customer_search MATCH ? LIMIT ${LOOKED_AT}`,
  linesToCount: `SELECT rowid FROM customer_search WHERE customer_search MATCH ? LIMIT ${COUNTED + 1}`,
  byEmail: `SELECT DISTINCT customer_id AS id FROM email_search CROSS JOIN email_line ON line = email_search.rowid
            WHERE email_search MATCH ? LIMIT ${LIMIT + 1}`,
  byLast4: `SELECT customer_id AS id, ${lastContact('contact_point.customer_id')} FROM contact_point
            WHERE substr(last8, -4) = ? AND last8 IS NOT NULL AND substr(last8, -length(?)) = ? LIMIT ${LOOKED_AT}`,
  byNumber: `SELECT id FROM customer WHERE customer_number >= ? AND customer_number < ?
             ORDER BY customer_number LIMIT ${LOOKED_AT}`,
  byNumberDigits: `SELECT id FROM customer WHERE ${DIGITS_OF_NUMBER} >= ? AND ${DIGITS_OF_NUMBER} < ?
                   ORDER BY ${DIGITS_OF_NUMBER} LIMIT ${LOOKED_AT}`,
  byCase: `SELECT customer_id AS id, json_extract(data, '$.number') AS number, json_extract(data, '$.subject') AS subject, status
           FROM "case" WHERE json_extract(data, '$.number') >= ? AND json_extract(data, '$.number') < ?
           ORDER BY json_extract(data, '$.number') LIMIT ${LIMIT + 1}`,
  name: 'SELECT name FROM customer WHERE id = ?',
  facts: 'SELECT data FROM customer WHERE id = ?',
} as const;

export interface Found {
  id: string;
  name?: string;
  /** Of the last contact on any channel. */
  at?: string | null;
}

export const readFound = ({ cache }: HostContext, sql: string, ...params: unknown[]) =>
  cache.prepare(sql).all(...params) as Found[];

/** Exactly this name before those that only hold it, then who was here last. */
export function likeliestFirst(found: readonly Found[], text: string): Found[] {
  const wanted = plain(text);
  const keyOf = ({ name, at }: Found) => `${name !== undefined && plain(name) === wanted ? 1 : 0} ${at ?? ''}`;
  const keyed = found.map((one) => ({ one, key: keyOf(one) }));
  return keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? 1 : -1)).map(({ one }) => one);
}

const plain = (text: string) => text.normalize('NFC').trim().toLowerCase();

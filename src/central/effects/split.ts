import { type Kysely, sql } from 'kysely';
import type { Consent } from '../../shared/consent.ts';
import type { ContactPoint } from '../../shared/contact-point.ts';
import { type Id, newId } from '../../shared/ids.ts';
import { assignAlike } from '../assignments.ts';
import type { CentralTables } from '../db/tables.ts';
import { liveCustomerId } from '../merged.ts';
import type { RecordWrite } from '../records.ts';
import { newCustomer } from './customer.ts';
import {
  type Effect,
  type EffectContext,
  mustBeSame,
  mustNotBeErased,
  Rejection,
  readOwn,
  StartAgain,
} from './effect.ts';
import type { OwnedRow } from './merge-moves.ts';

/**
 * Two people were written down as one: the chosen numbers, addresses and contacts, with the notes and promises of these contacts,
 * go to a new customer. What somebody gave to another customer meanwhile stays there. A refusal may have been either's word: both
 * have it.
 */
export const splitCustomer: Effect<'customer.split'> = async (context, payload) => {
  const { customerId, name, contactPointIds, interactionIds } = payload;
  const { trx } = context;
  for (const id of [customerId, payload.fromId]) await mustNotBeErased(context, id);
  const existing = await readOwn(context, 'customer', customerId);
  mustBeSame(existing, { name }, `customer ${customerId}`);
  if (existing !== null) return [];
  const fromId = await liveCustomerId(trx, payload.fromId);
  const from = await readOwn(context, 'customer', fromId);
  if (from === null) throw new Rejection('UNKNOWN_CUSTOMER', `customer ${fromId} is not known here`);
  if (from.mergedInto) throw new StartAgain();
  const rows = await readRowsFor(trx, fromId, interactionIds);
  await rememberThatTheyWereOne(context, fromId, customerId);
  await assignAlike(trx, fromId, customerId);
  const facts = { id: customerId, kind: 'person', name, language: from.language, custom: {} } as const;
  return [
    { table: 'customer', id: customerId, data: await newCustomer(context, facts) },
    ...splitPoints(rows, contactPointIds, customerId),
    ...rows
      .filter(({ table }) => table !== 'contact_point' && table !== 'consent')
      .map((row) => writeOf(row, { customerId })),
    ...refusals(rows, customerId),
  ];
};

/** As a merge that was taken back: what another desk still says of the one about a row of the other is no conflict. */
async function rememberThatTheyWereOne({ trx, author, now }: EffectContext, fromId: Id, customerId: Id): Promise<void> {
  await sql`
    INSERT INTO customer_merge (id, kept, gone, by_agent, at, kept_before, kept_after, undone_at, undone_by)
    VALUES (${customerId}, ${fromId}, ${customerId}, ${author.id}, ${now}, '{}', '{}', ${now}, ${author.id})`.execute(
    trx,
  );
}

/** Numbers, addresses and consents of the customer, and what belongs to the chosen contacts. Held until the end. */
async function readRowsFor(trx: Kysely<CentralTables>, fromId: Id, interactions: readonly Id[]): Promise<OwnedRow[]> {
  const chosen = sql`(SELECT jsonb_array_elements_text(${JSON.stringify(interactions)}::jsonb))`;
  const { rows } = await sql<OwnedRow>`
    SELECT r.tbl AS "table", r.id::text, r.customer_id::text AS "customerId", r.data FROM record r
    WHERE r.customer_id = ${fromId} AND NOT r.deleted AND (r.tbl IN ('contact_point', 'consent')
      OR (r.tbl = 'interaction' AND r.id::text IN ${chosen})
      OR (r.tbl IN ('note', 'promise', 'script_run') AND r.data->>'interactionId' IN ${chosen}))
    ORDER BY r.tbl, r.id FOR UPDATE`.execute(trx);
  return rows;
}

const writeOf = ({ table, id, data }: OwnedRow, changes: object) =>
  // What was read from this table goes back into it.
  ({ table, id, data: { ...data, ...changes }, keepsLoser: true }) as RecordWrite;

/** On both sides the first of each kind is the one that is rung, where it had been the other one's. */
function splitPoints(rows: readonly OwnedRow[], chosen: readonly Id[], customerId: Id): RecordWrite[] {
  const points = rows.filter(({ table }) => table === 'contact_point');
  const sides = [points.filter(({ id }) => chosen.includes(id)), points.filter(({ id }) => !chosen.includes(id))];
  return sides.flatMap((side, index) => {
    const kindOf = (row: OwnedRow) => (row.data as unknown as ContactPoint).kind;
    return side.flatMap((row) => {
      const alike = side.filter((other) => kindOf(other) === kindOf(row));
      const isFirst = !alike.some(({ data }) => (data as unknown as ContactPoint).primary) && alike[0] === row;
      const primary = isFirst || (row.data as unknown as ContactPoint).primary;
      if (index === 0) return [writeOf(row, { customerId, primary })];
      return isFirst ? [writeOf(row, { primary })] : [];
    });
  });
}

function refusals(rows: readonly OwnedRow[], customerId: Id): RecordWrite[] {
  return rows
    .filter(({ table, data }) => table === 'consent' && (data as unknown as Consent).status === 'refused')
    .map(({ data }) => {
      const id = newId();
      return { table: 'consent', id, data: { ...(data as unknown as Consent), id, customerId } };
    });
}

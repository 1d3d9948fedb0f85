import { sql } from 'kysely';
import type { Consent } from '../../shared/consent.ts';
import type { DataOf, RecordWrite } from '../records.ts';
import { type Effect, mustBeCustomer, mustBeSame, ownerOf, readOwn } from './effect.ts';

/** The later pick for a number replaces the earlier ones: a number is remembered as one customer. */
export const pickPhone: Effect<'phone.pick'> = async (context, { pickId, e164, customerId }) => {
  await mustBeCustomer(context, customerId);
  const existing = await readOwn(context, 'phone_pick', pickId);
  mustBeSame(existing, { e164 }, `phone pick ${pickId}`);
  const { rows } = await sql<{ id: string }>`
    SELECT id::text FROM record WHERE tbl = 'phone_pick' AND data->>'e164' = ${e164} AND id <> ${pickId}
    ORDER BY id FOR UPDATE`.execute(context.trx);
  const replaced: RecordWrite[] = rows.map(({ id }) => ({ table: 'phone_pick', id, data: null, keepsLoser: true }));
  return [
    ...replaced,
    { table: 'phone_pick', id: pickId, data: { id: pickId, e164, customerId }, keepsLoser: existing !== null },
  ];
};

/** The later word on the same channel and purpose replaces the earlier one, which stays in the history as evidence. */
export const setConsent: Effect<'consent.set'> = async (context, payload) => {
  const { consentId, channel, purpose, status, source } = payload;
  await mustBeCustomer(context, payload.customerId);
  const existing = await readOwn(context, 'consent', consentId);
  mustBeSame(existing, { channel, purpose }, `consent ${consentId}`);
  const customerId = existing
    ? await ownerOf(context, existing, payload.customerId, `consent ${consentId}`)
    : payload.customerId;
  const { rows } = await sql<{ data: DataOf<'consent'> }>`
    SELECT data FROM record WHERE tbl = 'consent' AND customer_id = ${customerId} AND NOT deleted
      AND data->>'channel' = ${channel} AND data->>'purpose' = ${purpose} AND id <> ${consentId}
    ORDER BY id FOR UPDATE`.execute(context.trx);
  // A desk whose clock runs ahead must not make a consent younger than it is.
  const at = [context.operation.claimedAt, context.now].sort()[0] ?? context.now;
  const data: Consent = { id: consentId, customerId, channel, purpose, status, at, source };
  const replaced: RecordWrite[] = rows.map((row) => ({
    table: 'consent',
    id: row.data.id,
    data: null,
    keepsLoser: true,
  }));
  return [...replaced, { table: 'consent', id: consentId, data, keepsLoser: existing !== null }];
};

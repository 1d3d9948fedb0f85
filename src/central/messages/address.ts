import { type Kysely, sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { Interaction } from '../../shared/interaction.ts';
import type { WrittenChannel } from '../../shared/message.ts';
import type { CentralTables } from '../db/tables.ts';
import { readRecord } from '../records.ts';
import { MAIL } from './outgoing.ts';

type Db = Kysely<CentralTables>;

interface Wanted {
  customerId: Id;
  channel: WrittenChannel;
  answered: Interaction | null;
  contactPointId: Id | null;
}

/**
 * Where it goes: to whoever wrote; else to the customer's address that was chosen, or their first. null: there is none. What was typed
 * in a form is believed where it is one of the customer's addresses, or the only one that there is: then an agent said whose it is.
 */
export async function toAddress(
  db: Db,
  { customerId, channel, answered, contactPointId }: Wanted,
): Promise<string | null> {
  if (channel === 'message') return answered?.message?.address ?? null;
  const wrote = answered?.message?.address ?? null;
  if (contactPointId === null && wrote !== null && answered?.channel !== 'web') return wrote;
  if (contactPointId !== null) {
    const point = await readRecord(db, 'contact_point', contactPointId);
    return point?.kind === 'email' && point.customerId === customerId ? point.value.trim() : null;
  }
  const { rows } = await sql<{ value: string }>`
    SELECT data->>'value' AS value FROM record WHERE tbl = 'contact_point' AND customer_id = ${customerId} AND NOT deleted
      AND data->>'kind' = 'email' ORDER BY lower(trim(data->>'value')) = ${wrote?.toLowerCase() ?? ''} DESC,
      (data->>'primary')::boolean DESC, id LIMIT 1`.execute(db);
  return rows[0]?.value.trim() ?? wrote;
}

/** By which way: the mailbox, or the service that brought what is answered. A web form is answered by mail. */
export async function sourceOf(db: Db, answered: Interaction | null): Promise<string> {
  if (answered?.channel !== 'message') return MAIL;
  const { rows } = await sql<{ source: string }>`
    SELECT source FROM taken_message WHERE interaction_id = ${answered.id}`.execute(db);
  // What was loaded with a history was taken by nobody here.
  return rows[0]?.source ?? answered.message?.via?.name ?? MAIL;
}

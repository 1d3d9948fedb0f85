import { sql } from 'kysely';
import { type Id, newId } from '../shared/ids.ts';
import type { SyncTable } from '../shared/sync-wire.ts';
import { type Clock, instant } from './clock.ts';
import type { Store } from './db/store.ts';
import type { Principal } from './principal.ts';

/** How somebody came to see a customer here: never what they typed. */
export type LookupHow =
  | 'phone'
  | 'text'
  | 'id'
  | 'transfer'
  | 'disclosure'
  | 'export'
  | 'erase'
  | 'attachment'
  | `snapshot ${SyncTable}`;

/** The tables whose snapshot is the customers themselves. */
const PERSONAL: ReadonlySet<SyncTable> = new Set(['customer', 'contact_point', 'interaction', 'note', 'script_run']);

interface LookupParts {
  store: Pick<Store, 'db'>;
  clock: Clock;
}

/**
 * Writes down who was shown whom by the centre itself, before it answers: a token that is used without a desk leaves its trace
 * here, where no desk's access log has one. Nobody found is one entry without a customer.
 */
export async function recordLookup(
  { store, clock }: LookupParts,
  principal: Principal,
  how: LookupHow,
  customerIds: readonly Id[],
  reason: string | null = null,
): Promise<void> {
  if (principal.kind !== 'agent') return;
  const seen = customerIds.length === 0 ? [null] : customerIds;
  const page = JSON.stringify(seen.map((customerId) => ({ i: newId(), c: customerId })));
  await sql`
    INSERT INTO lookup_log (id, at, agent_id, device_id, how, customer_id, reason)
    SELECT i, ${instant(clock)}::timestamptz, ${principal.agentId}::uuid, ${principal.deviceId}::uuid, ${how}, c, ${reason}
    FROM jsonb_to_recordset(${page}::jsonb) AS page (i uuid, c uuid)`.execute(store.db);
}

/** A page of a snapshot. What a business has of itself (teams, codes) is nobody's data. */
export async function recordSnapshot(parts: LookupParts, principal: Principal, table: SyncTable): Promise<void> {
  if (PERSONAL.has(table)) await recordLookup(parts, principal, `snapshot ${table}`, []);
}

import { type Kysely, sql } from 'kysely';
import type { Agent } from '../../shared/agent.ts';
import type { Id } from '../../shared/ids.ts';
import type { Operation, OperationPayload, RejectionCode, SyncTable } from '../../shared/sync-wire.ts';
import type { CentralTables } from '../db/tables.ts';
import { liveCustomerId, wereOne } from '../merged.ts';
import { type DataOf, type RecordWrite, readRecord } from '../records.ts';

/** What an effect works with. It reads, checks, and returns what is to be written; it writes no record itself. */
export interface EffectContext {
  trx: Kysely<CentralTables>;
  operation: Operation;
  author: Agent;
  /** The centre's time of this operation. */
  now: string;
  /** How phone numbers without a country code are read: ISO 3166-1 alpha-2. */
  country: string;
}

export type PayloadOf<K extends OperationPayload['kind']> = Extract<OperationPayload, { kind: K }>;
export type Effect<K extends OperationPayload['kind']> = (
  context: EffectContext,
  payload: PayloadOf<K>,
) => Promise<RecordWrite[]>;

/** The permanent no to one operation. Thrown before anything is written. `detail` names ids and fields, never people. */
export class Rejection extends Error {
  readonly code: RejectionCode;
  constructor(code: RejectionCode, detail: string) {
    super(detail);
    this.name = 'Rejection';
    this.code = code;
  }
}

/** Somebody merged the customer while this act was on its way to the row: begun anew, it finds the one who has it all now. */
export class StartAgain extends Error {
  /** As a database says "could not serialize": the same again will work. */
  readonly code = '40001';
  constructor() {
    super('the customer was merged meanwhile');
    this.name = 'StartAgain';
  }
}

/**
 * Refuses an act on a customer who is not there. The row is held until the transaction ends, so that an erasure that comes
 * at the same moment finds what this act writes, or this act finds the erasure.
 */
export async function mustBeCustomer(context: EffectContext, customerId: Id | null): Promise<void> {
  if (customerId === null) return;
  const customer = await readRecord(context.trx, 'customer', customerId, 'share');
  if (customer?.mergedInto) throw new StartAgain();
  if (customer) return;
  await mustNotBeErased(context, customerId);
  throw new Rejection('UNKNOWN_CUSTOMER', `customer ${customerId} is not known here`);
}

export async function mustNotBeErased(context: EffectContext, customerId: Id): Promise<void> {
  const erased = await context.trx
    .selectFrom('erased_customer')
    .select('customer_id')
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  if (erased) throw new Rejection('ERASED', `customer ${customerId} was erased`);
}

/**
 * The row that an act is about, held for the rest of the transaction; null where it is new. What was deleted does not come
 * back: ERASED with its customer, CONFLICT where a later row took its place.
 */
export async function readOwn<T extends SyncTable>(
  { trx }: EffectContext,
  table: T,
  id: Id,
): Promise<DataOf<T> | null> {
  const { rows } = await sql<{ data: DataOf<T> | null; erased: boolean }>`
    SELECT r.data, EXISTS (SELECT FROM erased_customer e WHERE e.customer_id = r.customer_id) AS erased
    FROM record r WHERE r.tbl = ${table} AND r.id = ${id} FOR UPDATE OF r`.execute(trx);
  const row = rows[0];
  if (row?.data === null) throw new Rejection(row.erased ? 'ERASED' : 'CONFLICT', `${table} ${id} was deleted`);
  return row?.data ?? null;
}

/** Refuses an id that something else has. The same act under another operation id is no conflict. */
export function mustBeSame<T extends object>(existing: T | null, wanted: Partial<T>, what: string): void {
  if (existing === null) return;
  for (const [field, value] of Object.entries(wanted)) {
    const there: unknown = Reflect.get(existing, field);
    if (JSON.stringify(there) !== JSON.stringify(value)) throw new Rejection('CONFLICT', `${what}: ${field} differs`);
  }
}

/**
 * Whose the row is that an act changes. A desk may name another customer than the row has only where both are, or at some time
 * were, one: then the row stays whose it is. CONFLICT for anybody else.
 */
export async function ownerOf(
  { trx }: EffectContext,
  existing: { customerId: Id },
  named: Id,
  what: string,
): Promise<Id> {
  if (existing.customerId === named) return named;
  if (!(await wereOne(trx, existing.customerId, named))) throw new Rejection('CONFLICT', `${what}: customerId differs`);
  return liveCustomerId(trx, existing.customerId);
}

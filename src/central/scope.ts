import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CentralTables } from './db/tables.ts';
import type { Principal } from './principal.ts';
import { readRecord } from './records.ts';
import { readSetting } from './settings.ts';

/** Which rows of `record` somebody may hold. Every read of the feed goes through one of these. */
export interface Scope {
  /** Equal for everybody who holds the same rows; sealed into cursors, so that another scope fills its desk anew. */
  name: string;
  /** A condition on `record` (alias r). */
  where: RawBuilder<boolean>;
  /** Departures (alias d) that this scope has to hear of; absent: nobody ever leaves it. */
  departures?: RawBuilder<boolean>;
}

const NOTHING: Scope = { name: 'nothing', where: sql<boolean>`false` };
export const BUSINESS: Scope = { name: 'business', where: sql<boolean>`true` };

/** Whom a signed-in agent may ask about: everybody, one by one and logged. Narrower is only what their desk holds. */
export function lookupScopeOf(principal: Principal): Scope {
  return principal.kind === 'agent' ? BUSINESS : NOTHING;
}

/**
 * What the desk of this agent holds: all customers; those of the team and of its members; or the agent's own, those on lists of
 * theirs, and whom they dealt with lately. Administrators hold all. What belongs to no customer is everybody's, but for the
 * calls and notes of nobody, which are their agent's.
 */
export async function deskScopeOf(db: Kysely<CentralTables>, principal: Principal): Promise<Scope> {
  if (principal.kind !== 'agent') return NOTHING;
  const { deskHolds = 'all' } = await readSetting(db, 'business');
  if (deskHolds === 'all' || principal.role === 'administrator') return BUSINESS;
  const { agentId } = principal;
  const teamId = (await readRecord(db, 'agent', agentId))?.teamId ?? null;
  const wide = teamId !== null && (deskHolds === 'team' || principal.role === 'supervisor');
  const members = sql`SELECT m.id FROM record m WHERE m.tbl = 'agent' AND m.data->>'teamId' = ${teamId}`;
  const holders = wide ? sql`(${teamId}::uuid, ${agentId}::uuid)` : sql`(${agentId}::uuid, ${teamId}::uuid)`;
  const isHolder = (column: RawBuilder<unknown>) =>
    wide ? sql<boolean>`(${column} IN ${holders} OR ${column} IN (${members}))` : sql<boolean>`${column} IN ${holders}`;
  const held = sql`SELECT a.customer_id FROM customer_assignment a WHERE ${isHolder(sql`a.holder`)}`;
  const own = sql`coalesce(r.data->>'agentId', r.data->>'authorId') = ${agentId}`;
  const nobodys = sql`r.customer_id IS NULL AND (r.tbl NOT IN ('interaction', 'note') OR r.deleted OR ${own})`;
  return {
    name: wide ? `team ${teamId}` : `agent ${agentId} ${teamId ?? ''}`,
    where: sql<boolean>`((${nobodys}) OR r.customer_id IN (${held}))`,
    departures: sql<boolean>`${isHolder(sql`d.holder`)} AND d.customer_id NOT IN (${held})`,
  };
}

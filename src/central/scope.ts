import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Role } from '../shared/agent.ts';
import type { Id } from '../shared/ids.ts';
import type { CentralTables } from './db/tables.ts';
import type { Principal } from './principal.ts';
import { EVERYBODY, ownerOfNobodys, readRecord } from './records.ts';
import { readSetting } from './settings.ts';

/** Which rows of `record` somebody may hold. Every read of the feed goes through one of these. */
export interface Scope {
  /** Equal for everybody who holds the same rows; sealed into cursors, so that another scope fills its desk anew. */
  name: string;
  /** A condition on `record` (alias r). */
  where: RawBuilder<boolean>;
  /** Departures (alias d) that this scope has to hear of; absent: nobody ever leaves it. */
  departures?: RawBuilder<boolean>;
  /** Rows that this scope may have held before they went over to somebody else; together with `departures`. */
  former?: RawBuilder<boolean>;
  /** Whose scope it is; absent: everybody's. */
  agentId?: Id;
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
 * calls and notes of nobody, which are their agent's and, where the desk holds a team's, the team's.
 */
export async function deskScopeOf(db: Kysely<CentralTables>, principal: Principal): Promise<Scope> {
  return principal.kind === 'agent' ? scopeOfAgent(db, principal.agentId, principal.role) : NOTHING;
}

/** The same for the agent whose cursor a desk shows: with the role that they have now. */
export async function scopeOfAgent(db: Kysely<CentralTables>, agentId: Id, signedInAs?: Role): Promise<Scope> {
  const { deskHolds = 'all' } = await readSetting(db, 'business');
  if (deskHolds === 'all') return BUSINESS;
  const agent = await readRecord(db, 'agent', agentId);
  const role = signedInAs ?? agent?.role;
  if (role === 'administrator') return BUSINESS;
  const teamId = agent?.teamId ?? null;
  const wide = teamId !== null && (deskHolds === 'team' || role === 'supervisor');
  const members = sql`SELECT m.id FROM record m WHERE m.tbl = 'agent' AND m.data->>'teamId' = ${teamId}`;
  const holders = wide ? sql`(${teamId}::uuid, ${agentId}::uuid)` : sql`(${agentId}::uuid, ${teamId}::uuid)`;
  const isHolder = (column: RawBuilder<unknown>) =>
    wide ? sql<boolean>`(${column} IN ${holders} OR ${column} IN (${members}))` : sql<boolean>`${column} IN ${holders}`;
  const held = sql`SELECT a.customer_id FROM customer_assignment a WHERE ${isHolder(sql`a.holder`)}`;
  // Whoever is erased is nobody's any more: a deletion says only that, and every desk that ever held them has to hear it.
  const nobodys = sql`r.customer_id IS NULL AND (r.deleted OR ${ownerOfNobodys('r')} = ${EVERYBODY}
    OR ${isHolder(ownerOfNobodys('r'))})`;
  return {
    name: wide ? `team ${teamId}` : `agent ${agentId} ${teamId ?? ''}`,
    agentId,
    where: sql<boolean>`(r.deleted OR (${nobodys}) OR r.customer_id IN (${held}))`,
    departures: sql<boolean>`${isHolder(sql`d.holder`)} AND d.customer_id NOT IN (${held})`,
    former: sql<boolean>`(r.was_of IS NOT NULL AND EXISTS (
      SELECT FROM unnest(r.was_of) was WHERE was = ${EVERYBODY} OR ${isHolder(sql`was`)} OR was IN (${held})))`,
  };
}

import { type RawBuilder, sql } from 'kysely';
import type { Principal } from './principal.ts';

/** Which rows of `record` somebody may see. Every read that leaves the centre goes through one of these. */
export interface Scope {
  /** Equal for everybody who sees the same rows: what an audit of count and hash is made over. */
  name: string;
  /** A condition on `record` (alias r). */
  where: RawBuilder<boolean>;
}

/**
 * The one answer to "which rows may this principal see". For now a business has one scope: every signed-in agent works with
 * all of its customers. Narrowing it (own team, own list) means another `where` here and, where a scope shrinks, a deletion
 * for each row that leaves it; start, snapshot, changes and the customer lookup need no change.
 */
export function scopeOf(principal: Principal): Scope {
  if (principal.kind === 'agent') return { name: 'business', where: sql<boolean>`true` };
  return { name: 'nothing', where: sql<boolean>`false` };
}

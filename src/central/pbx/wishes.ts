import { type Kysely, sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { QueueState } from '../../shared/pbx.ts';
import type { CentralTables } from '../db/tables.ts';

type Db = Kysely<CentralTables>;

/** What an agent asked of their queues, or the PBX made of it. Epoch ms. A break outweighs a wrap-up. */
export interface Wish {
  breakReason: string | null;
  wrapUpUntil: number | null;
  since: number;
  changedBy: 'agent' | 'pbx';
}

/** The reason that a pause of ours carries while an agent wraps up; breaks carry the code of their reason. */
export const WRAP_UP_REASON = 'wrap_up';

export const NO_WISH: Wish = { breakReason: null, wrapUpUntil: null, since: 0, changedBy: 'agent' };

/** What the wish comes to now. */
export function stateOf(wish: Wish, now: number): QueueState {
  if (wish.breakReason !== null) return { state: 'break', reason: wish.breakReason };
  if (wish.wrapUpUntil !== null && wish.wrapUpUntil > now) {
    return { state: 'wrap_up', until: new Date(wish.wrapUpUntil).toISOString() };
  }
  return { state: 'available' };
}

/** The reason of the pause that the wish wants; null: none. */
export function pauseOf(wish: Wish, now: number): string | null {
  const state = stateOf(wish, now);
  if (state.state === 'break') return state.reason;
  return state.state === 'wrap_up' ? WRAP_UP_REASON : null;
}

export async function readWish(db: Db, agentId: Id): Promise<Wish> {
  const row = await db.selectFrom('agent_state').selectAll().where('agent_id', '=', agentId).executeTakeFirst();
  if (!row) return NO_WISH;
  return {
    breakReason: row.break_reason,
    wrapUpUntil: row.wrap_up_until?.getTime() ?? null,
    since: row.since.getTime(),
    changedBy: row.changed_by === 'pbx' ? 'pbx' : 'agent',
  };
}

export async function writeWish(db: Db, agentId: Id, wish: Wish): Promise<void> {
  const row = {
    break_reason: wish.breakReason,
    wrap_up_until: wish.wrapUpUntil === null ? null : new Date(wish.wrapUpUntil),
    since: new Date(wish.since),
    changed_by: wish.changedBy,
  };
  await db
    .insertInto('agent_state')
    .values({ agent_id: agentId, ...row })
    .onConflict((conflict) => conflict.column('agent_id').doUpdateSet(row))
    .execute();
}

/** Whose wrap-up ends when, the next first: a centre that starts again goes on where it was. */
export async function readWrapUps(db: Db): Promise<{ agentId: Id; until: number }[]> {
  const { rows } = await sql<{ agent_id: Id; wrap_up_until: Date }>`
    SELECT agent_id, wrap_up_until FROM agent_state WHERE wrap_up_until IS NOT NULL`.execute(db);
  return rows.map((row) => ({ agentId: row.agent_id, until: new Date(row.wrap_up_until).getTime() }));
}

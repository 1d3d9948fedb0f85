import { sql } from 'kysely';
import type { z } from 'zod';
import type { DeskList, DeskOrder, WipeOrder } from '../shared/desk-wipe.ts';
import type { Id } from '../shared/ids.ts';
import { type Clock, instant } from './clock.ts';
import type { Db } from './db/store.ts';
import { CentralProblem } from './problem.ts';

/** The desks that may not read any more, known to every request without asking the database. */
export interface DeskWipes {
  /** Whether whoever comes from this device is turned away. */
  isShut: (deviceId: Id) => boolean;
  /** For a sign-in, which is rare: also of a name that a clone took since. @throws DESK_WIPED. */
  mustBeOpen: (deviceId: Id) => Promise<void>;
  /** Whether this desk's unsent work is refused, too. */
  refusesWork: (rootId: Id) => boolean;
  order: (rootId: Id, by: string, order: WipeOrder) => Promise<void>;
  /** Too late for a desk that did it. @throws NOT_FOUND. */
  withdraw: (rootId: Id) => Promise<void>;
  /** What the desk is to do; that it heard of it is noted. */
  orderFor: (rootId: Id) => Promise<DeskOrder>;
  done: (rootId: Id, lost: number) => Promise<void>;
  list: () => Promise<z.infer<typeof DeskList>>;
}

export async function openDeskWipes(db: Db, clock: Clock): Promise<DeskWipes> {
  let shut = new Map<Id, { rootId: Id; handIn: boolean; done: boolean }>();
  const load = async () => {
    const { rows } = await sql<{ device: Id; root: Id; hand_in: boolean; done: boolean }>`
      SELECT d.id::text AS device, w.root_id::text AS root, w.hand_in, w.done_at IS NOT NULL AS done
      FROM desk_wipe w JOIN device d ON d.root_id = w.root_id`.execute(db);
    shut = new Map(rows.map((row) => [row.device, { rootId: row.root, handIn: row.hand_in, done: row.done }]));
  };
  await load();
  return {
    isShut: (deviceId) => shut.has(deviceId),
    mustBeOpen: async (deviceId) => {
      const { rows } = await sql`
        SELECT 1 FROM desk_wipe w JOIN device d ON d.root_id = w.root_id WHERE d.id = ${deviceId}`.execute(db);
      if (rows.length > 0) throw new CentralProblem('DESK_WIPED');
    },
    refusesWork: (rootId) => [...shut.values()].some((one) => one.rootId === rootId && (one.done || !one.handIn)),
    order: async (rootId, by, order) => {
      await orderWipe(db, clock, rootId, by, order);
      await load();
    },
    withdraw: async (rootId) => {
      const { rows } = await sql`
        DELETE FROM desk_wipe WHERE root_id = ${rootId} AND done_at IS NULL RETURNING root_id`.execute(db);
      if (rows.length === 0) throw new CentralProblem('NOT_FOUND');
      await load();
    },
    orderFor: async (rootId) => {
      const { rows } = await sql<{ at: string; hand_in: boolean }>`
        UPDATE desk_wipe SET heard_at = coalesce(heard_at, ${instant(clock)}::timestamptz)
        WHERE root_id = ${rootId} RETURNING ${utc('ordered_at')} AS at, hand_in`.execute(db);
      const [row] = rows;
      return { wipe: row ? { orderedAt: row.at, handIn: row.hand_in } : null };
    },
    done: async (rootId, lost) => {
      await sql`
        UPDATE desk_wipe SET done_at = coalesce(done_at, ${instant(clock)}::timestamptz), lost = coalesce(lost, ${lost})
        WHERE root_id = ${rootId}`.execute(db);
      await load();
    },
    list: () => listDesks(db),
  };
}

const utc = (column: string) => sql.raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** The order, and the end of every session of that desk, in one transaction. Ordered again, the stricter word counts. */
async function orderWipe(db: Db, clock: Clock, rootId: Id, by: string, { handIn, reason }: WipeOrder): Promise<void> {
  const now = instant(clock);
  await db.transaction().execute(async (trx) => {
    const desk = await trx.selectFrom('device').select('id').where('root_id', '=', rootId).executeTakeFirst();
    if (!desk) throw new CentralProblem('NOT_FOUND');
    await sql`
      INSERT INTO desk_wipe (root_id, ordered_at, ordered_by, reason, hand_in)
      VALUES (${rootId}, ${now}, ${by}, ${reason}, ${handIn})
      ON CONFLICT (root_id) DO UPDATE SET hand_in = desk_wipe.hand_in AND excluded.hand_in`.execute(trx);
    await sql`UPDATE token_family SET ended_at = ${now} WHERE root_id = ${rootId} AND ended_at IS NULL`.execute(trx);
  });
}

async function listDesks(db: Db): Promise<z.infer<typeof DeskList>> {
  const { rows } = await sql<z.infer<typeof DeskList>['items'][number]>`
    SELECT d.root_id::text AS id, ${utc('min(d.created_at)')} AS since,
      (SELECT coalesce(json_agg(c.login ORDER BY c.login), '[]'::json) FROM device_author a
        JOIN account c ON c.agent_id = a.agent_id WHERE a.root_id = d.root_id) AS agents,
      (SELECT ${utc('max(o.received_at)')} FROM operation o JOIN device m ON m.id = o.device_id
        WHERE m.root_id = d.root_id) AS "lastSentAt",
      CASE WHEN w.done_at IS NOT NULL THEN 'done' WHEN w.heard_at IS NOT NULL THEN 'heard'
        WHEN w.root_id IS NOT NULL THEN 'ordered' ELSE 'none' END AS wipe,
      ${utc('w.done_at')} AS "wipedAt", w.lost
    FROM device d LEFT JOIN desk_wipe w ON w.root_id = d.root_id
    GROUP BY d.root_id, w.root_id, w.heard_at, w.done_at, w.lost ORDER BY min(d.created_at), d.root_id LIMIT 5000`.execute(
    db,
  );
  return { items: rows };
}

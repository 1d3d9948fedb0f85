import { type RawBuilder, sql } from 'kysely';
import { HELD_REPORT_MAX, type HeldReport, type TeamHeldWork } from '../shared/held-work.ts';
import type { Id } from '../shared/ids.ts';
import { type Clock, instant } from './clock.ts';
import { withRetry } from './db/database-error.ts';
import type { Db } from './db/store.ts';
import type { Principal } from './principal.ts';
import { CentralProblem } from './problem.ts';
import { readRecord } from './records.ts';

const AT = (column: string) => sql.raw(`to_char(w.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
const COLUMNS = sql`w.op_id::text AS "opId", w.device_id::text AS "deviceId", w.author_id::text AS "authorId", w.kind, w.code,
  ${AT('claimed_at')} AS "claimedAt", w.customer_id::text AS "customerId", ${AT('reported_at')} AS "reportedAt",
  coalesce(a.data->>'name', '') AS "authorName"`;
/** A report's rows, of authors who ever signed in on this desk; nobody tells of the work of others. */
function rowsOf(page: readonly object[], rootId: Id): RawBuilder<unknown> {
  return sql`
    jsonb_to_recordset(${JSON.stringify(page)}::jsonb) AS p ("opId" uuid, "authorId" uuid, kind text, code text,
      "claimedAt" timestamptz, "customerId" uuid, reason text, "decidedAt" timestamptz, decision text)
    WHERE EXISTS (SELECT FROM device_author d WHERE d.root_id = ${rootId} AND d.agent_id = p."authorId")`;
}

/** What this desk holds now takes the place of what it told before. What was let go is only ever added. */
export async function keepHeldReport(db: Db, clock: Clock, rootId: Id, report: HeldReport): Promise<void> {
  const device = await db.selectFrom('device').select('root_id').where('id', '=', report.deviceId).executeTakeFirst();
  if (device && device.root_id !== rootId) throw new CentralProblem('FORBIDDEN');
  const now = instant(clock);
  await withRetry(() =>
    db.transaction().execute(async (trx) => {
      await sql`DELETE FROM held_work WHERE device_id = ${report.deviceId}`.execute(trx);
      await sql`
        INSERT INTO held_work (op_id, device_id, author_id, kind, code, claimed_at, customer_id, reported_at, reason)
        SELECT "opId", ${report.deviceId}::uuid, "authorId", kind, code, "claimedAt", "customerId", ${now}::timestamptz, reason
        FROM ${rowsOf(report.held, rootId)}
        ON CONFLICT (op_id) DO UPDATE SET device_id = excluded.device_id, reported_at = excluded.reported_at`.execute(
        trx,
      );
      await sql`
        INSERT INTO discarded_work (op_id, device_id, author_id, kind, code, claimed_at, customer_id, reported_at, decided_at,
          decision)
        SELECT "opId", ${report.deviceId}::uuid, "authorId", kind, code, "claimedAt", "customerId", ${now}::timestamptz,
          "decidedAt", decision
        FROM ${rowsOf(report.discarded, rootId)}
        ON CONFLICT (op_id) DO NOTHING`.execute(trx);
    }),
  );
}

/** What waits on the desks of a supervisor's team, of the whole house for an administrator; the oldest first. */
export async function readTeamHeldWork(db: Db, clock: Clock, principal: Principal): Promise<TeamHeldWork> {
  const mine = await teamOf(db, principal);
  const held = await sql<TeamHeldWork['held'][number]>`
    SELECT ${COLUMNS}, w.reason FROM held_work w LEFT JOIN record a ON a.tbl = 'agent' AND a.id = w.author_id
    WHERE ${mine} ORDER BY w.claimed_at, w.op_id LIMIT ${HELD_REPORT_MAX}`.execute(db);
  const discarded = await sql<TeamHeldWork['discarded'][number]>`
    SELECT ${COLUMNS}, ${AT('decided_at')} AS "decidedAt", w.decision
    FROM discarded_work w LEFT JOIN record a ON a.tbl = 'agent' AND a.id = w.author_id
    WHERE ${mine} AND w.reported_at > ${instant(clock)}::timestamptz - interval '30 days'
    ORDER BY w.decided_at DESC, w.op_id LIMIT ${HELD_REPORT_MAX}`.execute(db);
  return { held: held.rows, discarded: discarded.rows };
}

/** A condition on the author (alias a). A supervisor without a team leads everybody: a house that has no teams. */
async function teamOf(db: Db, principal: Principal): Promise<RawBuilder<boolean>> {
  if (principal.kind !== 'agent') throw new CentralProblem('FORBIDDEN');
  if (principal.role === 'administrator') return sql<boolean>`true`;
  const teamId = (await readRecord(db, 'agent', principal.agentId))?.teamId ?? null;
  return teamId === null ? sql<boolean>`true` : sql<boolean>`a.data->>'teamId' = ${teamId}`;
}

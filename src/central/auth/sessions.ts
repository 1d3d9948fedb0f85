import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import type { Agent } from '../../shared/agent.ts';
import type { RefreshResponse, SignInResponse } from '../../shared/central-api.ts';
import type { Id } from '../../shared/ids.ts';
import { type Clock, instant } from '../clock.ts';
import type { Db } from '../db/store.ts';
import type { CentralTables } from '../db/tables.ts';
import { CentralProblem } from '../problem.ts';
import { readRecord } from '../records.ts';
import { ACCESS_TOKEN_SECONDS, newToken, signAccess, successorOf, tokenHash } from './tokens.ts';

const LEASE_MS = 12 * 3600_000;
const REFRESH_MS = 30 * 24 * 3600_000;
/** A desk whose reply was lost sends the same refresh token again; within this time that is no theft. */
const REPLAY_WINDOW_MS = 30_000;

export interface SessionContext {
  db: Db;
  secret: string;
  clock: Clock;
}

function leaseUntil(clock: Clock): string {
  return new Date(clock() + LEASE_MS).toISOString();
}

/** The desk's row, made at its first sign-in, and this agent among its authors. @returns the root of a cloned desk's family. */
async function enrolDesk(trx: Kysely<CentralTables>, deviceId: Id, agentId: Id, at: Date): Promise<Id> {
  await trx
    .insertInto('device')
    .values({ id: deviceId, root_id: deviceId, last_seq: '0', created_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const { root_id } = await trx
    .selectFrom('device')
    .select('root_id')
    .where('id', '=', deviceId)
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('device_author')
    .values({ root_id, agent_id: agentId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return root_id;
}

/** Everything that a desk gets once it is known who sits at it. */
export async function openSession(context: SessionContext, agent: Agent, deviceId: Id): Promise<SignInResponse> {
  const { db, secret, clock } = context;
  const now = new Date(clock());
  const deviceToken = newToken('dgd');
  const refreshToken = newToken('dgr');
  await db.transaction().execute(async (trx) => {
    const rootId = await enrolDesk(trx, deviceId, agent.id, now);
    const familyId = randomUUID();
    await trx
      .insertInto('device_token')
      .values({ hash: tokenHash(deviceToken), root_id: rootId, created_at: now })
      .execute();
    await trx
      .insertInto('token_family')
      .values({ id: familyId, agent_id: agent.id, root_id: rootId, ended_at: null })
      .execute();
    await addRefreshToken(trx, refreshToken, familyId, clock);
  });
  return {
    accessToken: await signAccess(agent, deviceId, secret, clock),
    accessExpiresIn: ACCESS_TOKEN_SECONDS,
    refreshToken,
    agent,
    deviceToken,
    leaseUntil: leaseUntil(clock),
    serverTime: instant(clock),
  };
}

async function addRefreshToken(
  trx: Kysely<CentralTables>,
  token: string,
  familyId: string,
  clock: Clock,
): Promise<void> {
  await trx
    .insertInto('refresh_token')
    .values({ hash: tokenHash(token), family_id: familyId, expires_at: new Date(clock() + REFRESH_MS), used_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Rotates. A replay within 30 s gets the same successor; a later one means that two hold the token, and the family ends.
 * SIGNED_OUT for everything that is not a living token of this desk.
 */
export async function refreshSession(
  context: SessionContext,
  refreshToken: string,
  deviceId: Id,
): Promise<z.infer<typeof RefreshResponse>> {
  const { db, secret, clock } = context;
  const successor = successorOf(refreshToken, secret);
  const agent = await db.transaction().execute(async (trx) => {
    const token = await readRefreshToken(trx, refreshToken, deviceId);
    if (token === undefined || token.ended_at !== null || token.expires_at.getTime() <= clock()) return null;
    if (token.used_at !== null && clock() - token.used_at.getTime() > REPLAY_WINDOW_MS) {
      await trx
        .updateTable('token_family')
        .set({ ended_at: new Date(clock()) })
        .where('id', '=', token.family_id)
        .execute();
      return null;
    }
    if (token.used_at === null) {
      const used_at = new Date(clock());
      await trx.updateTable('refresh_token').set({ used_at }).where('hash', '=', tokenHash(refreshToken)).execute();
    }
    await addRefreshToken(trx, successor, token.family_id, clock);
    await trx.deleteFrom('refresh_token').where('expires_at', '<', new Date(clock())).execute();
    return readRecord(trx, 'agent', token.agent_id);
  });
  if (agent === null) throw new CentralProblem('SIGNED_OUT');
  return {
    accessToken: await signAccess(agent, deviceId, secret, clock),
    accessExpiresIn: ACCESS_TOKEN_SECONDS,
    refreshToken: successor,
    leaseUntil: leaseUntil(clock),
    serverTime: instant(clock),
  };
}

/** The token and its family, locked, if it was given to this desk or to the one it was cloned from. */
async function readRefreshToken(trx: Kysely<CentralTables>, refreshToken: string, deviceId: Id) {
  return trx
    .selectFrom('refresh_token as t')
    .innerJoin('token_family as f', 'f.id', 't.family_id')
    .innerJoin('device as d', 'd.root_id', 'f.root_id')
    .innerJoin('account as a', 'a.agent_id', 'f.agent_id')
    .select(['t.family_id', 't.used_at', 't.expires_at', 'f.ended_at', 'f.agent_id'])
    .where('t.hash', '=', tokenHash(refreshToken))
    .where('d.id', '=', deviceId)
    .where('a.disabled_at', 'is', null)
    .forUpdate(['t', 'f'])
    .executeTakeFirst();
}

/** Ends the family of this token. Answers the same whether there was one. The desk's own token lives on: it still has work to push. */
export async function closeSession(context: SessionContext, refreshToken: string): Promise<void> {
  const ended_at = new Date(context.clock());
  await context.db
    .updateTable('token_family')
    .set({ ended_at })
    .where('id', 'in', (eb) =>
      eb.selectFrom('refresh_token').select('family_id').where('hash', '=', tokenHash(refreshToken)),
    )
    .where('ended_at', 'is', null)
    .execute();
}

/** Which desk family a device token belongs to; null for none. */
export async function deskOfToken(db: Db, token: string): Promise<Id | null> {
  const { rows } = await sql<{ root: string }>`
    SELECT root_id::text AS root FROM device_token WHERE hash = ${tokenHash(token)}`.execute(db);
  return rows[0]?.root ?? null;
}

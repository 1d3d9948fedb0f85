import { sql } from 'kysely';
import type { z } from 'zod';
import type { AdminPutResponse } from '../../shared/central-admin-api.ts';
import type { AdminSipAccount, AdminUser } from '../../shared/central-api.ts';
import { newId } from '../../shared/ids.ts';
import { hashPassword, passwordFits } from '../auth/passwords.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/store.ts';
import { CentralProblem } from '../problem.ts';
import { findRecord, listRecords, writeRecords } from '../records.ts';
import { StoredSip } from '../settings.ts';
import { lockAdministration } from './natural-keys.ts';

/** Creates or changes a user. A changed password ends the sessions that were opened with the old one. */
export async function putUser(
  context: { db: Db; clock: Clock; practice: boolean },
  user: z.infer<typeof AdminUser>,
): Promise<AdminPutResponse> {
  const { db, clock, practice } = context;
  if (user.demo && !practice) {
    throw new CentralProblem('BAD_INPUT', {
      detail: 'demo: only a centre that was started with --practice has demo users',
    });
  }
  const before = await db.selectFrom('account').selectAll().where('login', '=', user.login).executeTakeFirst();
  const keeps = user.password === undefined || (await passwordFits(before?.password_hash ?? null, user.password));
  const password_hash = keeps ? (before?.password_hash ?? null) : await hashPassword(user.password ?? '');
  return db.transaction().execute(async (trx) => {
    await lockAdministration(trx);
    const team = user.team === null ? null : await findRecord(trx, 'team', 'name', user.team);
    if (user.team !== null && team === null)
      throw new CentralProblem('BAD_INPUT', { detail: 'team: there is no such team' });
    const existing = await findRecord(trx, 'agent', 'login', user.login);
    const id = before?.agent_id ?? existing?.id ?? newId();
    const { login, name, role } = user;
    await writeRecords(trx, [{ table: 'agent', id, data: { id, login, name, role, teamId: team?.id ?? null } }]);
    // What an account is was said when it was made: one that has a password of its own never becomes a demo account.
    await trx
      .insertInto('account')
      .values({ agent_id: id, login, password_hash, demo: user.demo ?? false, disabled_at: null, sip: null })
      .onConflict((conflict) => conflict.column('agent_id').doUpdateSet({ password_hash, disabled_at: null }))
      .execute();
    if (!keeps) await endSessions(trx, id, clock);
    return { id, created: before === undefined };
  });
}

async function endSessions(trx: Db, agentId: string, clock: Clock): Promise<void> {
  await trx
    .updateTable('token_family')
    .set({ ended_at: new Date(clock()) })
    .where('agent_id', '=', agentId)
    .where('ended_at', 'is', null)
    .execute();
}

/** Lets somebody in no more. What they did stays, and what still waits on a desk is taken. */
export async function disableUser(db: Db, clock: Clock, login: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const account = await trx
      .updateTable('account')
      .set({ disabled_at: new Date(clock()) })
      .where('login', '=', login)
      .returning('agent_id')
      .executeTakeFirst();
    if (!account) throw new CentralProblem('NOT_FOUND', { detail: 'no such login' });
    await endSessions(trx, account.agent_id, clock);
  });
}

/** Gives a user their line. Its password is stored as it is: the desk needs it to register. */
export async function putSipAccount(db: Db, sip: z.infer<typeof AdminSipAccount>): Promise<AdminPutResponse> {
  const { login, ...line } = sip;
  const account = await db
    .selectFrom('account')
    .select(['agent_id', 'sip'])
    .where('login', '=', login)
    .executeTakeFirst();
  if (!account) throw new CentralProblem('NOT_FOUND', { detail: 'no such login' });
  await sql`
    UPDATE account SET sip = ${JSON.stringify(StoredSip.parse(line))}::jsonb WHERE login = ${login}`.execute(db);
  return { id: account.agent_id, created: !account.sip };
}

/** Everybody with an account, without anything secret. */
export async function listUsers(db: Db) {
  const accounts = await db
    .selectFrom('account')
    .select(['agent_id', 'demo', 'disabled_at', 'password_hash', 'sip'])
    .execute();
  const teams = new Map((await listRecords(db, 'team')).map((team) => [team.id, team.name]));
  const byId = new Map(accounts.map((account) => [account.agent_id, account]));
  return (await listRecords(db, 'agent')).flatMap(({ id, login, name, role, teamId }) => {
    const account = byId.get(id);
    if (!account) return [];
    const team = teamId === null ? null : (teams.get(teamId) ?? null);
    const disabled = account.disabled_at !== null;
    return [{ id, login, name, role, team, disabled, demo: account.demo, hasPassword: account.password_hash !== null }];
  });
}

export async function listSipAccounts(db: Db) {
  const accounts = await db.selectFrom('account').select(['login', 'sip']).orderBy('login').execute();
  return accounts.flatMap(({ login, sip }) => {
    const line = StoredSip.safeParse(sip).data;
    return line ? [{ login, username: line.username, displayName: line.displayName }] : [];
  });
}

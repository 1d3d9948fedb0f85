import { sql } from 'kysely';
import type { Agent } from '../../shared/agent.ts';
import { type CustomValues, fieldsOf } from '../../shared/customer.ts';
import { misfitKey } from '../../shared/customer-edit.ts';
import type { Id } from '../../shared/ids.ts';
import { movedClock, startClock } from '../../shared/service-level.ts';
import { type Case, type CustomerPromise, changedCase, changedPromise, type Owner } from '../../shared/work.ts';
import { listRecords, readRecord } from '../records.ts';
import { readServiceLevel } from '../service-level.ts';
import { type Effect, type EffectContext, mustBeCustomer, mustBeSame, ownerOf, Rejection, readOwn } from './effect.ts';

// What we owe a customer: promises, callbacks, tasks, cases. Anybody may keep what somebody else promised: whoever answers does.

export const makePromise: Effect<'promise.make'> = async (context, payload) => {
  const { promiseId, customerId, interactionId, what, dueAt, promiseKind, contactPointId } = payload;
  await mustBeCustomer(context, customerId);
  const existing = await readOwn(context, 'promise', promiseId);
  mustBeSame(existing, { what }, `promise ${promiseId}`);
  if (existing !== null) {
    await ownerOf(context, existing, customerId, `promise ${promiseId}`);
    return [];
  }
  const data: CustomerPromise = {
    ...{ id: promiseId, customerId, interactionId, what, dueAt, status: 'open' },
    ...{ byAgentId: context.author.id, byAgentName: context.author.name },
    ...(promiseKind ? { kind: promiseKind } : {}),
    ...(payload.owner ? { owner: await knownOwner(context, payload.owner) } : {}),
    ...(contactPointId ? { contactPointId } : {}),
  };
  return [{ table: 'promise', id: promiseId, data }];
};

export const changePromise: Effect<'promise.change'> = async (context, { promiseId, customerId, change, why }) => {
  await mustBeCustomer(context, customerId);
  const before = await readOwn(context, 'promise', promiseId);
  if (before === null) throw new Rejection('INVALID', `promise ${promiseId} is not known here`);
  await ownerOf(context, before, customerId, `promise ${promiseId}`);
  const owner = change.owner ? { owner: await knownOwner(context, change.owner) } : {};
  const data = changedPromise(before, { ...change, ...owner }, word(context, why));
  return [{ table: 'promise', id: promiseId, data, keepsLoser: true }];
};

export const openCase: Effect<'case.open'> = async (context, payload) => {
  const { caseId, customerId, subject, priority, dueAt } = payload;
  await mustBeCustomer(context, customerId);
  const existing = await readOwn(context, 'case', caseId);
  mustBeSame(existing, { subject }, `case ${caseId}`);
  if (existing !== null) {
    await ownerOf(context, existing, customerId, `case ${caseId}`);
    return [];
  }
  const custom = payload.custom ? await fittingValues(context, payload.custom) : undefined;
  const owner = payload.owner ? await knownOwner(context, payload.owner) : context.author;
  const data: Case = {
    ...{ id: caseId, number: await nextCaseNumber(context), customerId, subject, priority, dueAt },
    ...{ status: 'open', openedAt: context.now, ownerId: owner.id, ownerName: owner.name },
    ...(custom ? { custom } : {}),
  };
  const answeredAt = (await isCall(context, payload.interactionId)) ? context.now : null;
  const started = startClock(data, await readServiceLevel(context.trx), answeredAt);
  return [{ table: 'case', id: caseId, data: started }];
};

export const changeCase: Effect<'case.change'> = async (context, { caseId, customerId, change, why }) => {
  await mustBeCustomer(context, customerId);
  const before = await readOwn(context, 'case', caseId);
  if (before === null) throw new Rejection('INVALID', `case ${caseId} is not known here`);
  await ownerOf(context, before, customerId, `case ${caseId}`);
  if (change.custom) await fittingValues(context, change.custom);
  const named = change.owner ? await knownOwner(context, change.owner) : null;
  const owner = change.escalate ? ((await supervisorOf(context)) ?? named) : named;
  const after = changedCase(before, { ...change, ...(owner ? { owner } : {}) }, word(context, why));
  const data = movedClock(before, after, change, await readServiceLevel(context.trx), context.now);
  return [{ table: 'case', id: caseId, data, keepsLoser: true }];
};

/** Whoever was on the line when it was opened heard of it then. */
async function isCall({ trx }: EffectContext, interactionId: Id | null): Promise<boolean> {
  if (interactionId === null) return false;
  return (await readRecord(trx, 'interaction', interactionId))?.channel === 'phone';
}

/** The centre's time: a desk's clock decides nothing. */
const word = ({ now, author }: EffectContext, why: string | null) => ({ at: now, byName: author.name, why });

/** Values of the business's own fields of cases, each of which fits its field. */
async function fittingValues({ trx }: EffectContext, custom: CustomValues): Promise<CustomValues> {
  const misfit = misfitKey(custom, fieldsOf(await listRecords(trx, 'custom_field'), 'case'));
  if (misfit) throw new Rejection('INVALID', `custom.${misfit.key}: not a value of this field`);
  return custom;
}

/** Names come from the directory, whatever the desk had. */
async function knownOwner({ trx }: EffectContext, { id }: Owner): Promise<Owner> {
  const agent = await readRecord(trx, 'agent', id);
  if (!agent) throw new Rejection('INVALID', `agent ${id} is not known here`);
  return { id, name: agent.name };
}

/** A supervisor of the author's team, always the same one; null where there is none. */
async function supervisorOf({ trx, author }: EffectContext): Promise<Owner | null> {
  const { rows } = await sql<{ data: Agent }>`
    SELECT data FROM record WHERE tbl = 'agent' AND NOT deleted AND data->>'role' = 'supervisor'
      AND data->>'teamId' = ${author.teamId} AND id <> ${author.id} ORDER BY id LIMIT 1`.execute(trx);
  const found = rows[0]?.data;
  return found ? { id: found.id, name: found.name } : null;
}

/** CS-2026-00001: by year, then in the order of the centre. */
async function nextCaseNumber({ trx, now }: EffectContext): Promise<string> {
  const { rows } = await sql<{ n: string }>`SELECT nextval('case_number')::text AS n`.execute(trx);
  return `CS-${now.slice(0, 4)}-${String(rows[0]?.n ?? '').padStart(5, '0')}`;
}

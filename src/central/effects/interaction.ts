import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Id } from '../../shared/ids.ts';
import type { Interaction } from '../../shared/interaction.ts';
import { type DataOf, findRecord, type RecordWrite } from '../records.ts';
import { type Effect, type EffectContext, mustBeCustomer, Rejection, readOwn } from './effect.ts';

/** What is known stays known: a fact that comes as null replaces nothing. */
function withFacts(existing: Interaction, facts: Partial<Interaction>): Interaction {
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  return { ...existing, ...Object.fromEntries(known) };
}

function replacesSomething(before: Interaction, after: Interaction): boolean {
  return Object.entries(before).some(
    ([field, value]) => value !== null && !isDeepStrictEqual(Reflect.get(after, field), value),
  );
}

/**
 * The notes of a call and the scripts that were gone through in it go where the call goes: to its customer once known, and to another
 * one when that is corrected. Whom they stood with before stays in the history.
 */
async function notesToTie(context: EffectContext, interactionId: Id, customerId: Id): Promise<RecordWrite[]> {
  const read = async <T extends 'note' | 'script_run'>(table: T) => {
    const { rows } = await sql<{ data: DataOf<T> }>`
      SELECT data FROM record WHERE tbl = ${table} AND data->>'interactionId' = ${interactionId}
        AND data->>'customerId' IS DISTINCT FROM ${customerId} ORDER BY id LIMIT 500 FOR UPDATE`.execute(context.trx);
    return rows.map(({ data }) => data);
  };
  const notes = (await read('note')).map((data): RecordWrite => {
    const keepsLoser = data.customerId !== null;
    return { table: 'note', id: data.id, data: { ...data, customerId }, keepsLoser };
  });
  const runs = (await read('script_run')).map((data): RecordWrite => {
    return { table: 'script_run', id: data.id, data: { ...data, customerId } };
  });
  return [...notes, ...runs];
}

async function change(
  context: EffectContext,
  before: Interaction,
  facts: Partial<Interaction>,
): Promise<RecordWrite[]> {
  const after = withFacts(before, facts);
  const keepsLoser = replacesSomething(before, after);
  const writes: RecordWrite[] = [{ table: 'interaction', id: after.id, data: after, keepsLoser }];
  if (after.customerId !== null && after.customerId !== before.customerId) {
    writes.push(...(await notesToTie(context, after.id, after.customerId)));
  }
  return writes;
}

export const recordInteraction: Effect<'interaction.record'> = async (context, payload) => {
  const { kind: _, interactionId, ...facts } = payload;
  await mustBeCustomer(context, facts.customerId);
  const existing = await readOwn(context, 'interaction', interactionId);
  const fresh: Interaction = {
    id: interactionId,
    channel: 'phone',
    agentId: context.author.id,
    agentName: context.author.name,
    subject: null,
    dispositionCode: null,
    ...facts,
  };
  if (existing === null) {
    const write: RecordWrite = { table: 'interaction', id: interactionId, data: fresh };
    const notes = facts.customerId === null ? [] : await notesToTie(context, interactionId, facts.customerId);
    return [write, ...notes];
  }
  if (existing.channel !== 'phone') throw new Rejection('CONFLICT', `interaction ${interactionId} is not a call`);
  return change(context, existing, facts);
};

export const wrapUpInteraction: Effect<'interaction.wrap_up'> = async (context, payload) => {
  const { interactionId, customerId, dispositionCode, wrapUpSeconds } = payload;
  await mustBeCustomer(context, customerId);
  if (!(await findRecord(context.trx, 'disposition', 'code', dispositionCode))) {
    throw new Rejection('UNKNOWN_DISPOSITION', `no disposition ${dispositionCode}`);
  }
  const existing = await readOwn(context, 'interaction', interactionId);
  if (existing === null) throw new Rejection('INVALID', `interaction ${interactionId} is not known here`);
  return change(context, existing, { customerId, dispositionCode, wrapUpSeconds });
};

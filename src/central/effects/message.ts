import type { Id } from '../../shared/ids.ts';
import type { Interaction } from '../../shared/interaction.ts';
import { sourceOf, toAddress } from '../messages/address.ts';
import { queueMessage, replaceOutgoing } from '../messages/outgoing.ts';
import type { RecordWrite } from '../records.ts';
import { type Effect, type EffectContext, mustBeCustomer, mustBeSame, ownerOf, Rejection, readOwn } from './effect.ts';

/**
 * A mail or message of an agent goes into the queue in the transaction that makes its interaction: both are there, once, or neither.
 * What it answers is answered, also where several agents did: none of their words is lost.
 */
export const sendMessage: Effect<'message.send'> = async (context, payload) => {
  const { messageId, customerId, channel, subject, text } = payload;
  const { trx, author, now } = context;
  await mustBeCustomer(context, customerId);
  const existing = await readOwn(context, 'interaction', messageId);
  mustBeSame(existing, { channel, direction: 'out' as const, subject }, `message ${messageId}`);
  if (existing !== null) return [];
  const answered = payload.answers === null ? null : await readAnswered(context, payload.answers, customerId);
  const replaced = payload.replaces === undefined ? null : await readFailed(context, payload.replaces, customerId);
  const address = await toAddress(trx, { customerId, channel, answered, contactPointId: payload.contactPointId });
  if (address === null) throw new Rejection('INVALID', 'the customer has no address for this');
  const sending = { state: 'queued' as const, at: now, tries: 0, reason: null };
  const data: Interaction = {
    ...{ id: messageId, customerId, channel, direction: 'out', startedAt: now, subject },
    ...{ answeredAt: null, endedAt: null, result: null, phone: null, queue: answered?.queue ?? null },
    ...{ agentId: author.id, agentName: author.name, dispositionCode: null },
    message: { address, text, ...(answered ? { answers: answered.id } : {}), sending },
  };
  const source = await sourceOf(trx, answered);
  await queueMessage(trx, {
    id: messageId,
    customerId,
    source,
    address,
    subject,
    text,
    answers: answered?.id ?? null,
    now,
  });
  const writes: RecordWrite[] = [{ table: 'interaction', id: messageId, data }];
  if (replaced) writes.push(await asReplaced(context, replaced));
  if (answered) writes.push(...asSettled(answered, { at: now, byName: author.name, how: 'answered' }, customerId));
  return writes;
};

export const settleMessage: Effect<'message.settle'> = async (context, { messageId, customerId, done }) => {
  await mustBeCustomer(context, customerId);
  const before = await readIncoming(context, messageId);
  if (before.customerId !== null && customerId !== null) {
    await ownerOf(context, { customerId: before.customerId }, customerId, `message ${messageId}`);
  }
  const { now, author } = context;
  return asSettled(before, done ? { at: now, byName: author.name, how: 'not_needed' } : null, customerId);
};

type Word = NonNullable<NonNullable<Interaction['message']>['settled']>;

/** The first word stays: who answered first is what colleagues ask. */
function asSettled(row: Interaction, word: Word | null, customerId: Id | null): RecordWrite[] {
  const { message } = row;
  if (!message) return [];
  const settled = message.settled ?? word;
  const data: Interaction = {
    ...row,
    customerId: row.customerId ?? customerId,
    message: { ...message, ...(settled ? { settled } : {}) },
  };
  return [{ table: 'interaction', id: row.id, data }];
}

async function readIncoming(context: EffectContext, id: Id): Promise<Interaction> {
  const row = await readOwn(context, 'interaction', id);
  if (!row?.message || row.direction !== 'in') throw new Rejection('INVALID', `message ${id} is not known here`);
  return row;
}

async function readAnswered(context: EffectContext, id: Id, customerId: Id): Promise<Interaction> {
  const row = await readIncoming(context, id);
  if (row.customerId !== null) await ownerOf(context, { customerId: row.customerId }, customerId, `message ${id}`);
  return row;
}

async function readFailed(context: EffectContext, id: Id, customerId: Id): Promise<Interaction> {
  const row = await readOwn(context, 'interaction', id);
  if (row?.message?.sending?.state !== 'failed') throw new Rejection('CONFLICT', `message ${id} did not fail`);
  if (row.customerId !== null) await ownerOf(context, { customerId: row.customerId }, customerId, `message ${id}`);
  return row;
}

async function asReplaced({ trx, now }: EffectContext, row: Interaction): Promise<RecordWrite> {
  await replaceOutgoing(trx, row.id);
  const { message } = row;
  const sending = message?.sending && { ...message.sending, state: 'replaced' as const, at: now };
  return {
    table: 'interaction',
    id: row.id,
    data: { ...row, message: message && { ...message, ...(sending ? { sending } : {}) } },
  };
}

import type { Id } from '../shared/ids.ts';
import type { Interaction } from '../shared/interaction.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import type { OperationRow } from './outbox.ts';

type Send = Extract<OperationPayload, { kind: 'message.send' }>;
type Settle = Extract<OperationPayload, { kind: 'message.settle' }>;

/** What was written here and is on its way. */
export interface SentHere {
  payload: Send;
  at: string;
  byId: Id;
  byName: string;
}

/** What was said here of a message that came in. */
export interface SettledHere {
  customerId: Id | null;
  settled: { at: string; byName: string; how: 'answered' | 'not_needed' } | null;
}

export const sentHere = (row: OperationRow, payload: Send): SentHere => ({
  ...{ payload, at: row.claimed_at, byId: row.author_id, byName: row.author_name },
});

/** An answer settles what it answers; a mail that is written anew takes the place of the one that did not leave. */
export function saidOfOthers(row: OperationRow, payload: Send | Settle): { id: Id; said: SettledHere } | null {
  const word = { at: row.claimed_at, byName: row.author_name };
  if (payload.kind === 'message.send') {
    const { answers, customerId } = payload;
    return answers === null ? null : { id: answers, said: { customerId, settled: { ...word, how: 'answered' } } };
  }
  const settled = payload.done ? { ...word, how: 'not_needed' as const } : null;
  return { id: payload.messageId, said: { customerId: payload.customerId, settled } };
}

/** What was written here, as the centre will have it. */
export function newMessage({ payload, at, byId, byName }: SentHere): Interaction {
  const { messageId, customerId, channel, subject, text, answers } = payload;
  return {
    ...{ id: messageId, customerId, channel, direction: 'out', subject },
    ...{ startedAt: at, answeredAt: null, endedAt: null, result: null, phone: null, queue: null },
    ...{ agentId: byId, agentName: byName, dispositionCode: null },
    message: {
      ...{ address: null, text, ...(answers === null ? {} : { answers }) },
      sending: { state: 'queued', at, tries: 0, reason: null },
    },
  };
}

/** A message that came in, with what was said of it here. */
export function settledMessage(row: Interaction, { customerId, settled }: SettledHere): Interaction {
  const { message } = row;
  return {
    ...row,
    customerId: row.customerId ?? customerId,
    ...(message && settled && !message.settled ? { message: { ...message, settled } } : {}),
  };
}

import type { CallSnapshot } from '../shared/call.ts';
import { DangolError } from '../shared/errors.ts';
import type { PastCall } from '../shared/host-types.ts';
import { maskPhone } from '../shared/masking.ts';
import { readPendingOf } from '../sync/outbox-reads.ts';
import { recordAccess } from './access-log.ts';
import { readCandidate } from './customer-match.ts';
import type { HostContext } from './host-context.ts';

const SHOWN = 20;
export const HISTORY = {
  ofAgent: 'SELECT snapshot FROM call WHERE agent_id = ? ORDER BY updated_at DESC LIMIT ?',
  one: 'SELECT snapshot FROM call WHERE call_id = ? AND agent_id = ?',
} as const;

/** The agent's own last calls on this desk, the latest first, masked; whose names are shown is logged as one look. */
export function readCallHistory(context: HostContext): PastCall[] {
  const { outbox, cache, seat } = context;
  const agent = seat.reader();
  const country = seat.country();
  const rows = outbox.prepare(HISTORY.ofAgent).all(agent.id, SHOWN) as { snapshot: string }[];
  const calls = rows.map((row) => JSON.parse(row.snapshot) as CallSnapshot);
  const ids = [...new Set(calls.flatMap(({ customerId }) => (customerId === null ? [] : [customerId])))];
  const pending = readPendingOf(outbox, ids, [], country);
  const names = new Map(ids.map((id) => [id, readCandidate(cache, id, pending, country)?.name ?? null]));
  const seen = ids.filter((id) => names.get(id) !== null);
  recordAccess(
    context,
    agent.id,
    seen.map((customerId) => ({ action: 'view', customerId, context: 'call history' }) as const),
  );
  return calls.map(({ callId, direction, caller, queue, customerId, startedAt, answeredAt, result }) => ({
    callId,
    direction,
    phone: caller.withheld || caller.number === null ? null : maskPhone(caller.e164 ?? caller.number, country),
    customerId,
    customerName: customerId === null ? null : (names.get(customerId) ?? null),
    queue,
    startedAt,
    answered: answeredAt !== null,
    result,
  }));
}

/** The number of an earlier call of the agent who sits here, so that it can be dialled without being shown. @throws NOT_FOUND */
export function numberOfCall(context: HostContext, callId: string): string {
  const agent = context.seat.reader();
  const row = context.outbox.prepare(HISTORY.one).get(callId, agent.id) as { snapshot: string } | undefined;
  const caller = row ? (JSON.parse(row.snapshot) as CallSnapshot).caller : null;
  const number = caller?.e164 ?? caller?.number;
  if (!number) throw new DangolError('NOT_FOUND', 'none', { detail: 'no such call, or its number was withheld' });
  return number;
}

import type { Agent } from '../shared/agent.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { appendOperation } from '../sync/outbox.ts';
import { type AccessAct, appendAccess } from './access-log.ts';
import { afterWrite, type HostContext, nowInstant } from './host-context.ts';

interface BesideAct {
  /** The version of the row that the author saw, where the act changes a row. */
  baseVersion?: number | null;
  /** What the access log says of it. */
  access?: readonly AccessAct[];
  /** What has to be in the outbox before the act, in the same commit. */
  before?: () => void;
  /** Whose screens it changes; absent: the customer's whom the payload names. */
  changes?: readonly (string | null)[];
}

/**
 * Writes what an agent did: the operation, its access entries and what goes with them, in ONE commit; then the windows and the engine
 * are told. Durable when it returns. Whoever calls it has looked whether the act is here already.
 */
export function writeAct(
  context: HostContext,
  author: Agent,
  payload: Extract<OperationPayload, { customerId: string | null }>,
  beside: BesideAct = {},
): void {
  const { baseVersion = null, access = [], before, changes = [payload.customerId] } = beside;
  const { outbox, seat } = context;
  outbox
    .transaction(() => {
      before?.();
      const by = { authorId: author.id, authorName: author.name, claimedAt: nowInstant(context) };
      appendOperation(outbox, { ...by, baseVersion, payload, country: seat.country() });
      for (const act of access) appendAccess(context, author.id, act);
    })
    .immediate();
  afterWrite(context, changes);
}

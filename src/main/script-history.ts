import { RUNS_MAX, type RunHead } from '../shared/contract-script.ts';
import type { Mark } from '../shared/customer-360.ts';
import { DangolError } from '../shared/errors.ts';
import { maskText } from '../shared/masking.ts';
import type { RunLine, ScriptRun } from '../shared/script-record.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { markOf, type OperationRow } from '../sync/outbox.ts';
import type { CustomerDoor } from './customer-360.ts';
import type { HostContext } from './host-context.ts';
import { readSameBook } from './same-customer.ts';
import { idsOf } from './whole-customer.ts';

/** The statements of finished runs; a test asserts that each uses its index. */
export const SCRIPT_RUNS = {
  confirmed: `SELECT data FROM script_run WHERE customer_id = ? ORDER BY at DESC LIMIT ${RUNS_MAX}`,
  pending: `SELECT * FROM operation WHERE customer_id = ? AND status IN ('pending', 'rejected', 'quarantined')
            AND kind = 'script.run'`,
} as const;

type Shown = RunHead & { lines: RunLine[] };

/** The runs of a customer that are over, the newest first, without their words. */
export function runsOf(context: HostContext, door: CustomerDoor, customerId: string): { runs: RunHead[] } {
  return { runs: readRuns(context, door, customerId).map(({ lines: _, ...head }) => head) };
}

/** One of them with its words, masked as notes are. @throws NOT_FOUND. */
export function readRun(
  context: HostContext,
  door: CustomerDoor,
  { customerId, runId }: { customerId: string; runId: string },
): Shown {
  const found = readRuns(context, door, customerId).find(({ id }) => id === runId);
  if (!found) throw new DangolError('NOT_FOUND', 'none');
  const country = context.seat.country();
  const lines = found.lines.map((line) => ({
    ...line,
    said: maskText(line.said, country),
    answer: typeof line.answer === 'string' ? maskText(line.answer, country) : line.answer,
  }));
  return { ...found, lines };
}

/** Outbox first, then the cache; a pending run whose id is confirmed is that run. */
function readRuns({ outbox, cache, seat }: HostContext, door: CustomerDoor, customerId: string): Shown[] {
  seat.reader();
  // The look itself: logged where this agent has not opened this customer.
  door.readCustomer({ customerId, callId: null, unmasked: false }, null);
  const ids = idsOf(readSameBook(outbox, cache), customerId);
  const pending = ids.flatMap((id) => outbox.prepare(SCRIPT_RUNS.pending).all(id) as OperationRow[]).map(pendingRun);
  const confirmed = ids
    .flatMap((id) => cache.prepare(SCRIPT_RUNS.confirmed).all(id) as { data: string }[])
    .map(({ data }) => shown(JSON.parse(data) as ScriptRun, 'centre'));
  const known = new Set(confirmed.map(({ id }) => id));
  return [...pending.filter(({ id }) => !known.has(id)), ...confirmed]
    .sort((a, b) => (a.endedAt < b.endedAt ? 1 : -1))
    .slice(0, RUNS_MAX);
}

function shown({ agentId: _, at: __, ...run }: ScriptRun, mark: Mark): Shown {
  return { ...run, mark };
}

function pendingRun(row: OperationRow): Shown {
  const { kind: _, runId, ...facts } = JSON.parse(row.payload) as Extract<OperationPayload, { kind: 'script.run' }>;
  return { ...facts, id: runId, agentName: row.author_name, mark: markOf(row.status) };
}

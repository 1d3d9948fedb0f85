import type { Agent } from '../shared/agent.ts';
import { LEDGER_MAX_ITEMS, type LedgerItem } from '../shared/contract-follow-up.ts';
import type { CustomerCandidate, Mark } from '../shared/customer-360.ts';
import { maskText } from '../shared/masking.ts';
import { type Case, type CustomerPromise, dueOfCase, type Owner, ownerOfPromise } from '../shared/work.ts';
import { overlayCase, overlayPromise, type PendingRows, readPendingFollowUps } from '../sync/outbox-reads.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { recordAccess } from './access-log.ts';
import { readCandidates } from './customer-360.ts';
import type { HostContext } from './host-context.ts';
import { readServiceLevel, startedHere } from './service-level.ts';

const CASE_DUE = `min(coalesce(json_extract(data, '$.dueAt'), '9'), coalesce(json_extract(data, '$.clock.nextBy'), '9'))`;

/** The statements of the ledger; a test asserts that each uses its index. */
export const LEDGER = {
  promisesOf: `SELECT data FROM promise
    WHERE coalesce(json_extract(data, '$.owner.id'), json_extract(data, '$.byAgentId')) = ? AND status = 'open'
    ORDER BY due_at LIMIT ${LEDGER_MAX_ITEMS + 1}`,
  promises: `SELECT data FROM promise WHERE status = 'open' ORDER BY due_at LIMIT ${LEDGER_MAX_ITEMS + 1}`,
  casesOf: `SELECT data FROM "case" WHERE json_extract(data, '$.ownerId') = ? AND status IN ('open', 'waiting')
    ORDER BY ${CASE_DUE} LIMIT ${LEDGER_MAX_ITEMS + 1}`,
  cases: `SELECT data FROM "case" WHERE status IN ('open', 'waiting')
    ORDER BY ${CASE_DUE} LIMIT ${LEDGER_MAX_ITEMS + 1}`,
} as const;

export interface Ledger {
  /** What is owed, the longest overdue first. Names whose lines are shown are a look at those customers: logged once a sitting. */
  read: (whose: 'mine' | 'all') => { items: LedgerItem[]; more: boolean };
  owners: () => { owners: Owner[] };
}

type Marked<T> = T & { mark: Mark };

export function createLedger(context: HostContext): Ledger {
  let sitting = { agentId: '', seen: new Set<string>() };
  const log = (agentId: string, customers: readonly CustomerCandidate[]) => {
    if (sitting.agentId !== agentId) sitting = { agentId, seen: new Set() };
    const fresh = customers.filter(({ id }) => !sitting.seen.has(id));
    for (const { id } of fresh) sitting.seen.add(id);
    const entries = fresh.map(({ id }) => ({ action: 'view', customerId: id, context: 'ledger' }) as const);
    if (entries.length > 0) recordAccess(context, agentId, entries);
  };
  return {
    read: (whose) => {
      const reader = context.seat.reader();
      const pending = readPendingFollowUps(context.outbox);
      const owned = readOwed(context.cache, whose === 'mine' ? reader.id : null, pending);
      const shown = owned.slice(0, LEDGER_MAX_ITEMS);
      const ids = [...new Set(shown.map(({ customerId }) => customerId))];
      const customers = new Map(readCandidates(context, ids).map((one) => [one.id, one]));
      log(reader.id, [...customers.values()]);
      const country = context.seat.country();
      const items = shown.flatMap((line) => itemOf(line, customers.get(line.customerId), country));
      return { items, more: owned.length > shown.length };
    },
    owners: () => {
      context.seat.reader();
      const rows = context.cache.prepare('SELECT data FROM agent').all() as { data: string }[];
      const agents = rows.map((row) => JSON.parse(row.data) as Agent);
      const owners = agents.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
      return { owners };
    },
  };
}

type Line =
  | { type: 'promise'; customerId: string; dueAt: string | null; row: Marked<CustomerPromise> }
  | { type: 'case'; customerId: string; dueAt: string | null; row: Marked<Case> };

function itemOf(line: Line, customer: CustomerCandidate | undefined, country: string): LedgerItem[] {
  // Their customer left this desk, or is about to: nobody to show.
  if (!customer) return [];
  if (line.type === 'case') {
    // What stands in the business's own fields is of no use in a list, and would need its mask.
    const { custom: _, ...row } = line.row;
    return [{ type: 'case', case: { ...row, subject: maskText(row.subject, country) }, customer }];
  }
  return [{ type: 'promise', promise: { ...line.row, what: maskText(line.row.what, country) }, customer }];
}

/** What is open, of one agent or of all, with what is pending laid over it. */
function readOwed(cache: ReadableDb, agentId: string | null, pending: PendingRows): Line[] {
  const read = <T>(of: string, all: string) => {
    const found = agentId === null ? cache.prepare(all).all() : cache.prepare(of).all(agentId);
    return (found as { data: string }[]).map((row) => JSON.parse(row.data) as T);
  };
  const promises = withPending(
    [
      ...read<CustomerPromise>(LEDGER.promisesOf, LEDGER.promises),
      ...edited<CustomerPromise>(cache, 'promise', pending.promiseEdits),
    ],
    pending.promises,
    (row) => ({ ...overlayPromise(row, pending.promiseEdits), mark: markOf(row, pending.promiseEdits) }),
  ).filter((row) => row.status === 'open' && (agentId === null || ownerOfPromise(row)?.id === agentId));
  const level = readServiceLevel(cache);
  const cases = withPending(
    [...read<Case>(LEDGER.casesOf, LEDGER.cases), ...edited<Case>(cache, 'case', pending.caseEdits)],
    pending.cases.map((one) => ({ ...one, row: startedHere(one.row, level) })),
    (row) => ({ ...overlayCase(row, pending.caseEdits, level), mark: markOf(row, pending.caseEdits) }),
  ).filter((row) => row.status !== 'closed' && (agentId === null || row.ownerId === agentId));
  const lines: Line[] = [
    ...promises.map((row): Line => ({ type: 'promise', customerId: row.customerId, dueAt: row.dueAt, row })),
    ...cases.map((row): Line => ({ type: 'case', customerId: row.customerId, dueAt: dueOfCase(row), row })),
  ];
  return lines.sort((a, b) => byDue(a.dueAt, b.dueAt));
}

/** Rows that somebody here handed on or opened again: the indexes have them under what the centre still says. */
function edited<T>(cache: ReadableDb, table: 'promise' | 'case', edits: readonly { id: string }[]): T[] {
  const one = cache.prepare(`SELECT data FROM "${table}" WHERE id = ?`);
  const ids = [...new Set(edits.map(({ id }) => id))];
  return ids.flatMap((id) => {
    const row = one.get(id) as { data: string } | undefined;
    return row ? [JSON.parse(row.data) as T] : [];
  });
}

function withPending<T extends { id: string }>(
  confirmed: readonly T[],
  pending: readonly { row: T; mark: Mark }[],
  overlay: (row: Marked<T>) => Marked<T>,
): Marked<T>[] {
  const rows = new Map<string, Marked<T>>();
  for (const row of confirmed) rows.set(row.id, { ...row, mark: 'centre' });
  for (const { row, mark } of pending) if (!rows.has(row.id)) rows.set(row.id, { ...row, mark });
  return [...rows.values()].map(overlay);
}

function markOf(row: { id: string; mark: Mark }, edits: readonly { id: string; mark: Mark }[]): Mark {
  return edits.findLast((edit) => edit.id === row.id)?.mark ?? row.mark;
}

/** Instants are texts of one form; what has no due time comes last. */
function byDue(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

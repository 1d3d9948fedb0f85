import type { OperationReply, SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import type { OracleRows } from './oracle-effects.ts';
import type { OracleMerge } from './oracle-merge.ts';

/** `was`: of whom it was before it went over to another customer. */
export type FeedRow = SyncRow & { seq: number; was?: readonly (string | null)[] };

/** One history of the centre. Everything in here comes back with a backup, the stored part of the epoch too. */
export interface History {
  epochId: number;
  /** Each start of a server process, and where the feed ended then. */
  runs: { id: number; base: number }[];
  rows: Map<string, FeedRow>;
  seq: number;
  replies: Map<string, OperationReply>;
  sequences: Map<string, string>;
  /** opIds in the order in which they took effect (or were refused) first. */
  log: string[];
  /** Access entries by id: a cloned desk may send one in another operation again. */
  access: Set<string>;
  /** What each operation was about, to forget it with its customer. */
  about: Map<string, { rowId: string; customerId: string | null }>;
  merges: Map<string, OracleMerge>;
  /** Customers whom the team's desks no longer hold: the version and the place in the feed at which they left. */
  departed: Map<string, { version: number; seq: number }>;
}

export function newHistory(): History {
  return {
    epochId: 1,
    runs: [],
    rows: new Map(),
    seq: 0,
    replies: new Map(),
    sequences: new Map(),
    log: [],
    access: new Set(),
    about: new Map(),
    merges: new Map(),
    departed: new Map(),
  };
}

/** A copy that shares what is never changed in place: rows, replies and names. */
export function copyHistory(history: History): History {
  return {
    ...history,
    runs: [...history.runs],
    rows: new Map(history.rows),
    replies: new Map(history.replies),
    sequences: new Map(history.sequences),
    log: [...history.log],
    access: new Set(history.access),
    about: new Map(history.about),
    merges: new Map(history.merges),
    departed: new Map(history.departed),
  };
}

/** True when this history never gave out such a cursor: it is an older copy of the one that did. */
export function isAhead({ runs, seq: end }: History, run: number, seq: number): boolean {
  const at = runs.findIndex(({ id }) => id === run);
  return at < 0 || seq > (runs[at + 1]?.base ?? end);
}

export function rowsUpTo(history: History, epochName: string, cursor: string): SyncRow[] | null {
  const [epoch, run, seq] = cursor.split(':');
  if (epoch !== epochName || isAhead(history, Number(run), Number(seq))) return null;
  return [...history.rows.values()].filter((row) => row.seq <= Number(seq));
}

const customerIn = (data: object) => ('customerId' in data ? (data.customerId as string | null) : null);

function wasOf(before: FeedRow | undefined, data: object | null): readonly (string | null)[] {
  const was = before?.was ?? [];
  if (!before?.data || data === null || customerIn(before.data) === customerIn(data)) return was;
  return [...was, customerIn(before.data)];
}

export function rowsOf(history: History): OracleRows {
  const write = (table: SyncTable, id: string, data: object | null) => {
    const key = `${table}/${id}`;
    const before = history.rows.get(key);
    const version = (before?.version ?? 0) + 1;
    const was = wasOf(before, data);
    history.seq += 1;
    history.rows.set(key, { table, id, version, deleted: data === null, data, was, seq: history.seq } as FeedRow);
  };
  return {
    get: (table, id) => history.rows.get(`${table}/${id}`),
    put: write,
    remove: (table, id) => write(table, id, null),
    list: (customerId) =>
      [...history.rows.values()].filter(
        (row) => row.data !== null && 'customerId' in row.data && row.data.customerId === customerId,
      ),
    merges: history.merges,
  };
}

export function wireRow(row: SyncRow & { seq?: number; was?: unknown }): SyncRow {
  const { seq: _, was: __, ...wire } = row;
  return wire as SyncRow;
}

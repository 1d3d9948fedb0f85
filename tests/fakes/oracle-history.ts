import type { OperationReply, SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import type { OracleRows } from './oracle-effects.ts';

type FeedRow = SyncRow & { seq: number };

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

export function rowsOf(history: History): OracleRows {
  const write = (table: SyncTable, id: string, data: object | null) => {
    const key = `${table}/${id}`;
    const version = (history.rows.get(key)?.version ?? 0) + 1;
    history.seq += 1;
    history.rows.set(key, { table, id, version, deleted: data === null, data, seq: history.seq } as FeedRow);
  };
  return {
    get: (table, id) => history.rows.get(`${table}/${id}`),
    put: write,
    remove: (table, id) => write(table, id, null),
  };
}

export function wireRow(row: SyncRow & { seq?: number }): SyncRow {
  const { seq: _, ...wire } = row;
  return wire as SyncRow;
}

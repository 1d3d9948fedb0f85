import { hash } from 'node:crypto';
import {
  AUDIT_PART_ROWS,
  type AuditPage,
  addToHash,
  auditText,
  hashText,
  jsonbText,
} from '../../src/shared/sync-audit.ts';
import { SyncTable } from '../../src/shared/sync-wire.ts';
import type { AuditQuery } from '../../src/sync/transport.ts';
import type { FeedRow, History } from './oracle-history.ts';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Rows of one answer: few, so that a comparison has several pages. */
const MOST = 24;

type Answer = Omit<AuditPage, 'epoch' | 'restMs'>;

/** The audit as the wire describes it, over the oracle's rows. `seq`: where the desk stands. */
export function auditOf(history: History, seq: number, { table: first, after: from }: AuditQuery): Answer {
  const answer: Answer = { parts: [], later: [], next: null };
  let [after, left] = [from, MOST];
  const tables = Map.groupBy(history.rows.values(), (row) => row.table);
  for (const table of SyncTable.options.slice(SyncTable.options.indexOf(first))) {
    const all = (tables.get(table) ?? []).filter((row) => row.id > (after ?? '')).sort(byId);
    const living = all.filter((row) => !row.deleted).slice(0, left);
    const last = living.length === left ? (living.at(-1)?.id ?? null) : null;
    const here = all.filter((row) => last === null || row.id <= last);
    answer.later.push(...here.filter((row) => row.seq > seq).map(({ id }) => ({ table, id })));
    for (let at = 0; at === 0 || at < living.length; at += AUDIT_PART_ROWS) {
      const part = living.slice(at, at + AUDIT_PART_ROWS);
      const upTo = at + AUDIT_PART_ROWS < living.length ? (part.at(-1)?.id ?? null) : last;
      answer.parts.push({ table, upTo, ...hashOf(part.filter((row) => row.seq <= seq)) });
    }
    left -= living.length;
    if (left <= 0) return { ...answer, next: last === null ? null : { table, after: last } };
    after = null;
  }
  return answer;
}

function hashOf(rows: FeedRow[]): { count: number; hash: string } {
  const text = (row: FeedRow) => auditText(row.id, row.version, jsonbText(row.data));
  return { count: rows.length, hash: hashText(rows.reduce((all, row) => addToHash(all, text(row), sha256), 0n)) };
}

/** Rows of one stretch that stood so at `seq`, and the ids of those that changed since. */
export function auditRowsOf(history: History, seq: number, query: AuditQuery & { upTo: string | null }) {
  const { table, after, upTo } = query;
  const inside = (row: FeedRow) => row.table === table && row.id > (after ?? '') && (upTo === null || row.id <= upTo);
  const all = [...history.rows.values()].filter(inside).sort(byId);
  return {
    rows: all.filter((row) => row.seq <= seq),
    later: all.filter((row) => row.seq > seq).map(({ id }) => ({ table, id })),
  };
}

function byId(a: FeedRow, b: FeedRow): number {
  return a.id < b.id ? -1 : 1;
}

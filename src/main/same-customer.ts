import type { MergedInto } from '../shared/customer.ts';
import type { MergeField } from '../shared/customer-merge.ts';
import { type PendingMerge, readPendingMerges } from '../sync/pending-merges.ts';
import type { ReadableDb } from '../sync/sql-db.ts';

/** The statements of who is whom; a test asserts that each uses its index. */
export const SAME = {
  into: `SELECT json_extract(data, '$.mergedInto') AS merged FROM customer WHERE id = ?`,
  isHere: 'SELECT 1 FROM customer WHERE id = ?',
  goneOf: `SELECT id, json_extract(data, '$.mergedInto') AS merged FROM customer
           WHERE json_extract(data, '$.mergedInto.customerId') = ?`,
} as const;

/** Somebody who was merged into a customer, as this desk knows it. */
export interface Gone {
  goneId: string;
  mergeId: string;
  at: string;
  byId: string;
  byName: string;
  /** 'here': the centre does not know it yet, so their rows are still their own. */
  mark: 'here' | 'centre';
  fields: readonly MergeField[];
}

/** Who is whom on this desk: what the centre says, with what was said here laid over. */
export interface SameBook {
  /** Who has all that is this customer's. */
  liveId: (id: string) => string;
  /** Who was merged into this customer directly. */
  goneOf: (id: string) => Gone[];
  /** All of whom this customer consists, themselves first. 'here': their rows are still their own, because only this desk knows. */
  allOf: (id: string) => { id: string; mark: 'here' | 'centre' }[];
  /** Whether anything of it is on this desk only. */
  isPending: boolean;
}

/** Nobody consists of more. */
const MOST = 50;

export function readSameBook(outbox: ReadableDb, cache: ReadableDb, merges?: readonly PendingMerge[]): SameBook {
  const pending = (merges ?? readPendingMerges(outbox)).filter(({ mark }) => mark === 'here');
  const undone = new Set(pending.filter(({ kind }) => kind === 'unmerge').map(({ mergeId }) => mergeId));
  const made = pending.filter(({ kind, mergeId }) => kind === 'merge' && !undone.has(mergeId));
  const into = cache.prepare(SAME.into);
  const gone = cache.prepare(SAME.goneOf);
  const isHere = cache.prepare(SAME.isHere);
  const known = (id: string) => isHere.get(id) !== undefined;
  const next = (id: string): string | null => {
    const row = into.get(id) as { merged: string | null } | undefined;
    const merged = row?.merged ? (JSON.parse(row.merged) as MergedInto) : null;
    // Who is not on this desk (yet) shows nobody: then the one who went is shown as they are.
    if (merged && !undone.has(merged.mergeId) && known(merged.customerId)) return merged.customerId;
    return made.find(({ goneId }) => goneId === id)?.keptId ?? null;
  };
  const liveId = (id: string): string => {
    const seen = new Set([id]);
    let live = id;
    for (let to = next(live); to !== null && !seen.has(to); to = next(live)) {
      live = to;
      seen.add(to);
    }
    return live;
  };
  const goneOf = (id: string): Gone[] => {
    const confirmed = (gone.all(id) as { id: string; merged: string }[])
      .map(({ id: goneId, merged }) => ({ goneId, ...(JSON.parse(merged) as MergedInto) }))
      .filter(({ mergeId }) => !undone.has(mergeId))
      .map(({ goneId, mergeId, at, byId, byName }): Gone => {
        return { goneId, mergeId, at, byId, byName, mark: 'centre', fields: [] };
      });
    const here = made
      .filter(({ keptId, goneId }) => keptId === id && !confirmed.some((one) => one.goneId === goneId))
      .map(({ goneId, mergeId, at, authorId: byId, authorName: byName, fields }): Gone => {
        return { goneId, mergeId, at, byId, byName, mark: 'here', fields };
      });
    return [...confirmed, ...here];
  };
  const allOf: SameBook['allOf'] = (id) => {
    const all: { id: string; mark: 'here' | 'centre' }[] = [{ id, mark: 'centre' }];
    for (const { id: kept } of all) {
      for (const one of goneOf(kept)) {
        if (all.length >= MOST || all.some((known) => known.id === one.goneId)) continue;
        all.push({ id: one.goneId, mark: one.mark });
      }
    }
    return all;
  };
  return { liveId, goneOf, allOf, isPending: pending.length > 0 };
}

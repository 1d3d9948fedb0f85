import type { TextBlock } from '../shared/text-block.ts';
import type { BreakReason, Disposition, Queue } from '../shared/work.ts';
import type { ReadableDb } from '../sync/sql-db.ts';

export interface Catalogue {
  dispositions: Disposition[];
  breakReasons: BreakReason[];
  queues: Queue[];
  textBlocks: TextBlock[];
}

/** What the business lets an agent choose from, in its order; retired codes are left out. */
export function readCatalogue(cache: ReadableDb): Catalogue {
  return {
    dispositions: inOrder(rows<Disposition>(cache, 'disposition')),
    breakReasons: inOrder(rows<BreakReason>(cache, 'break_reason')),
    queues: rows<Queue>(cache, 'queue').sort((a, b) => a.name.localeCompare(b.name)),
    textBlocks: inOrder(rows<TextBlock>(cache, 'text_block')),
  };
}

function rows<T>(cache: ReadableDb, table: 'disposition' | 'break_reason' | 'queue' | 'text_block'): T[] {
  const found = cache.prepare(`SELECT data FROM ${table}`).all() as { data: string }[];
  return found.map((row) => JSON.parse(row.data) as T);
}

function inOrder<T extends { order: number; active: boolean }>(codes: T[]): T[] {
  return codes.filter((code) => code.active).sort((a, b) => a.order - b.order);
}

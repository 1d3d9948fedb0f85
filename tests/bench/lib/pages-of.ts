import type { SyncRow } from '../../../src/shared/sync-wire.ts';

/** Makes rows `count` times and hands them on in pages, so that never more than one is held. */
export function pagesOf(count: number, make: (n: number) => SyncRow[], page: (rows: SyncRow[]) => void): void {
  for (let from = 0; from < count; from += 5000) {
    page(Array.from({ length: Math.min(5000, count - from) }, (_, n) => make(from + n)).flat());
  }
}

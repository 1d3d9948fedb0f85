import type { Applier } from './apply.ts';
import type { FreshRows } from './bootstrap.ts';

/**
 * An applier for the replies of pushes that remembers what it wrote, for the bootstrap: a snapshot page that was asked
 * for earlier does not know these rows and must not remove them. In memory on purpose: a page never outlives the process.
 */
export function createFreshRows(applier: Applier): FreshRows & { applier: Applier } {
  const keys = new Set<string>();
  return {
    clear: () => keys.clear(),
    keys: () => keys,
    applier: {
      ...applier,
      apply: (rows) => {
        const change = applier.apply(rows);
        for (const row of rows) keys.add(`${row.table}/${row.id}`);
        return change;
      },
    },
  };
}

import type { Break } from './breaks.ts';

/** How confirmed rows come to the desk, and go again. */
export const BREAKS_OF_APPLYING: readonly Break[] = [
  {
    name: 'an older version replaces a newer one',
    rule: 'S10',
    edits: [
      { file: 'apply.ts', from: 'WHERE excluded.version > ', to: 'WHERE 0 < ' },
      { file: 'apply.ts', from: 'if (held && !forced && held.version >= row.version) return false;', to: '' },
    ],
  },
  {
    name: 'an older version of a customer replaces a newer one',
    rule: 'S10',
    edits: [{ file: 'apply.ts', from: 'if (held && !forced && held.version >= row.version) return false;', to: '' }],
  },
  {
    name: 'an older deletion removes a newer row',
    rule: 'S10',
    edits: [{ file: 'apply.ts', from: '  if (held && !forced && held.version > row.version) return;\n', to: '' }],
  },
  {
    name: 'a deleted row comes back by an older one',
    rule: 'S11',
    edits: [
      { file: 'apply.ts', from: '      if (deletedAt !== null && deletedAt >= row.version) return true;\n', to: '' },
    ],
  },
  {
    name: 'a row of a deleted customer is stored',
    rule: 'S11',
    edits: [
      {
        file: 'apply.ts',
        from: `      if (row.table !== 'customer' && customerId !== null && versionOf('customer', customerId) !== null) return true;\n`,
        to: '',
      },
    ],
  },
  {
    name: 'the rows of a deleted customer stay',
    rule: 'S11',
    edits: [
      {
        file: 'apply.ts',
        from: 'for (const table of TABLES_OF_CUSTOMER) sql(',
        to: 'for (const table of [] as SyncTable[]) sql(',
      },
    ],
  },
  {
    name: 'deletions are not applied',
    rule: 'S11',
    edits: [
      {
        file: 'apply.ts',
        from: '  tombstones.add(row);\n',
        to: '  if (row.deleted) return;\n  tombstones.add(row);\n',
      },
    ],
  },
  {
    name: 'a customer who left the scope stays',
    rule: 'S15',
    edits: [
      { file: 'apply.ts', from: '  tombstones.add(row);\n', to: '  if (row.left) return;\n  tombstones.add(row);\n' },
    ],
  },
  {
    name: 'a customer who left is never let in again',
    rule: 'S15',
    edits: [
      {
        file: 'apply.ts',
        from: '      if (deletedAt !== null && deletedAt >= row.version) return true;\n',
        to: '      if (deletedAt !== null) return true;\n',
      },
    ],
  },
  {
    name: 'unsent work about a customer who left is thrown away',
    rule: 'S15',
    edits: [
      {
        file: 'engine.ts',
        from: "if (left.length > 0) onEvent({ type: 'customers_deleted', customerIds: left, left: true });",
        to: `for (const id of left) outbox.prepare("DELETE FROM operation WHERE status = 'pending' AND customer_id = ?").run(id);
    if (left.length > 0) onEvent({ type: 'customers_deleted', customerIds: left, left: true });`,
      },
    ],
  },
  {
    name: 'what was acknowledged about a customer who left is thrown away',
    rule: 'S52',
    edits: [
      {
        file: 'engine.ts',
        from: "onEvent({ type: 'customers_deleted', customerIds: left, left: true });",
        to: 'forget(left);',
      },
    ],
  },
  {
    name: 'whoever left counts as erased when a reply comes',
    rule: 'S52',
    edits: [
      {
        file: 'outbox-replies.ts',
        from: `WHERE table_name = 'customer' AND id = ? AND has_left = 0`,
        to: `WHERE table_name = 'customer' AND id = ?`,
      },
    ],
  },
  {
    name: 'a reply brings rows that this desk does not hold',
    rule: 'S15',
    edits: [{ file: 'push.ts', from: 'new Set(response.outside)', to: 'new Set(response.outside.slice(0, 0))' }],
  },
  {
    name: 'a row that a reply takes to somebody who is not here stays as it was',
    rule: 'S15',
    edits: [
      {
        file: 'fresh-rows.ts',
        from: 'applier.apply([...gone, ...rows],',
        to: 'applier.apply([...gone.slice(0, 0), ...rows],',
      },
    ],
  },
  {
    name: 'an answer of before the cache was filled anew is stored',
    rule: 'S15',
    edits: [{ file: 'fresh-rows.ts', from: '      fills += 1;\n', to: '      fills += 0;\n' }],
  },
  {
    name: 'a row that goes over to somebody who left stays as it was',
    rule: 'S15',
    edits: [{ file: 'apply.ts', from: '    if (isBanned) removeOlder(sql, full, change);\n', to: '' }],
  },
  {
    name: 'a customer keeps the search line of an old name',
    rule: 'S12',
    edits: [{ file: 'apply.ts', from: 'if (held?.name === row.data.name && ', to: 'if (held && ' }],
  },
  {
    name: 'a customer goes and their search line stays',
    rule: 'S12',
    edits: [
      {
        file: 'apply.ts',
        from: "    sql('DELETE FROM customer_search WHERE rowid = (SELECT rowid FROM customer WHERE id = ?)').run(id);\n",
        to: '',
      },
    ],
  },
];

import type { Break } from './breaks.ts';

const CURSOR_IN_ITS_TRANSACTION = '        writeCursor(cache, page.cursor);\n';

/** The change feed, the filling of a cache, epochs, and the audit. */
export const BREAKS_OF_PULLING: readonly Break[] = [
  {
    name: 'the cursor is stored before its rows',
    rule: 'S13',
    edits: [
      { file: 'pull.ts', from: CURSOR_IN_ITS_TRANSACTION, to: '' },
      {
        file: 'pull.ts',
        from: '    const change = cache\n',
        to: '    cache.transaction(() => writeCursor(cache, page.cursor)).immediate();\n    const change = cache\n',
      },
    ],
  },
  {
    name: 'a bootstrap notes its place before the rows',
    rule: 'S30',
    edits: [
      {
        file: 'bootstrap.ts',
        from: `        if (!lastSlice || page.next !== null) advanceBootstrap(cache, table, upTo, rows.length);
        else nextTable(cache, bootstrap, rows.length);
`,
        to: '',
      },
      {
        file: 'bootstrap.ts',
        from: '    const change = cache\n',
        to: `    cache.transaction(() => {
      if (!lastSlice || page.next !== null) advanceBootstrap(cache, table, upTo, rows.length);
      else nextTable(cache, bootstrap, rows.length);
    }).immediate();
    const change = cache\n`,
      },
    ],
  },
  {
    name: 'a power cut in a transaction leaves half of it',
    rule: 'S13',
    edits: [
      {
        file: 'pull.ts',
        from: '      .transaction((): AppliedChange => {',
        to: '      .transaction((): AppliedChange => {\n        cache.exec("COMMIT");',
      },
      {
        file: 'pull.ts',
        from: '        return applied;\n',
        to: '        cache.exec("BEGIN");\n        return applied;\n',
      },
    ],
  },
  {
    name: 'rows of one table are dropped',
    rule: 'S13',
    edits: [
      {
        file: 'pull.ts',
        from: 'options.applier.apply(page.rows)',
        to: `options.applier.apply(page.rows.filter((row) => row.table !== 'phone_pick'))`,
      },
    ],
  },
  {
    name: 'a snapshot page removes nothing',
    rule: 'S14',
    edits: [
      {
        file: 'apply.ts',
        from: '        removeRow(sql, range.table, id);\n        change.deletions = true;\n',
        to: '',
      },
    ],
  },
  {
    name: 'a snapshot page removes what a reply just wrote',
    rule: 'S14',
    edits: [
      {
        file: 'apply.ts',
        from: 'if (present.has(id) || fresh.has(',
        to: 'if (present.has(id) || new Set<string>().has(',
      },
    ],
  },
  {
    name: 'a snapshot page overwrites what a reply just wrote',
    rule: 'S14',
    edits: [
      {
        file: 'apply.ts',
        from: 'writeRow(sql, row, !fresh.has(',
        to: 'writeRow(sql, row, !new Set<string>().has(',
      },
    ],
  },
  {
    name: 'versions of an older epoch stop a reply',
    rule: 'S31',
    edits: [{ file: 'fresh-rows.ts', from: 'epoch !== state.epoch || isUncovered(state, row)', to: 'false' }],
  },
  {
    name: 'deletions of an older epoch are kept',
    rule: 'S31',
    edits: [{ file: 'sync-state.ts', from: "  cache.prepare('DELETE FROM deleted_row').run();\n", to: '' }],
  },
  {
    name: 'another epoch: goes on from where it began, without filling again',
    rule: 'S31',
    edits: [
      {
        file: 'bootstrap.ts',
        from: '    cache.transaction(() => beginBootstrap(cache, start)).immediate();\n',
        to: `    const known = cache.prepare('SELECT 1 FROM customer').get() !== undefined;
    cache.transaction(() => {
      beginBootstrap(cache, start);
      if (known) cache.prepare('UPDATE sync_state SET cursor = bootstrap_cursor').run();
    }).immediate();
`,
      },
    ],
  },
  {
    name: 'another epoch is an answer like others',
    rule: 'S34',
    edits: [
      {
        file: 'pull.ts',
        from: `      cache.transaction(() => forgetCursor(cache)).immediate();\n`,
        to: `      if (readSyncState(cache).cursor !== null) throw error;\n      cache.transaction(() => forgetCursor(cache)).immediate();\n`,
      },
    ],
  },
  {
    name: 'rows of a reply of another epoch leave the cursor',
    rule: 'S31',
    edits: [
      {
        file: 'fresh-rows.ts',
        from: '      if (rows.length > 0 && state.epoch !== null && state.epoch !== epoch) forgetCursor(cache);\n',
        to: '',
      },
    ],
  },
  {
    name: 'the end of a snapshot is not told again',
    rule: 'S35',
    edits: [{ file: 'pull.ts', from: 'acknowledged, seen }', to: 'acknowledged }' }],
  },
  {
    name: 'a pull does not tell what was acknowledged last',
    rule: 'S35',
    edits: [
      {
        file: 'pull.ts',
        from: '{ cursor: state.cursor, limit: PULL_MAX_ROWS, acknowledged, seen }',
        to: '{ cursor: state.cursor, limit: PULL_MAX_ROWS, seen }',
      },
    ],
  },
  {
    name: 'the outbox does not hear of an epoch before the pages',
    rule: 'S31',
    edits: [{ file: 'pull.ts', from: '      tellOutbox();\n', to: '' }],
  },
  {
    name: 'the audit never repairs',
    rule: 'S36',
    edits: [
      {
        file: 'audit-rows.ts',
        from: '  const wrong: SyncRow[] = [];\n  for (const row of rows.values()) {\n',
        to: '  const wrong: SyncRow[] = [];\n  for (const row of [] as SyncRow[]) {\n    void rows;\n',
      },
      {
        file: 'audit-rows.ts',
        from: '  for (const { id, version } of held) {\n',
        to: '  for (const { id, version } of [] as HeldRow[]) {\n',
      },
    ],
  },
  {
    name: 'the audit leaves rows that are too many',
    rule: 'S36',
    edits: [
      {
        file: 'audit-rows.ts',
        from: '  for (const { id, version } of held) {\n',
        to: '  for (const { id, version } of [] as HeldRow[]) {\n',
      },
    ],
  },
  {
    name: 'the audit takes rows that change meanwhile for wrong ones',
    rule: 'S36',
    edits: [
      {
        file: 'audit.ts',
        from: 'hashHeld(cache, stretch, later,',
        to: 'hashHeld(cache, stretch, new Set<string>(),',
      },
      { file: 'audit.ts', from: 'new Set([...answer.later.map(', to: 'new Set([...answer.later.slice(0, 0).map(' },
    ],
  },
  {
    name: 'an audit is never due',
    rule: 'S36',
    edits: [{ file: 'audit.ts', from: '      if (idleMs() > 0) return;\n', to: '      if (idleMs() >= 0) return;\n' }],
  },
];

import type { Break } from './breaks.ts';

/** How work leaves the desk, and what becomes of it. */
export const BREAKS_OF_PUSHING: readonly Break[] = [
  {
    name: 'marked acknowledged before its reply is there',
    rule: 'S21',
    edits: [
      {
        file: 'push.ts',
        from: '    let response: PushResponse;\n',
        to: `    let response: PushResponse;
    for (const { op_id } of batch) outbox.prepare("UPDATE operation SET status = 'acknowledged' WHERE op_id = ?").run(op_id);
`,
      },
      {
        file: 'outbox-replies.ts',
        from: `acknowledged_in = ?\n       WHERE op_id = ? AND status = 'pending'`,
        to: 'acknowledged_in = ?\n       WHERE op_id = ?',
      },
    ],
  },
  {
    name: 'acknowledged before its rows are in the cache',
    rule: 'S21',
    edits: [
      {
        file: 'push.ts',
        from: '    const rows = response.replies.flatMap(',
        to: `    outbox.transaction(() => storeReplies(outbox, cache, sent, response)).immediate();
    const rows = response.replies.flatMap(`,
      },
    ],
  },
  {
    name: 'rows of a reply are not stored',
    rule: 'S21',
    edits: [
      {
        file: 'push.ts',
        from: 'options.replies.applyReply(rows, response.epoch, outside)',
        to: 'options.replies.applyReply([], response.epoch, outside)',
      },
    ],
  },
  {
    name: 'a repeat under another opId',
    rule: 'S22',
    edits: [
      {
        file: 'push.ts',
        from: '      if (signal.aborted) return { again: true };\n      if (reasonOf(error)',
        to: `      for (const { op_id } of batch) outbox.prepare('UPDATE operation SET op_id = ? WHERE op_id = ?').run(makeId(clock, random), op_id);
      if (signal.aborted) return { again: true };
      if (reasonOf(error)`,
      },
    ],
  },
  {
    name: 'what was done later goes first',
    rule: 'S20',
    edits: [
      { file: 'outbox-batch.ts', from: '       ORDER BY rowid LIMIT ?', to: '       ORDER BY rowid DESC LIMIT ?' },
    ],
  },
  {
    name: 'the order of the clock',
    rule: 'S42',
    edits: [
      {
        file: 'outbox-batch.ts',
        from: '       ORDER BY rowid LIMIT ?',
        to: '       ORDER BY claimed_at, rowid LIMIT ?',
      },
    ],
  },
  {
    name: 'what waits for a repair waits for the clock',
    rule: 'S42',
    edits: [{ file: 'choke-guard.ts', from: ' && until <= clock.now() + DEFER_MS', to: '' }],
  },
  {
    name: 'what needs a refused row is not held',
    rule: 'S23',
    edits: [
      {
        file: 'outbox-batch.ts',
        from: '    if (found.length === 0) return taken;',
        to: '    if (found.length >= 0) return taken;',
      },
    ],
  },
  {
    name: 'what is quarantined goes out all the same',
    rule: 'S23',
    edits: [
      {
        file: 'outbox-batch.ts',
        from: `FROM operation WHERE status = 'pending'\n       ORDER`,
        to: `FROM operation WHERE status IN ('pending', 'quarantined')\n       ORDER`,
      },
    ],
  },
  {
    name: 'a refused operation is tried for ever',
    rule: 'S23',
    edits: [
      {
        file: 'outbox-replies.ts',
        from: `const status = waitsForRefused(outbox, cache, row) ? 'quarantined' : 'rejected';`,
        to: `const status = waitsForRefused(outbox, cache, row) ? 'quarantined' : 'pending';`,
      },
    ],
  },
  {
    name: 'a refusal is thrown away',
    rule: 'S23',
    edits: [
      {
        file: 'outbox-replies.ts',
        from: `      if (decide(outbox, row, status, reply.code, reply.detail, serverTime)) decided.attention.push(row);`,
        to: `      outbox.prepare('DELETE FROM operation WHERE op_id = ?').run(row.op_id);`,
      },
    ],
  },
  {
    name: 'a batch that the centre breaks on is not halved',
    rule: 'S24',
    edits: [{ file: 'choke-guard.ts', from: 'Math.max(1, Math.floor(batch.length / 2))', to: 'batch.length' }],
  },
  {
    name: 'what names the rows of a culprit does not wait',
    rule: 'S24',
    edits: [
      {
        file: 'outbox-batch.ts',
        from: '  return (\n    a.op_id',
        to: '  return a.op_id === b.op_id && (\n    a.op_id',
      },
    ],
  },
  {
    name: 'what was done before a culprit waits with it',
    rule: 'S24',
    edits: [
      { file: 'outbox-batch.ts', from: 'const held: Deferred[] = [];', to: 'const held: Deferred[] = [...deferred];' },
    ],
  },
  {
    name: 'what waits for what waits goes out',
    rule: 'S24',
    edits: [{ file: 'outbox-batch.ts', from: '      held.push(row);\n', to: '' }],
  },
  {
    name: 'the clone of a desk is not noticed',
    rule: 'S25',
    edits: [
      {
        file: 'push.ts',
        from: '      outbox.transaction(() => takeNewDevice(outbox, deviceId)).immediate();\n',
        to: '',
      },
    ],
  },
  {
    name: 'the clone of a desk only counts on',
    rule: 'S25',
    edits: [
      {
        file: 'outbox-replies.ts',
        from: 'for (const [index, row] of pending.entries()) stamp.run(deviceId, index + 1, row.op_id);',
        to: 'const [last] = pending.slice(-1);\n  if (last) stamp.run(deviceId, 1, last.op_id);',
      },
    ],
  },
  {
    name: 'a fork numbers anew the other way round',
    rule: 'S25',
    edits: [
      {
        file: 'outbox-replies.ts',
        from: `status = 'pending' ORDER BY rowid\`).all()`,
        to: `status = 'pending' ORDER BY rowid DESC\`).all()`,
      },
    ],
  },
  {
    name: 'work of agent A in the name of agent B',
    rule: 'S62',
    edits: [
      {
        file: 'push.ts',
        from: '          operations: batch.map(toOperation),',
        to: '          operations: batch.map(toOperation).map((one) => ({ ...one, authorId: batch.at(-1)?.author_id ?? one.authorId })),',
      },
    ],
  },
  {
    name: 'acknowledged work is not sent to a restored centre',
    rule: 'S31',
    edits: [
      {
        file: 'outbox-replies.ts',
        from: `SET status = 'pending' WHERE status = 'acknowledged'\`).run()`,
        to: `SET status = 'pending' WHERE status = 'nothing'\`).run()`,
      },
    ],
  },
  {
    name: 'acknowledged work is removed after a second',
    rule: 'S28',
    edits: [{ file: 'outbox-replies.ts', from: '7 * 24 * 3600 * 1000', to: '1000' }],
  },
  {
    name: 'a push does not tell what was acknowledged last',
    rule: 'S35',
    edits: [{ file: 'push.ts', from: '          acknowledged: readAcknowledged(outbox),\n', to: '' }],
  },
  {
    name: 'access entries go out again and again',
    rule: 'S6',
    edits: [
      {
        file: 'access-batch.ts',
        from: 'for (const seq of seqs) mark.run(operation.opId, seq);',
        to: 'void [seqs, operation];',
      },
    ],
  },
  {
    name: 'the last access entry is left out',
    rule: 'S6',
    edits: [
      {
        file: 'access-batch.ts',
        from: `{ kind: 'access.record', entries },`,
        to: `{ kind: 'access.record', entries: entries.slice(0, 1) },`,
      },
    ],
  },
];

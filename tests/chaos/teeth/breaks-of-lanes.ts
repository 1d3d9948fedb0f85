import type { Break } from './breaks.ts';

/** Time, failure, erasure, and what the host is told. */
export const BREAKS_OF_LANES: readonly Break[] = [
  {
    name: 'a lane gives up after ten failures',
    rule: 'S40',
    edits: [{ file: 'lane.ts', from: '      wait(delay);\n', to: '      if (failures <= 10) wait(delay);\n' }],
  },
  {
    name: 'a lane gives up after thirty failures',
    rule: 'S40',
    edits: [{ file: 'lane.ts', from: '      wait(delay);\n', to: '      if (failures <= 30) wait(delay);\n' }],
  },
  {
    name: 'a backoff without a ceiling',
    rule: 'S40',
    edits: [{ file: 'backoff.ts', from: 'BACKOFF_CAP_MS = 8000', to: 'BACKOFF_CAP_MS = 80_000_000' }],
  },
  {
    name: 'a full disk ends a lane',
    rule: 'S40',
    edits: [
      { file: 'lane.ts', from: '      wait(delay);\n', to: '      if (reasonOf(error) !== null) wait(delay);\n' },
    ],
  },
  {
    name: 'nobody signed in ends a lane',
    rule: 'S40',
    edits: [
      { file: 'lane.ts', from: 'return woken ? 0 : SIGNED_OUT_RETRY_MS;', to: 'return woken ? 0 : 3_600_000;' },
      {
        file: 'lane.ts',
        from: "(failure === null || reasonOf(failure)?.kind === 'signed_out')",
        to: '(failure === null)',
      },
    ],
  },
  {
    name: 'downloads wait for uploads',
    rule: 'S33',
    edits: [
      {
        file: 'pull.ts',
        from: '    options.fresh.clear();\n',
        to: `    if (outbox.prepare("SELECT 1 FROM operation WHERE status = 'pending'").get()) return { again: false, idleMs: 1000 };
    options.fresh.clear();\n`,
      },
    ],
  },
  {
    name: 'uploads wait for downloads',
    rule: 'S33',
    edits: [
      {
        file: 'engine.ts',
        from: '      onContact,\n      onApplied,\n      onDecided,\n',
        to: '      onContact,\n      turn: async (work) => (pullLane.state().failure === null ? work() : false),\n      onApplied,\n      onDecided,\n',
      },
      { file: 'engine.ts', from: '      turn: turns?.run,\n', to: '' },
    ],
  },
  {
    name: 'Retry-After is not heard',
    rule: 'S41',
    edits: [
      {
        file: 'backoff.ts',
        from: '  if (retryAfterMs === null) return jittered;\n',
        to: '  if (retryAfterMs !== undefined) return jittered;\n',
      },
    ],
  },
  {
    name: 'a wake does not wait for Retry-After',
    rule: 'S41',
    edits: [
      {
        file: 'lane.ts',
        from: "(failure === null || reasonOf(failure)?.kind === 'signed_out')",
        to: '(failure === null || failure !== null)',
      },
    ],
  },
  {
    name: 'a lane that is woken in its round sleeps on',
    rule: 'S32',
    edits: [
      {
        file: 'lane.ts',
        from: 'wait(after.again || woken ? 0 : after.idleMs);',
        to: 'wait(after.again ? 0 : after.idleMs);',
      },
    ],
  },
  {
    name: 'a poke is not heard and no timer pulls',
    rule: 'S32',
    edits: [
      { file: 'engine.ts', from: 'onPoke: () => pullLane.wake(),', to: 'onPoke: () => undefined,' },
      {
        file: 'engine.ts',
        from: 'live.connected() ? PULL_EVERY_CONNECTED_MS : PULL_EVERY_MS',
        to: '3_600_000 + PULL_EVERY_CONNECTED_MS + PULL_EVERY_MS',
      },
    ],
  },
  {
    name: 'a silent live connection counts as one',
    rule: 'S32',
    edits: [{ file: 'live.ts', from: 'const SILENCE_MS = 60_000;', to: 'const SILENCE_MS = 60_000_000;' }],
  },
  {
    name: 'a live connection that was refused is not made again',
    rule: 'S32',
    edits: [
      {
        file: 'live.ts',
        from: '      if (running && !connection) later(Math.floor(random() * RECOVER_WITHIN_MS), connect);\n',
        to: '',
      },
      { file: 'live.ts', from: '    failures += 1;\n', to: '    failures += 1;\n    if (failures > 2) return;\n' },
    ],
  },
  {
    name: 'a new release is the fault of the operations',
    rule: 'S27',
    edits: [
      {
        file: 'push.ts',
        from: `if (reasonOf(error)?.kind === 'nonsense') choke`,
        to: `if (reasonOf(error)?.kind === 'other_release' || reasonOf(error)?.kind === 'nonsense') choke`,
      },
    ],
  },
  {
    name: 'an erased customer stays in the outbox',
    rule: 'S50',
    edits: [
      {
        file: 'engine.ts',
        from: '    outbox.transaction(() => forgetCustomers(outbox, customerIds)).immediate();\n',
        to: '',
      },
    ],
  },
  {
    name: 'a refused operation keeps the words about an erased customer',
    rule: 'S50',
    edits: [
      { file: 'forget.ts', from: 'run(JSON.stringify(payload), row.op_id)', to: 'run(row.payload, row.op_id)' },
      {
        file: 'forget.ts',
        from: '  const payload = scrubPayload(JSON.parse(row.payload) as OperationPayload);\n',
        to: '',
      },
    ],
  },
  {
    name: 'a note keeps its words about an erased customer',
    rule: 'S50',
    edits: [{ file: 'forget.ts', from: 'return { ...payload, text: SCRUBBED_TEXT };', to: 'return payload;' }],
  },
  {
    name: 'an erasure that the power cut in two is not taken up again',
    rule: 'S50',
    edits: [
      {
        file: 'pull.ts',
        from: 'options.onUnforgotten(findUnforgotten(outbox, cache))',
        to: 'options.onUnforgotten([])',
      },
    ],
  },
  {
    name: 'nobody asks again about a customer whom a bootstrap does not bring',
    rule: 'S50',
    edits: [
      {
        file: 'outbox-replies.ts',
        from: 'if (!held.get(id)) again.run(id);',
        to: 'if (held.get(id) === null) again.run(id);',
      },
    ],
  },
  {
    name: 'an ERASED refusal keeps its words',
    rule: 'S51',
    edits: [
      {
        file: 'outbox-replies.ts',
        from: "  if (reply.status === 'rejected' && reply.code === 'ERASED') return true;\n",
        to: '',
      },
    ],
  },
  {
    name: 'the log of what was deleted is not truncated',
    rule: 'S50',
    edits: [{ file: 'forget.ts', from: '  turn(() => attempt(dbs));\n', to: '  void turn;\n  void attempt;\n' }],
  },
  {
    name: 'the screen does not hear of changed rows',
    rule: 'S61',
    edits: [
      {
        file: 'engine.ts',
        from: 'if (change.customerIds.size > 0 || change.catalogue) {',
        to: 'if (change.catalogue) {',
      },
    ],
  },
  {
    name: 'the screen hears of rows behind what can fail',
    rule: 'S61',
    edits: [
      {
        file: 'engine.ts',
        from: '    if (change.customerIds.size > 0 || change.catalogue) {',
        to: '    forget([...change.deletedCustomerIds]);\n    if (change.customerIds.size > 0 || change.catalogue) {',
      },
    ],
  },
  {
    name: 'the screen hears of rows before they are there',
    rule: 'S61',
    edits: [
      {
        file: 'push.ts',
        from: '    const change = cache.transaction(() => options.replies.applyReply(rows, response.epoch, outside)).immediate();\n    options.onApplied(change);\n',
        to: '    const change = cache.transaction(() => {\n      const told = options.replies.applyReply(rows, response.epoch, outside);\n      options.onApplied(told);\n      return told;\n    }).immediate();\n    void change;\n',
      },
    ],
  },
  {
    name: 'the screen does not hear that a note is at the centre',
    rule: 'S61',
    edits: [
      {
        file: 'engine.ts',
        from: "{ type: 'note_mark', noteId: row.row_id, mark: 'centre' }",
        to: "{ type: 'status', status: status() }",
      },
    ],
  },
  {
    name: 'after stop() a timer goes on',
    rule: 'S44',
    edits: [
      {
        file: 'lane.ts',
        from: "      phase = 'stopped';\n      cancelTimer();\n      abort.abort();\n",
        to: '      abort.abort();\n',
      },
    ],
  },
  {
    name: 'after stop() an answer is still stored',
    rule: 'S44',
    edits: [
      {
        file: 'push.ts',
        from: '      if (signal.aborted) return { again: true };\n      checkReplies',
        to: '      checkReplies',
      },
      { file: 'lane.ts', from: '      abort.abort();\n', to: '' },
    ],
  },
];

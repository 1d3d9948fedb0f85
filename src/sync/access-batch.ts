import { AccessLogEntry } from '../shared/access-log.ts';
import { type Clock, instantOf } from './clock.ts';
import { makeId } from './ids.ts';
import { appendOperation } from './outbox.ts';
import type { WritableDb } from './sql-db.ts';

const BATCH_MAX_ENTRIES = 200;
/** Marks an entry that fits no schema: it stays here as evidence and holds up nothing. */
const UNSENDABLE = 'unsendable';

/**
 * Turns access entries that were not sent yet into one access.record operation. Call it in a transaction on the outbox.
 * @param force also when there are only a few; without it they wait for company.
 */
export function collectAccessEntries(
  outbox: WritableDb,
  { clock, random, force }: { clock: Clock; random: () => number; force: boolean },
): void {
  const rows = outbox
    .prepare('SELECT seq, entry FROM access_log WHERE op_id IS NULL ORDER BY seq LIMIT ?')
    .all(BATCH_MAX_ENTRIES) as { seq: number; entry: string }[];
  if (rows.length === 0 || (!force && rows.length < BATCH_MAX_ENTRIES)) return;
  const mark = outbox.prepare('UPDATE access_log SET op_id = ? WHERE seq = ?');
  const entries: AccessLogEntry[] = [];
  const seqs: number[] = [];
  for (const row of rows) {
    const entry = readEntry(row.entry);
    if (!entry) {
      mark.run(UNSENDABLE, row.seq);
      continue;
    }
    entries.push(entry);
    seqs.push(row.seq);
  }
  const last = entries.at(-1);
  if (!last) return;
  const operation = appendOperation(outbox, {
    opId: makeId(clock, random),
    authorId: last.agentId,
    authorName: '',
    claimedAt: instantOf(clock.now()),
    payload: { kind: 'access.record', entries },
  });
  for (const seq of seqs) mark.run(operation.opId, seq);
}

function readEntry(json: string): AccessLogEntry | null {
  try {
    const parsed = AccessLogEntry.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

import { createHash } from 'node:crypto';
import { type AccessLogEntry, accessEntryText } from '../shared/access-log.ts';
import { newId } from '../shared/ids.ts';
import { appendOperation, ensureDevice } from '../sync/outbox.ts';
import type { ReadableDb, WritableDb } from '../sync/sql-db.ts';
import { type HostContext, nowInstant } from './host-context.ts';

export interface AccessAct {
  action: AccessLogEntry['action'];
  customerId: string | null;
  /** Which screen or call; the reason of a peek or an override. Cut to 300 characters. */
  context: string;
}

const FIRST_HASH = '0'.repeat(64);
/** As many as one operation may carry. */
const BATCH = 200;

/** SHA-256 of the previous hash and the entry's canonical text, in hex. */
export function accessEntryHash(entry: Omit<AccessLogEntry, 'hash'>): string {
  return createHash('sha256').update(entry.previousHash).update(accessEntryText(entry)).digest('hex');
}

/** Appends to this desk's chain. Call it inside the transaction of the act that it records. */
export function appendAccess(context: HostContext, agentId: string, act: AccessAct): AccessLogEntry {
  const { outbox } = context;
  const last = outbox.prepare('SELECT seq, hash FROM access_log ORDER BY seq DESC LIMIT 1').get() as
    | { seq: number; hash: string }
    | undefined;
  const entry = {
    id: newId(),
    deviceId: ensureDevice(outbox).deviceId,
    seq: (last?.seq ?? 0) + 1,
    at: nowInstant(context),
    agentId,
    action: act.action,
    customerId: act.customerId,
    context: act.context.slice(0, 300),
    previousHash: last?.hash ?? FIRST_HASH,
  };
  const hashed = { ...entry, hash: accessEntryHash(entry) };
  outbox
    .prepare('INSERT INTO access_log (seq, id, entry, hash) VALUES (?, ?, ?, ?)')
    .run(hashed.seq, hashed.id, JSON.stringify(hashed), hashed.hash);
  return hashed;
}

/** Records acts that write nothing else: one commit. */
export function recordAccess(context: HostContext, agentId: string, acts: readonly AccessAct[]): void {
  if (acts.length === 0) return;
  context.outbox
    .transaction(() => {
      for (const act of acts) appendAccess(context, agentId, act);
    })
    .immediate();
}

/** How many entries are in no operation yet. */
export function countUnsentAccess(outbox: ReadableDb): number {
  const row = outbox.prepare('SELECT count(*) AS n FROM access_log WHERE op_id IS NULL').get() as { n: number };
  return row.n;
}

/** Puts the entries that are in no operation yet into operations, oldest first. Returns how many operations. */
export function sendAccessLog(context: HostContext): number {
  let sent = 0;
  while (sendBatch(context.outbox, nowInstant(context), context.seat.author())) sent += 1;
  if (sent > 0) context.wake();
  return sent;
}

function sendBatch(outbox: WritableDb, claimedAt: string, author: { id: string; name: string }): boolean {
  return outbox
    .transaction(() => {
      const rows = outbox
        .prepare('SELECT seq, entry FROM access_log WHERE op_id IS NULL ORDER BY seq LIMIT ?')
        .all(BATCH) as { seq: number; entry: string }[];
      if (rows.length === 0) return false;
      const entries = rows.map((row) => JSON.parse(row.entry) as AccessLogEntry);
      const { opId } = appendOperation(outbox, {
        authorId: author.id,
        authorName: author.name,
        claimedAt,
        payload: { kind: 'access.record', entries },
      });
      const mark = outbox.prepare('UPDATE access_log SET op_id = ? WHERE seq = ?');
      for (const row of rows) mark.run(opId, row.seq);
      return true;
    })
    .immediate();
}

/** The first place where the chain does not hold, or null. For audits and tests. */
export function findBrokenLink(entries: readonly AccessLogEntry[]): AccessLogEntry | null {
  let previous = entries[0]?.previousHash ?? FIRST_HASH;
  for (const { hash, ...entry } of entries) {
    if (entry.previousHash !== previous || accessEntryHash(entry) !== hash) return { ...entry, hash };
    previous = hash;
  }
  return null;
}

import { createHash } from 'node:crypto';
import { type AccessLogEntry, accessEntryText } from '../shared/access-log.ts';
import { newId } from '../shared/ids.ts';
import { ensureDevice } from '../sync/outbox.ts';
import { type HostContext, nowInstant } from './host-context.ts';

export interface AccessAct {
  action: AccessLogEntry['action'];
  customerId: string | null;
  /** Which screen or call; the reason of a peek or an override. Cut to 300 characters. */
  context: string;
}

const FIRST_HASH = '0'.repeat(64);

/** SHA-256 of the entry's canonical text, which begins with the previous hash, in hex. */
function accessEntryHash(entry: Omit<AccessLogEntry, 'hash'>): string {
  return createHash('sha256').update(accessEntryText(entry)).digest('hex');
}

/**
 * Appends to this desk's chain. Call it inside the transaction of the act that it records. The engine sends the entries in
 * batches (sync/access-batch.ts).
 */
export function appendAccess(context: HostContext, agentId: string, act: AccessAct): AccessLogEntry {
  const { outbox } = context;
  const row = outbox.prepare('SELECT seq, entry FROM access_log ORDER BY seq DESC LIMIT 1').get() as
    | { seq: number; entry: string }
    | undefined;
  const { deviceId } = ensureDevice(outbox);
  const before = row ? (JSON.parse(row.entry) as AccessLogEntry) : null;
  // A desk that got a new name (its old one was cloned) begins a chain of that name.
  const last = before?.deviceId === deviceId ? before : null;
  const entry = {
    id: newId(),
    deviceId,
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
    .run((row?.seq ?? 0) + 1, hashed.id, JSON.stringify(hashed), hashed.hash);
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

/** The first place where the chain does not hold, or null. For audits and tests. */
export function findBrokenLink(entries: readonly AccessLogEntry[]): AccessLogEntry | null {
  let previous = entries[0]?.previousHash ?? FIRST_HASH;
  for (const { hash, ...entry } of entries) {
    if (entry.previousHash !== previous || accessEntryHash(entry) !== hash) return { ...entry, hash };
    previous = hash;
  }
  return null;
}

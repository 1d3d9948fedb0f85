import { createHash } from 'node:crypto';
import type { ReadableDb } from '../sync/sql-db.ts';
import type { HostContext } from './host-context.ts';

/** Whoever is known is counted by who they are, on any number; a number that was nobody's by itself. */
export const MARKETING_CALLS = 'SELECT at FROM marketing_call WHERE who IN (SELECT value FROM json_each(?))';

/** No law and no policy looks further back. */
const KEPT_MS = 366 * 86_400_000;

/** A number that was called and is nobody's is kept as a fingerprint: enough to count by. */
function hashOf(e164: string): string {
  return createHash('sha256').update(e164).digest('hex');
}

/** When they were called for marketing from this desk, epoch ms by its clock. */
export function readMarketingCalls(
  outbox: ReadableDb,
  { customerIds, e164 }: { customerIds: readonly string[]; e164: string },
): number[] {
  const rows = outbox.prepare(MARKETING_CALLS).all(JSON.stringify([...customerIds, hashOf(e164)])) as { at: number }[];
  return rows.map(({ at }) => at);
}

/** Notes that such a call is about to be made. What nobody asks about any more goes. */
export function noteMarketingCall(
  { outbox, clock }: Pick<HostContext, 'outbox' | 'clock'>,
  { customerId, e164 }: { customerId: string | null; e164: string },
): void {
  const now = clock.now();
  outbox
    .transaction(() => {
      outbox.prepare('DELETE FROM marketing_call WHERE at < ?').run(now - KEPT_MS);
      outbox.prepare('INSERT INTO marketing_call (who, at) VALUES (?, ?)').run(customerId ?? hashOf(e164), now);
    })
    .immediate();
}

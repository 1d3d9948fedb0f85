import type { WritableDb } from '../sync/sql-db.ts';
import type { HostContext } from './host-context.ts';

/**
 * Removes what this desk alone holds about customers whom the centre deleted: drafts and the journal of their calls. The
 * engine forgets their operations and truncates the logs.
 */
export function forgetHere(outbox: WritableDb, customerIds: readonly string[]): void {
  outbox
    .transaction(() => {
      for (const id of customerIds) {
        outbox.prepare('DELETE FROM draft WHERE customer_id = ?').run(id);
        outbox.prepare('DELETE FROM script_run WHERE customer_id = ?').run(id);
        outbox
          .prepare(`DELETE FROM call WHERE phase IN ('wrap_up', 'done') AND json_extract(snapshot, '$.customerId') = ?`)
          .run(id);
      }
    })
    .immediate();
}

const DAY = 86_400_000;
/** A call that was wrapped up is of use to nobody here: its interaction is an operation of its own. */
const DONE_KEPT_MS = 7 * DAY;
/** One that was never ended: its desk crashed, or was put away. */
const OPEN_KEPT_MS = 30 * DAY;

/** The calls and the page that opens now come first. */
const FIRST_AFTER_MS = 60_000;

/** Removes the journal of calls that are long over. One that somebody still has a draft for stays: the note needs it. */
export function forgetOldCalls(outbox: WritableDb, now: number): void {
  const before = (ms: number) => new Date(now - ms).toISOString();
  outbox
    .transaction(() =>
      outbox
        .prepare(
          `DELETE FROM call WHERE ((phase = 'done' AND updated_at < ?) OR updated_at < ?)
             AND call_id NOT IN (SELECT call_id FROM draft WHERE call_id IS NOT NULL AND trim(text) <> '')`,
        )
        .run(before(DONE_KEPT_MS), before(OPEN_KEPT_MS)),
    )
    .immediate();
}

/** Forgets old calls soon after the start and once a day. @returns what ends it. */
export function keepForgettingCalls(context: HostContext): () => void {
  let cancel = () => {};
  const next = (delayMs: number) => {
    cancel = context.clock.schedule(delayMs, () => {
      try {
        forgetOldCalls(context.outbox, context.clock.now());
      } catch (error) {
        // Tomorrow is soon enough: nothing waits for it, and a timer must not end the host.
        context.log('calls.not_forgotten', {
          code: error instanceof Error && 'code' in error ? String(error.code) : '',
        });
      }
      next(DAY);
    });
  };
  next(FIRST_AFTER_MS);
  return () => cancel();
}

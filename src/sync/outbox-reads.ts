import type { PhonePick } from '../shared/contact-point.ts';
import type { Id } from '../shared/ids.ts';
import { markOf, type OperationRow } from './outbox.ts';
import { type Pending, type PendingRows, toPendingRows } from './pending-nouns.ts';
import type { ReadableDb } from './sql-db.ts';

export { overlayCase, overlayPromise } from './pending-follow-ups.ts';
export {
  NOTHING_PENDING,
  overlayCustomer,
  overlayInteraction,
  type Pending,
  type PendingRows,
} from './pending-nouns.ts';

const UNCONFIRMED = `status IN ('pending', 'rejected', 'quarantined')`;

/**
 * Everything unconfirmed about a customer: also what is tied to them only through an interaction (a note that was typed
 * before the caller was known).
 */
export function readPendingOfCustomer(outbox: ReadableDb, customerId: Id, country?: string): PendingRows {
  return readPendingOf(outbox, [customerId], [], country);
}

/** Everything unconfirmed about these customers and these interactions, each operation once. */
export function readPendingOf(
  outbox: ReadableDb,
  customerIds: readonly Id[],
  interactionIds: readonly Id[],
  country?: string,
): PendingRows {
  const rows = outbox
    .prepare(
      `WITH own AS (
         SELECT rowid AS n, interaction_id FROM operation
         WHERE customer_id IN (SELECT value FROM json_each(?)) AND customer_id IS NOT NULL AND ${UNCONFIRMED}
       ), via AS (
         SELECT value AS id FROM json_each(?)
         UNION SELECT interaction_id FROM own WHERE interaction_id IS NOT NULL
       )
       SELECT * FROM operation WHERE rowid IN (
         SELECT n FROM own
         UNION SELECT rowid FROM operation
               WHERE interaction_id IN (SELECT id FROM via) AND interaction_id IS NOT NULL AND ${UNCONFIRMED}
       ) ORDER BY rowid`,
    )
    .all(JSON.stringify(customerIds), JSON.stringify(interactionIds)) as OperationRow[];
  return toPendingRows(rows, country);
}

/** Customers created here and not confirmed yet, for search and lists. */
export function readPendingCustomers(outbox: ReadableDb, country?: string): PendingRows {
  const rows = outbox
    .prepare(
      `SELECT * FROM operation WHERE ${UNCONFIRMED} AND kind IN ('customer.create', 'customer.split') ORDER BY rowid`,
    )
    .all() as OperationRow[];
  return toPendingRows(rows, country);
}

/** The same, and what was corrected here of anybody: for search by facts of theirs. */
export function readPendingFacts(outbox: ReadableDb): PendingRows {
  const rows = outbox
    .prepare(
      `SELECT * FROM operation WHERE ${UNCONFIRMED}
         AND kind IN ('customer.create', 'customer.split', 'customer.update') ORDER BY rowid`,
    )
    .all() as OperationRow[];
  return toPendingRows(rows);
}

/** Everything unconfirmed about promises and cases, of whichever customer: for the ledger. */
export function readPendingFollowUps(outbox: ReadableDb): PendingRows {
  const rows = outbox
    .prepare(
      `SELECT * FROM operation WHERE ${UNCONFIRMED}
         AND kind IN ('promise.make', 'promise.change', 'case.open', 'case.change') ORDER BY rowid`,
    )
    .all() as OperationRow[];
  return toPendingRows(rows);
}

/** Everything unconfirmed about mails and messages, of whichever customer. */
export function readPendingMessages(outbox: ReadableDb): PendingRows {
  const rows = outbox
    .prepare(
      `SELECT * FROM operation WHERE ${UNCONFIRMED} AND kind IN ('message.send', 'message.settle') ORDER BY rowid`,
    )
    .all() as OperationRow[];
  return toPendingRows(rows);
}

/** Unconfirmed answers to "who of these is it?" for a number, newest last. */
export function readPendingPicks(outbox: ReadableDb, e164: string): Pending<PhonePick>[] {
  const rows = outbox
    .prepare(`SELECT * FROM operation WHERE ${UNCONFIRMED} AND kind = 'phone.pick' ORDER BY rowid`)
    .all() as OperationRow[];
  return toPendingRows(rows).picks.filter((pick) => pick.row.e164 === e164);
}

/** Ids of customers created here who have this number. `e164` null: by the last eight digits alone. */
export function findPendingCustomersByPhone(outbox: ReadableDb, phone: { last8: string; e164: string | null }): Id[] {
  const rows = outbox.prepare('SELECT customer_id AS id, e164 FROM pending_phone WHERE last8 = ?').all(phone.last8) as {
    id: string;
    e164: string | null;
  }[];
  return rows.filter((row) => !phone.e164 || !row.e164 || row.e164 === phone.e164).map((row) => row.id);
}

/** What a note's mark is as far as the outbox knows; null: it has no word on it (then the cache has). */
export function readPendingMark(outbox: ReadableDb, rowId: Id): 'here' | 'attention' | null {
  const row = outbox
    .prepare(`SELECT status FROM operation WHERE row_id = ? AND ${UNCONFIRMED} ORDER BY rowid DESC LIMIT 1`)
    .get(rowId) as Pick<OperationRow, 'status'> | undefined;
  return row ? markOf(row.status) : null;
}

import type { z } from 'zod';
import type { AdminAssignment, AdminPutResponse } from '../../shared/central-admin-api.ts';
import { type Assignment, assign, unassign } from '../assignments.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import { liveCustomerId } from '../merged.ts';
import { CentralProblem } from '../problem.ts';
import { findRecord } from '../records.ts';

/** One customer on the desks of one agent or team, or off them. Repeating it changes nothing. */
export async function putAssignment(db: Db, body: AdminAssignment): Promise<z.infer<typeof AdminPutResponse>> {
  const customer = await findRecord(db, 'customer', 'customerNumber', body.customerNumber);
  if (!customer) throw new CentralProblem('NOT_FOUND', { detail: 'customerNumber' });
  const holder =
    body.login !== null
      ? await findRecord(db, 'agent', 'login', body.login)
      : await findRecord(db, 'team', 'name', body.team ?? '');
  if (!holder) throw new CentralProblem('NOT_FOUND', { detail: body.login === null ? 'team' : 'login' });
  const list = body.list ?? '';
  const reason = list === '' ? 'assigned' : 'list';
  // Of somebody who was merged: whoever has all that was theirs.
  const customerId = await liveCustomerId(db, customer.id);
  const one: Assignment = { holder: holder.id, customerId, reason, list };
  await withRetry(() =>
    db.transaction().execute((trx) => (body.active ? assign(trx, one, body.until ?? null) : unassign(trx, one))),
  );
  return { id: customer.id, created: body.active };
}

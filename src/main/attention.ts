import { assertNever } from '../shared/assert-never.ts';
import { DangolError } from '../shared/errors.ts';
import type { AttentionItem } from '../shared/host-types.ts';
import { maskName } from '../shared/masking.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { appendOperation, type OperationRow, readOperation } from '../sync/outbox.ts';
import { afterWrite, type HostContext, nowInstant } from './host-context.ts';

const SUMMARY_LENGTH = 80;
const WAITING = `status IN ('rejected', 'quarantined')`;

/** What the centre refused, then what waits with it; each oldest first. */
export function readAttention(context: HostContext): AttentionItem[] {
  context.seat.reader();
  const rows = context.outbox
    .prepare(`SELECT * FROM operation WHERE ${WAITING} ORDER BY status <> 'rejected', rowid LIMIT 200`)
    .all() as OperationRow[];
  return rows.map((row) => ({
    opId: row.op_id,
    kind: row.kind,
    reason: row.status === 'rejected' ? 'rejected' : 'quarantined',
    code: row.reply_code ?? '',
    detail: row.reply_detail ?? '',
    claimedAt: row.claimed_at,
    authorName: row.author_name,
    summary: summaryOf(JSON.parse(row.payload) as OperationPayload),
  }));
}

function summaryOf(payload: OperationPayload): string {
  switch (payload.kind) {
    case 'note.save':
      return payload.text.slice(0, SUMMARY_LENGTH);
    case 'customer.create':
      return payload.customerKind === 'company' ? payload.name : maskName(payload.name);
    case 'promise.make':
      return payload.what.slice(0, SUMMARY_LENGTH);
    case 'interaction.wrap_up':
      return payload.dispositionCode;
    case 'consent.set':
      return `${payload.channel} ${payload.purpose} ${payload.status}`;
    case 'interaction.record':
    case 'phone.pick':
    case 'access.record':
      return '';
    default:
      return assertNever(payload);
  }
}

export type Decision =
  | { opId: string; decision: 'retry'; text: string | null }
  | { opId: string; decision: 'discard'; reason: string };

/**
 * Decides about a refused operation: sends it again as a new one (edited, for a note), or lets it go with a reason. What
 * waited for a refused operation goes along with a retry of it.
 */
export function resolveAttention(context: HostContext, act: Decision): void {
  const author = context.seat.reader();
  const { outbox } = context;
  const customerId = outbox
    .transaction(() => {
      const row = readOperation(outbox, act.opId);
      if (!row || !['rejected', 'quarantined'].includes(row.status)) throw new DangolError('NOT_FOUND', 'none');
      if (act.decision === 'discard') decide(context, row, `${author.name}: ${act.reason}`);
      else
        for (const [index, one] of [row, ...dependants(context, row)].entries())
          retry(context, one, index === 0 ? act.text : null);
      return row.customer_id;
    })
    .immediate();
  afterWrite(context, [customerId]);
}

function dependants(context: HostContext, row: OperationRow): OperationRow[] {
  return context.outbox
    .prepare(
      `SELECT * FROM operation WHERE status = 'quarantined' AND op_id <> ?
       AND (customer_id = ? OR interaction_id = ?) ORDER BY rowid`,
    )
    .all(row.op_id, row.customer_id, row.interaction_id) as OperationRow[];
}

/** The author and the claimed time stay those of the act: only its sending is new. */
function retry(context: HostContext, row: OperationRow, text: string | null): void {
  const payload = JSON.parse(row.payload) as OperationPayload;
  const edited = payload.kind === 'note.save' && text !== null ? { ...payload, text: text.trim() } : payload;
  context.outbox.prepare('DELETE FROM pending_phone WHERE op_id = ?').run(row.op_id);
  const { opId } = appendOperation(context.outbox, {
    authorId: row.author_id,
    authorName: row.author_name,
    claimedAt: row.claimed_at,
    baseVersion: row.base_version,
    payload: edited,
    country: context.seat.country(),
  });
  decide(context, row, `sent again as ${opId}`);
}

function decide(context: HostContext, row: OperationRow, reason: string): void {
  context.outbox
    .prepare(`UPDATE operation SET status = 'discarded', decided_at = ?, decision_reason = ? WHERE op_id = ?`)
    .run(nowInstant(context), reason, row.op_id);
  context.outbox.prepare('DELETE FROM pending_phone WHERE op_id = ?').run(row.op_id);
}

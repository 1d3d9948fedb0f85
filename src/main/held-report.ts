import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DangolError } from '../shared/errors.ts';
import { type DiscardedOperation, HELD_REPORT_MAX, type HeldOperation, type HeldReport } from '../shared/held-work.ts';
import { ensureDevice, type OperationRow, readKept, writeKept } from '../sync/outbox.ts';
import { SENT_AGAIN } from './attention.ts';
import type { CentralClient } from './central-client.ts';
import type { HostContext } from './host-context.ts';

/** Tells the centre what this desk holds back, so that the team's supervisor knows of it without sitting here. */
export interface HeldReporter {
  /** Something was refused, or decided about. */
  changed: () => void;
  /** The centre answered somebody: now it can be told. Cheap when there is nothing to tell. */
  contact: () => void;
  close: () => void;
}

interface HeldReporterParts {
  context: Pick<HostContext, 'outbox' | 'clock' | 'log'>;
  central: CentralClient;
  /** The desk's own credential: told whoever is signed in, or nobody. */
  deviceToken: () => string | null;
}

/** A hash of the report that the centre took last. */
const TOLD = 'held.told';
const AGAIN_AFTER_MS = 60_000;

export function createHeldReporter({ context, central, deviceToken }: HeldReporterParts): HeldReporter {
  const { outbox, clock, log } = context;
  let dirty = true;
  let closed = false;
  let sending = false;
  let notBefore = Number.NEGATIVE_INFINITY;

  const tell = async (token: string): Promise<void> => {
    dirty = false;
    const body = readReport(context);
    const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    const told = readKept(outbox, TOLD);
    // Nothing was ever held here: the centre need not hear of it.
    if (told === hash || (told === null && body.held.length + body.discarded.length === 0)) return;
    await central.ask({ method: 'PUT', path: '/v1/desk/held', body, token, answer: z.object({}) });
    if (!closed) writeKept(outbox, TOLD, hash);
  };
  const send = (): void => {
    // Closed: the host's files are, too.
    if (!dirty || sending || closed || clock.now() < notBefore) return;
    const token = deviceToken();
    if (token === null) return;
    sending = true;
    tell(token)
      .catch((error: unknown) => {
        dirty = true;
        notBefore = clock.now() + AGAIN_AFTER_MS;
        log('held.not_told', { code: error instanceof DangolError ? error.code : 'INTERNAL' });
      })
      .finally(() => {
        sending = false;
        // What changed while the last report was on its way.
        send();
      });
  };
  return {
    changed: () => {
      dirty = true;
      send();
    },
    contact: send,
    close: () => {
      closed = true;
    },
  };
}

function readReport({ outbox }: Pick<HostContext, 'outbox'>): HeldReport {
  const read = (where: string) =>
    outbox
      .prepare(`SELECT * FROM operation WHERE ${where} ORDER BY rowid DESC LIMIT ${HELD_REPORT_MAX}`)
      .all() as OperationRow[];
  const { deviceId } = ensureDevice(outbox);
  const held = read(`status IN ('rejected', 'quarantined')`).map(
    (row): HeldOperation => ({ ...actOf(row), reason: row.status === 'rejected' ? 'rejected' : 'quarantined' }),
  );
  const discarded = read(`status = 'discarded' AND decision_reason NOT LIKE '${SENT_AGAIN}%'`).map(
    (row): DiscardedOperation => ({
      ...actOf(row),
      decidedAt: row.decided_at ?? row.claimed_at,
      decision: (row.decision_reason ?? '').slice(0, 320),
    }),
  );
  return { deviceId, held, discarded };
}

const actOf = (row: OperationRow) => ({
  opId: row.op_id,
  authorId: row.author_id,
  kind: row.kind,
  code: row.reply_code ?? '',
  claimedAt: row.claimed_at,
  customerId: row.customer_id,
});

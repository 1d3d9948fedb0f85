import type { CallSnapshot } from '../shared/call.ts';
import { DangolError } from '../shared/errors.ts';
import { type OperationPayload, WRAP_UP_MAX_SECONDS } from '../shared/sync-wire.ts';
import { appendOperation, findOperation } from '../sync/outbox.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { afterWrite, type HostContext, nowInstant } from './host-context.ts';
import type { WindowHolds } from './window-holds.ts';

type Author = { id: string; name: string };
type InteractionRecord = Extract<OperationPayload, { kind: 'interaction.record' }>;

/** A call that was left open longer ago than this is no longer offered after a restart. */
const RESTORE_FOR_MS = 24 * 3_600_000;
const ORDER: Record<CallSnapshot['phase'], number> = {
  ringing: 0,
  dialling: 0,
  talking: 1,
  held: 1,
  wrap_up: 2,
  done: 3,
};

/**
 * Journals a transition of a call; durable when it returns. The interaction at the centre is made from it: when the call is
 * answered, when it ends, and when it becomes known whose it is.
 */
export function recordCall(context: HostContext, call: CallSnapshot): void {
  const { outbox, seat } = context;
  const author = seat.caller?.(call.callId) ?? seat.author();
  const written = outbox
    .transaction(() => {
      const before = readCall(outbox, call.callId);
      if (before && before.agentId !== author.id) throw new DangolError('FORBIDDEN', 'none');
      // A message that was overtaken: an ended call does not ring again.
      if (before && ORDER[before.call.phase] > ORDER[call.phase]) return null;
      const known = withKnown(call, before?.call);
      writeCall(context, author, known);
      // A sign of life: it is the journal's, and no news to anybody.
      if (JSON.stringify(known) === JSON.stringify(before?.call)) return null;
      if (known.answeredAt !== null || known.endedAt !== null) appendInteraction(context, author, known);
      return [call.customerId, before?.call.customerId ?? null];
    })
    .immediate();
  // Whose it was until now, too: they lose the call and its notes.
  if (written) afterWrite(context, written);
}

/** The same, of a window. A call that another living window is still in is not this one's to end. */
export function recordInWindow(
  context: HostContext,
  holds: WindowHolds,
  call: CallSnapshot,
  windowId: string | undefined,
): void {
  if (holds.isElsewhere(call.callId, windowId)) return;
  recordCall(context, call);
  if (isLivePhase(call.phase)) holds.take(call.callId, windowId);
  else holds.letGo(call.callId);
}

const isLivePhase = (phase: CallSnapshot['phase']) => ORDER[phase] < ORDER.wrap_up;

/** A page that was opened again no longer knows how well the call was heard, nor when its recording was paused before. */
function withKnown(call: CallSnapshot, before: CallSnapshot | undefined): CallSnapshot {
  const quality = call.quality ?? before?.quality;
  const [first] = call.recording ?? [];
  const earlier = before?.recording?.filter((time) => first === undefined || time.at < first.at) ?? [];
  const recording = [...earlier, ...(call.recording ?? [])].slice(0, 100);
  return { ...call, ...(quality ? { quality } : {}), ...(recording.length > 0 ? { recording } : {}) };
}

const LIVE = `'ringing', 'dialling', 'talking', 'held'`;

/**
 * The calls of this agent that were going on or in wrap-up, the latest first. One that was cut off has the last sign of life that
 * was journaled as its end.
 */
export function readOpenCalls(outbox: ReadableDb, agentId: string, now: number): CallSnapshot[] {
  const rows = outbox
    .prepare(`SELECT snapshot, updated_at FROM call WHERE agent_id = ? AND phase IN (${LIVE}, 'wrap_up')
              AND updated_at > ? ORDER BY updated_at DESC`)
    .all(agentId, restoredSince(now)) as SignedCall[];
  return rows.map(asEnded);
}

/** Ends calls of this agent that were cut off so long ago that nobody wraps them up any more; the centre hears of their end. */
export function endForgottenCalls(context: HostContext): void {
  const author = context.seat.author();
  const { outbox } = context;
  const rows = outbox
    .prepare(`SELECT snapshot, updated_at FROM call WHERE agent_id = ? AND phase IN (${LIVE}) AND updated_at <= ?`)
    .all(author.id, restoredSince(context.clock.now())) as SignedCall[];
  if (rows.length === 0) return;
  const ended = rows.map(asEnded).map((call) => ({ ...call, phase: 'done' as const, result: resultOf(call) }));
  outbox
    .transaction(() => {
      for (const call of ended) {
        writeCall(context, author, call);
        appendInteraction(context, author, call);
      }
    })
    .immediate();
  afterWrite(
    context,
    ended.map(({ customerId }) => customerId),
  );
}

/** A call as it is journaled, and when something was last heard of it. */
interface SignedCall {
  snapshot: string;
  updated_at: string;
}

const restoredSince = (now: number) => new Date(now - RESTORE_FOR_MS).toISOString();

function asEnded({ snapshot, updated_at }: SignedCall): CallSnapshot {
  const call = JSON.parse(snapshot) as CallSnapshot;
  return isLivePhase(call.phase) ? { ...call, endedAt: updated_at } : call;
}

function resultOf({ answeredAt, direction }: CallSnapshot): NonNullable<CallSnapshot['result']> {
  if (answeredAt !== null) return 'answered';
  return direction === 'in' ? 'missed' : 'failed';
}

/** Whether this agent is in a call, or this is a call of theirs. */
export function hasLiveCall(outbox: ReadableDb, agentId: string, callId: string | null = null): boolean {
  const row = outbox
    .prepare(`SELECT 1 FROM call WHERE agent_id = ? AND (call_id = ? OR phase IN (${LIVE}))`)
    .get(agentId, callId);
  return row !== undefined;
}

export interface WrapUp {
  callId: string;
  customerId: string | null;
  dispositionCode: string;
  wrapUpSeconds: number;
}

/** Ends the wrap-up of a call: its interaction, how it was wrapped up and the end of its journal in one commit. */
export function wrapUpCall(context: HostContext, act: WrapUp): void {
  const author = context.seat.author();
  const { outbox } = context;
  outbox
    .transaction(() => {
      const before = readCall(outbox, act.callId);
      if (before && before.agentId !== author.id) throw new DangolError('FORBIDDEN', 'none');
      if (before) {
        const call = { ...before.call, customerId: act.customerId ?? before.call.customerId, phase: 'done' as const };
        writeCall(context, author, call);
        appendInteraction(context, author, call);
      }
      appendWrapUp(context, author, act);
    })
    .immediate();
  afterWrite(context, [act.customerId]);
}

/** Makes sure that the centre hears of the call before it hears of what hangs on it. Inside the caller's transaction. */
export function ensureInteraction(context: HostContext, author: Author, callId: string): void {
  const known = findOperation(context.outbox, 'interaction.record', callId);
  const journal = readCall(context.outbox, callId);
  if (!known && journal) appendInteraction(context, author, journal.call);
}

function appendWrapUp(context: HostContext, author: Author, act: WrapUp): void {
  const payload: OperationPayload = {
    kind: 'interaction.wrap_up',
    interactionId: act.callId,
    customerId: act.customerId,
    dispositionCode: act.dispositionCode,
    wrapUpSeconds: Math.min(act.wrapUpSeconds, WRAP_UP_MAX_SECONDS),
  };
  appendUnlessSaid(context, author, payload, act.callId);
}

function appendInteraction(context: HostContext, author: Author, call: CallSnapshot): void {
  const payload: InteractionRecord = {
    kind: 'interaction.record',
    interactionId: call.callId,
    customerId: call.customerId,
    direction: call.direction,
    phone: call.caller.e164 ?? call.caller.number,
    queue: call.queue,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    result: call.result,
    ...(call.quality ? { quality: call.quality } : {}),
    ...(call.recording ? { recording: call.recording } : {}),
  };
  appendUnlessSaid(context, author, payload, call.callId);
}

/** The same facts again are no new act: a page that repeats itself after a restart writes nothing twice. */
function appendUnlessSaid(context: HostContext, author: Author, payload: OperationPayload, rowId: string): void {
  const last = findOperation(context.outbox, payload.kind, rowId);
  if (last?.payload === JSON.stringify(payload)) return;
  appendOperation(context.outbox, {
    authorId: author.id,
    authorName: author.name,
    claimedAt: nowInstant(context),
    payload,
  });
}

function readCall(outbox: ReadableDb, callId: string): { agentId: string; call: CallSnapshot } | null {
  const row = outbox.prepare('SELECT agent_id, snapshot FROM call WHERE call_id = ?').get(callId) as
    | { agent_id: string; snapshot: string }
    | undefined;
  return row ? { agentId: row.agent_id, call: JSON.parse(row.snapshot) as CallSnapshot } : null;
}

function writeCall(context: HostContext, author: Author, call: CallSnapshot): void {
  context.outbox
    .prepare(
      `INSERT INTO call (call_id, agent_id, phase, snapshot, updated_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (call_id) DO UPDATE SET phase = excluded.phase, snapshot = excluded.snapshot,
         updated_at = excluded.updated_at`,
    )
    .run(call.callId, author.id, call.phase, JSON.stringify(call), nowInstant(context));
}

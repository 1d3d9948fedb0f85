import type { Agent } from '../shared/agent.ts';
import type { CallSnapshot } from '../shared/call.ts';
import { DangolError } from '../shared/errors.ts';
import type { UnassignedNote } from '../shared/host-types.ts';
import type { Interaction, Note } from '../shared/interaction.ts';
import type { OperationRow } from '../sync/outbox.ts';
import { overlayInteraction, readPendingOf } from '../sync/outbox-reads.ts';
import { toPendingRows } from '../sync/pending-nouns.ts';
import { recordCall } from './calls.ts';
import type { HostContext } from './host-context.ts';
import { writeAct } from './write-act.ts';

const SHOWN = 100;
export const UNASSIGNED = {
  notes: `SELECT data FROM note WHERE customer_id IS NULL AND json_extract(data, '$.authorId') = ? ORDER BY at DESC LIMIT ?`,
  call: 'SELECT data FROM interaction WHERE id = ?',
} as const;

/**
 * The agent's own saved notes of calls whose customer nobody has said yet, the latest first: no customer's screen has them.
 * What the centre refused is in the list of held-back work already.
 */
export function readUnassigned(context: HostContext): UnassignedNote[] {
  const { id } = context.seat.reader();
  const { outbox, cache } = context;
  const rows = outbox
    .prepare(
      `SELECT * FROM operation WHERE kind = 'note.save' AND status = 'pending' AND customer_id IS NULL AND author_id = ?
       ORDER BY rowid DESC LIMIT ?`,
    )
    .all(id, SHOWN) as OperationRow[];
  const here = toPendingRows(rows).notes.map(({ row, mark }) => ({ ...row, mark }));
  const found = cache.prepare(UNASSIGNED.notes).all(id, SHOWN) as { data: string }[];
  const confirmed = found.map(({ data }) => ({ ...(JSON.parse(data) as Note), mark: 'centre' as const }));
  const known = new Set(confirmed.map((note) => note.id));
  return [...here.filter((note) => !known.has(note.id)), ...confirmed]
    .filter(
      ({ interactionId }) =>
        interactionId === null || (readCallNow(context, interactionId)?.customerId ?? null) === null,
    )
    .map(({ id: noteId, interactionId: callId, text, at, mark }) => ({ noteId, callId, text, at, mark }));
}

/**
 * Says whose call it was, after it was over: the call and its notes go to that customer.
 * @throws NOT_FOUND; FORBIDDEN for somebody else's call, and for one that has a customer.
 */
export function assignCall(context: HostContext, { callId, customerId }: { callId: string; customerId: string }): void {
  const author = context.seat.author();
  const call = readCallNow(context, callId);
  const journal = readJournal(context, callId, author.id);
  const ofAnother = call?.agentId != null && call.agentId !== author.id;
  const taken = (call?.customerId ?? journal?.customerId ?? null) !== null;
  if (ofAnother || taken) throw new DangolError('FORBIDDEN', 'none');
  if (journal) recordCall(context, { ...journal, customerId });
  else if (call) assignRecorded(context, author, call, customerId);
  else throw new DangolError('NOT_FOUND', 'none');
}

/** Of a call whose journal this desk does not keep any more: the facts are those of the centre. */
function assignRecorded(context: HostContext, author: Agent, call: Interaction, customerId: string): void {
  const { direction, phone, queue, startedAt, answeredAt, endedAt, result } = call;
  const facts = { direction, phone, queue, startedAt, answeredAt, endedAt, result };
  writeAct(context, author, { kind: 'interaction.record', interactionId: call.id, customerId, ...facts });
}

/** The call as it is known here: confirmed, with what is pending laid over. */
function readCallNow({ outbox, cache }: HostContext, callId: string): Interaction | null {
  const edit = readPendingOf(outbox, [], [callId]).interactions.find((one) => one.interactionId === callId);
  const row = cache.prepare(UNASSIGNED.call).get(callId) as { data: string } | undefined;
  const confirmed = row ? (JSON.parse(row.data) as Interaction) : null;
  return edit ? overlayInteraction(confirmed, edit) : confirmed;
}

function readJournal({ outbox }: HostContext, callId: string, agentId: string): CallSnapshot | null {
  const row = outbox.prepare('SELECT snapshot FROM call WHERE call_id = ? AND agent_id = ?').get(callId, agentId) as
    | { snapshot: string }
    | undefined;
  return row ? (JSON.parse(row.snapshot) as CallSnapshot) : null;
}

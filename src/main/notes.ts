import { v5 } from 'uuid';
import type { Mark } from '../shared/customer-360.ts';
import { DangolError } from '../shared/errors.ts';
import type { Draft, DraftAnswer, KeptDraft } from '../shared/host-types.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { appendOperation, findOperation, type OperationRow } from '../sync/outbox.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { ensureInteraction } from './calls.ts';
import { afterWrite, type HostContext, nowInstant } from './host-context.ts';
import type { WindowHolds } from './window-holds.ts';

interface DraftRow {
  note_id: string;
  author_id: string;
  call_id: string | null;
  customer_id: string | null;
  text: string;
  revision: number;
  updated_at: string;
}

/** The same, of a window. What another living window writes is its own: this one is told that its words were not kept. */
export function keepDraftInWindow(
  context: HostContext,
  holds: WindowHolds,
  draft: Draft,
  windowId: string | undefined,
): DraftAnswer {
  if (holds.isElsewhere(draft.noteId, windowId)) {
    context.seat.author();
    const kept = readDraft(context.outbox, draft.noteId);
    if (kept) return { revision: kept.revision, other: true };
  }
  const answer = keepDraft(context, draft);
  if (!answer.other) holds.take(draft.noteId, windowId);
  return answer;
}

/**
 * Journals what is being typed; durable when it returns. An older revision changes nothing.
 * @returns the revision that is kept now; `other` where it is another text.
 */
export function keepDraft(context: HostContext, draft: Draft): DraftAnswer {
  const author = context.seat.author();
  const { outbox } = context;
  return outbox
    .transaction(() => {
      const before = readDraft(outbox, draft.noteId);
      if (before && before.author_id !== author.id) throw new DangolError('FORBIDDEN', 'none');
      const isSame = draft.text.trim() === before?.text.trim();
      if (before && before.revision === draft.revision && !isSame) return { revision: before.revision, other: true };
      if (before && before.revision >= draft.revision) return { revision: before.revision };
      // A repeat of what was saved already: the text is in the outbox, there is nothing left to keep.
      if (savedText(outbox, draft.noteId) === draft.text.trim()) return { revision: draft.revision };
      const text = draft.text.trim() === '' ? '' : draft.text;
      outbox
        .prepare(
          `INSERT INTO draft (note_id, author_id, call_id, customer_id, text, revision, updated_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (note_id) DO UPDATE SET call_id = excluded.call_id, customer_id = excluded.customer_id,
             text = excluded.text, revision = excluded.revision, updated_at = excluded.updated_at`,
        )
        .run(draft.noteId, author.id, draft.callId, draft.customerId, text, draft.revision, nowInstant(context));
      forgetEmptied(context, draft.noteId);
      return { revision: draft.revision };
    })
    .immediate();
}

/** An emptied note stays a moment, so that a word of before that comes late does not bring it back; then it goes. */
const EMPTY_KEPT_MS = 60_000;

function forgetEmptied({ outbox, clock }: HostContext, noteId: string): void {
  const before = new Date(clock.now() - EMPTY_KEPT_MS).toISOString();
  outbox.prepare(`DELETE FROM draft WHERE text = '' AND note_id <> ? AND updated_at < ?`).run(noteId, before);
}

/** Every draft of this agent that says something, the latest first. Nobody else's. */
export function readDrafts(outbox: ReadableDb, agentId: string): KeptDraft[] {
  const rows = outbox
    .prepare(`SELECT * FROM draft WHERE author_id = ? AND text <> '' ORDER BY updated_at DESC`)
    .all(agentId) as DraftRow[];
  return rows.map((row) => ({
    noteId: row.note_id,
    callId: row.call_id,
    customerId: row.customer_id,
    text: row.text,
    revision: row.revision,
    at: row.updated_at,
  }));
}

export function discardDraft(context: HostContext, noteId: string): void {
  const author = context.seat.author();
  context.outbox
    .transaction(() => {
      context.outbox.prepare('DELETE FROM draft WHERE note_id = ? AND author_id = ?').run(noteId, author.id);
    })
    .immediate();
}

export interface NoteToSave {
  noteId: string;
  callId: string | null;
  customerId: string | null;
  text: string;
}

/**
 * Saves a note: its operation, and the end of its draft, in ONE commit. The same noteId again is the same save.
 * @returns where the note is: 'here' until the centre has it.
 */
export function saveNote(context: HostContext, note: NoteToSave): { mark: Mark } {
  const author = context.seat.author();
  const { outbox } = context;
  const saved = outbox
    .transaction(() => {
      const known = findOperation(outbox, 'note.save', note.noteId);
      const fresh = known ? furtherNote(outbox, known, note) : note;
      if (fresh && note.callId !== null) ensureInteraction(context, author, note.callId);
      if (fresh) appendNote(context, author, fresh);
      outbox.prepare('DELETE FROM draft WHERE note_id = ? AND author_id = ?').run(note.noteId, author.id);
      return findOperation(outbox, 'note.save', fresh?.noteId ?? note.noteId);
    })
    .immediate();
  const mark = markOfStatus(saved?.status);
  afterWrite(context, [note.customerId]);
  context.emit({ type: 'note_mark', noteId: note.noteId, mark });
  return { mark };
}

function appendNote(context: HostContext, author: { id: string; name: string }, note: NoteToSave): void {
  appendOperation(context.outbox, {
    authorId: author.id,
    authorName: author.name,
    claimedAt: nowInstant(context),
    payload: {
      kind: 'note.save',
      noteId: note.noteId,
      interactionId: note.callId,
      customerId: note.customerId,
      text: note.text,
    },
  });
}

/**
 * A save whose answer was lost comes again, and by then more may have been typed under the same id. What is more is a note
 * of its own (its id follows from its text, so that this repeat can be repeated too): nothing typed is lost.
 */
function furtherNote(outbox: ReadableDb, known: OperationRow, note: NoteToSave): NoteToSave | null {
  if (payloadText(known) === note.text) return null;
  const noteId = v5(note.text, note.noteId);
  return findOperation(outbox, 'note.save', noteId) ? null : { ...note, noteId };
}

function payloadText(row: OperationRow): string | null {
  const payload = JSON.parse(row.payload) as OperationPayload;
  return payload.kind === 'note.save' ? payload.text : null;
}

function savedText(outbox: ReadableDb, noteId: string): string | null {
  const row = findOperation(outbox, 'note.save', noteId);
  return row ? payloadText(row) : null;
}

function readDraft(outbox: ReadableDb, noteId: string): DraftRow | undefined {
  return outbox.prepare('SELECT * FROM draft WHERE note_id = ?').get(noteId) as DraftRow | undefined;
}

function markOfStatus(status: OperationRow['status'] | undefined): Mark {
  if (status === 'acknowledged') return 'centre';
  return status === 'rejected' || status === 'quarantined' ? 'attention' : 'here';
}

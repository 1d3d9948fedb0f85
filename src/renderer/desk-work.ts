import type { DangolError } from '../shared/errors.ts';
import type { Draft } from '../shared/host-types.ts';
import type { Desk } from './desk.ts';
import { toDangolError } from './host-client.ts';
import type { Focus } from './stores/call-store.ts';
import type { CustomerStore } from './stores/customer-store.ts';
import { isUnkept } from './stores/note-slot.ts';
import type { NoteState, NoteStore } from './stores/note-store.ts';
import { callKey, customerKey, LOOSE_KEY } from './work-keys.ts';

/** By what name the note of what is on screen is kept. */
export function keyOfFocus(focus: Focus): string {
  if (focus.kind === 'call') return callKey(focus.callId);
  return focus.kind === 'customer' ? customerKey(focus.customerId) : LOOSE_KEY;
}

export type SaveResult = 'saved' | 'finished' | 'needs_disposition' | 'nothing' | 'failed';

/** Saves what is written, and in wrap-up with a chosen disposition ends it: unless something was written meanwhile. */
export async function saveWork(
  desk: Desk,
  send: (lane: string, run: () => Promise<unknown>) => Promise<unknown>,
): Promise<SaveResult> {
  const { focus, calls } = desk.calls.store.getState();
  const call = focus.kind === 'call' ? calls.find((candidate) => candidate.callId === focus.callId) : undefined;
  const key = call || focus.kind !== 'call' ? keyOfFocus(focus) : LOOSE_KEY;
  const slot = () => desk.notes.store.getState().slots[key];
  const hasText = () => (slot()?.text ?? '').trim() !== '';
  const hadText = hasText();
  // A note of nobody's would be on no screen: it stays a draft until somebody is chosen for it.
  if (hadText && slot()?.callId === null && slot()?.customerId === null) return 'nothing';
  if (hadText && !(await desk.notes.save(key))) return 'failed';
  if (call?.stage !== 'wrap_up') return hadText ? 'saved' : 'nothing';
  if (call.dispositionCode === null) return 'needs_disposition';
  if (hasText()) return 'saved';
  const { callId, customerId, dispositionCode } = call;
  const wrapUpSeconds = Math.max(0, Math.round((desk.now() - (call.endedAt ?? desk.now())) / 1000));
  try {
    await send(callKey(callId), () => desk.api.call.wrapUp({ callId, customerId, dispositionCode, wrapUpSeconds }));
  } catch (error) {
    desk.notes.fail(key, toDangolError(error));
    return 'failed';
  }
  if (hasText()) return 'saved';
  desk.calls.finish(callId);
  return 'finished';
}

/** A call goes from the desk. Its note only once the host has it: the list of drafts offers it from there. */
export async function leaveCall(callId: string, notes: NoteStore, customers: CustomerStore): Promise<void> {
  const key = callKey(callId);
  customers.forget(key);
  const slot = () => notes.store.getState().slots[key];
  for (let left = slot(); left && isUnkept(left); left = slot()) {
    await notes.flush(key);
    const after = slot();
    // What the disk does not take stays here, where the list of drafts shows it.
    if (after && isUnkept(after) && after.problem) return;
  }
  const written = (slot()?.text ?? '').trim() !== '';
  notes.forget(key);
  if (written) await notes.readKept().catch(() => undefined);
}

/** A draft that is not on screen. `key`: where it stands in this page; null: the host alone has it. */
export interface LeftDraft extends Draft {
  key: string | null;
  at: string | null;
}

/** Every draft of this agent that no call in hand and nothing on screen shows: none is out of reach. */
export function leftDrafts({ slots, kept }: NoteState, inHand: ReadonlySet<string>): LeftDraft[] {
  const here = Object.entries(slots);
  const inPage = here
    .filter(([key, slot]) => !inHand.has(key) && slot.text.trim() !== '')
    .map(([key, slot]) => {
      const { noteId, callId, customerId, text, revision } = slot;
      const at = kept.find((draft) => draft.noteId === noteId)?.at ?? null;
      return { noteId, callId, customerId, text, revision, key, at };
    });
  const known = new Set(here.map(([, slot]) => slot.noteId));
  const atHost = kept.filter((draft) => !known.has(draft.noteId)).map((draft) => ({ ...draft, key: null }));
  return [...inPage, ...atHost];
}

/** What the agent has before them or in the strip of calls. */
export function keysInHand(desk: Desk): ReadonlySet<string> {
  const { calls, focus } = desk.calls.store.getState();
  return new Set([keyOfFocus(focus), ...calls.map((call) => callKey(call.callId))]);
}

/** Shows a draft where it can be written on and saved: at its call, at its customer, or at rest where it has neither. */
export async function openDraft(desk: Desk, draft: LeftDraft): Promise<DangolError | null> {
  const { calls, customers, notes } = desk;
  const { callId, customerId } = draft;
  const inHand = callId !== null && calls.store.getState().calls.some((call) => call.callId === callId);
  const focus: Focus = inHand
    ? { kind: 'call', callId }
    : customerId !== null
      ? { kind: 'customer', customerId }
      : { kind: 'idle' };
  const key = keyOfFocus(focus);
  if (draft.key !== key) {
    const problem = await bringTo(key, draft, notes);
    if (problem) return problem;
  }
  calls.focus(focus);
  if (focus.kind === 'customer') void customers.view(key, focus.customerId, null);
  return null;
}

async function bringTo(key: string, draft: LeftDraft, notes: NoteStore): Promise<DangolError | null> {
  const problem = await notes.bring(key, draft);
  if (problem) return problem;
  // One note is written in one place only.
  if (draft.key !== null) notes.forget(draft.key);
  await notes.readKept().catch(() => undefined);
  return null;
}

/** Adds a draft that belongs to nobody to the note that is on screen: the agent says whose it is. */
export async function moveDraftHere(desk: Desk, draft: LeftDraft): Promise<DangolError | null> {
  const { notes } = desk;
  return notes.append(keyOfFocus(desk.calls.store.getState().focus), draft);
}

/** The result that a script proposes; one that the agent chose stays. */
export function proposeDisposition({ calls, session }: Desk, callId: string, code: string): void {
  const call = calls.store.getState().calls.find((one) => one.callId === callId);
  const isKnown = session.store.getState().catalogue.dispositions.some((one) => one.code === code);
  if (call && call.dispositionCode === null && isKnown) calls.setDisposition(callId, code);
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Mark } from '../../shared/customer-360.ts';
import type { DangolError } from '../../shared/errors.ts';
import type { Draft } from '../../shared/host-types.ts';
import { newId } from '../../shared/ids.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';
import type { ReplayQueue } from '../replay-queue.ts';

/** A note being written, tied to a call or to a customer on screen. There is one for each, and it never moves. */
export interface NoteSlot {
  noteId: string;
  callId: string | null;
  customerId: string | null;
  text: string;
  /** Grows with each change; `journaledRevision` is the last one that the host has on disk. */
  revision: number;
  journaledRevision: number;
  /** Epoch ms of that. */
  journaledAt: number | null;
  saving: boolean;
  problem: DangolError | null;
  /** The last note that was saved from here. */
  saved: { noteId: string; at: number; mark: Mark } | null;
}

export interface NoteState {
  slots: Readonly<Record<string, NoteSlot>>;
  /** The last note that was saved at this desk, for as long as no other work is on screen. */
  last: NoteSlot['saved'];
}

export interface NoteStore {
  store: StoreApi<NoteState>;
  /** The slot of a call or customer, made when it is first asked for. */
  open: (key: string, tie: { callId: string | null; customerId: string | null }) => void;
  type: (key: string, text: string) => void;
  /** The customer of a call became clear: the draft follows. */
  tie: (key: string, customerId: string | null) => void;
  /** Resolves to true once the note is on this desk's disk. Empty text is nothing to save. */
  save: (key: string) => Promise<boolean>;
  /** Journals what is not journaled yet, now. */
  flush: (key: string) => Promise<void>;
  flushAll: () => Promise<void>;
  discard: (key: string) => Promise<void>;
  /** Puts back drafts that the host kept over a crash or reload; never over what was typed since. */
  restore: (key: string, draft: Draft) => void;
  noteMark: (noteId: string, mark: Mark) => void;
  forget: (key: string) => void;
  /** Something about this work failed that the agent must know of. */
  fail: (key: string, problem: DangolError) => void;
  /** Another agent is here: nothing is left, and nothing more is sent, or it would be under the new agent's name. */
  clear: () => void;
}

/** Drafts reach the disk at most 250 ms behind the keys: this, plus the way there. */
export const JOURNAL_AFTER_MS = 120;

export interface NoteStoreOptions {
  api: DeskApi;
  queue: ReplayQueue;
  now: () => number;
}

export function createNoteStore(options: NoteStoreOptions): NoteStore {
  const { api, queue, now } = options;
  const store = createStore<NoteState>(() => ({ slots: {}, last: null }));
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const get = (key: string) => store.getState().slots[key];
  const patch = (key: string, change: Partial<NoteSlot>) => {
    const slot = get(key);
    if (slot) store.setState(({ slots }) => ({ slots: { ...slots, [key]: { ...slot, ...change } } }));
  };
  const put = (key: string, slot: NoteSlot) => store.setState(({ slots }) => ({ slots: { ...slots, [key]: slot } }));

  const journal = async (key: string): Promise<void> => {
    clearTimeout(timers.get(key));
    timers.delete(key);
    const slot = get(key);
    if (!slot || slot.revision === slot.journaledRevision || slot.saving) return;
    const { noteId, callId, customerId, text, revision } = slot;
    try {
      await queue.send(noteId, 'draft', () => api.note.draft({ noteId, callId, customerId, text, revision }));
      const current = get(key);
      if (current?.noteId === noteId && current.journaledRevision < revision) {
        patch(key, { journaledRevision: revision, journaledAt: now(), problem: null });
      }
    } catch (error) {
      if (get(key)?.noteId === noteId) patch(key, { problem: toDangolError(error) });
    }
  };
  // Not a debounce: somebody who types without a pause is journaled all the same.
  const journalSoon = (key: string) => {
    if (!timers.has(key))
      timers.set(
        key,
        setTimeout(() => void journal(key), JOURNAL_AFTER_MS),
      );
  };

  const save = async (key: string): Promise<boolean> => {
    const slot = get(key);
    if (!slot || slot.saving || slot.text.trim() === '') return false;
    clearTimeout(timers.get(key));
    timers.delete(key);
    patch(key, { saving: true, problem: null });
    const { noteId, callId, customerId, text } = slot;
    try {
      const { mark } = await queue.send(noteId, 'save', () => api.note.save({ noteId, callId, customerId, text }));
      const current = get(key);
      if (!current) return true;
      // What was typed while the save was on its way is the beginning of the next note.
      const rest = current.text.startsWith(text)
        ? current.text.slice(text.length)
        : current.text === text
          ? ''
          : current.text;
      const marked = current.saved?.noteId === noteId ? current.saved.mark : mark;
      const next = { ...freshSlot(callId, current.customerId), text: rest, revision: rest === '' ? 0 : 1 };
      const saved = { noteId, at: now(), mark: marked };
      put(key, { ...next, saved });
      store.setState({ last: saved });
      if (rest !== '') journalSoon(key);
      return true;
    } catch (error) {
      patch(key, { saving: false, problem: toDangolError(error) });
      journalSoon(key);
      return false;
    }
  };

  return {
    store,
    open: (key, { callId, customerId }) => {
      if (!get(key)) put(key, freshSlot(callId, customerId));
    },
    type: (key, text) => {
      const slot = get(key);
      if (!slot || slot.text === text) return;
      patch(key, { text, revision: slot.revision + 1 });
      journalSoon(key);
    },
    tie: (key, customerId) => {
      const slot = get(key);
      if (!slot || slot.customerId === customerId) return;
      const typed = slot.revision > 0;
      patch(key, { customerId, revision: typed ? slot.revision + 1 : 0 });
      if (typed) journalSoon(key);
    },
    save,
    flush: journal,
    flushAll: async () => {
      await Promise.all(Object.keys(store.getState().slots).map(journal));
    },
    discard: async (key) => {
      const slot = get(key);
      if (!slot) return;
      put(key, freshSlot(slot.callId, slot.customerId));
      await queue.send(slot.noteId, 'discard', () => api.note.discardDraft({ noteId: slot.noteId }));
    },
    restore: (key, draft) => {
      const slot = get(key);
      if (slot && slot.text !== '') return;
      put(key, {
        ...freshSlot(draft.callId, draft.customerId),
        noteId: draft.noteId,
        text: draft.text,
        revision: draft.revision,
        journaledRevision: draft.revision,
      });
    },
    noteMark: (noteId, mark) => {
      const { last } = store.getState();
      if (last?.noteId === noteId) store.setState({ last: { ...last, mark } });
      for (const [key, slot] of Object.entries(store.getState().slots)) {
        if (slot.saved?.noteId === noteId) patch(key, { saved: { ...slot.saved, mark } });
      }
    },
    fail: (key, problem) => patch(key, { problem }),
    clear: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      store.setState({ slots: {}, last: null });
    },
    forget: (key) => {
      clearTimeout(timers.get(key));
      timers.delete(key);
      store.setState(({ slots }) => ({ slots: without(slots, key) }));
    },
  };
}

function without(slots: NoteState['slots'], key: string): NoteState['slots'] {
  return Object.fromEntries(Object.entries(slots).filter(([name]) => name !== key));
}

function freshSlot(callId: string | null, customerId: string | null): NoteSlot {
  return {
    noteId: newId(),
    callId,
    customerId,
    text: '',
    revision: 0,
    journaledRevision: 0,
    journaledAt: null,
    saving: false,
    problem: null,
    saved: null,
  };
}

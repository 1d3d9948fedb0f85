import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Mark } from '../../shared/customer-360.ts';
import type { DangolError } from '../../shared/errors.ts';
import type { Draft, KeptDraft } from '../../shared/host-types.ts';
import { newId } from '../../shared/ids.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';
import type { ReplayQueue } from '../replay-queue.ts';
import { freshSlot, isUnkept, type NoteSlot, nextSlot } from './note-slot.ts';

export type { NoteSlot } from './note-slot.ts';

export interface NoteState {
  slots: Readonly<Record<string, NoteSlot>>;
  /** The last note that was saved at this desk, for as long as no other work is on screen. */
  last: NoteSlot['saved'];
  /** What the host has of this agent's drafts, as it was last read; some of them are in `slots`. */
  kept: readonly KeptDraft[];
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
  /** The same for all. @returns why something that was typed is still on no disk; null: all of it is. */
  flushAll: () => Promise<DangolError | null>;
  /** Asks the host which drafts it has of this agent. */
  readKept: () => Promise<void>;
  /** Puts an older draft where it can be written on. What stands there goes to the host first; null when that worked. */
  bring: (key: string, draft: Draft) => Promise<DangolError | null>;
  /** Adds an older draft to what is written there, and ends the draft once that is on disk. */
  append: (key: string, draft: Draft) => Promise<DangolError | null>;
  /** Lets a draft go: the agent said so. */
  discard: (noteId: string) => Promise<DangolError | null>;
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
  /** Whose drafts the host takes these for; absent: nobody's in particular. */
  windowId?: string | undefined;
}

export function createNoteStore(options: NoteStoreOptions): NoteStore {
  const { api, queue, now } = options;
  const store = createStore<NoteState>(() => ({ slots: {}, last: null, kept: [] }));
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const saves = new Map<string, Promise<boolean>>();
  const get = (key: string) => store.getState().slots[key];
  const patch = (key: string, change: Partial<NoteSlot>) => {
    const slot = get(key);
    if (slot) store.setState(({ slots }) => ({ slots: { ...slots, [key]: { ...slot, ...change } } }));
  };
  const put = (key: string, slot: NoteSlot) => store.setState(({ slots }) => ({ slots: { ...slots, [key]: slot } }));

  const journal = async (key: string): Promise<void> => {
    clearTimeout(timers.get(key));
    timers.delete(key);
    await saves.get(key);
    const slot = get(key);
    if (!slot || !isUnkept(slot)) return;
    const { noteId, callId, customerId, text, revision } = slot;
    try {
      const draft = { noteId, callId, customerId, text, revision, windowId: options.windowId };
      const answer = await queue.send(noteId, 'draft', () => api.note.draft(draft));
      const current = get(key);
      // Another window writes this note, too: from now on what stands here is a note of its own, or one text would be lost.
      if (answer.other || answer.revision > revision) {
        if (current?.noteId !== noteId || current.saving) return;
        patch(key, { noteId: newId(), journaledRevision: 0 });
        return journal(key);
      }
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

  const saveNow = async (key: string, slot: NoteSlot): Promise<boolean> => {
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
      const next = { ...nextSlot(key, current), text: rest, revision: rest === '' ? 0 : 1 };
      const saved = { noteId, at: now(), mark: marked };
      put(key, { ...next, saved });
      store.setState({ last: saved });
      drop(noteId);
      if (rest !== '') journalSoon(key);
      return true;
    } catch (error) {
      patch(key, { saving: false, problem: toDangolError(error) });
      journalSoon(key);
      return false;
    }
  };

  const save = async (key: string): Promise<boolean> => {
    const slot = get(key);
    if (!slot || slot.saving || slot.text.trim() === '') return false;
    const saving = saveNow(key, slot).finally(() => saves.delete(key));
    saves.set(key, saving);
    return saving;
  };
  const drop = (noteId: string) =>
    store.setState(({ kept }) => ({ kept: kept.filter((draft) => draft.noteId !== noteId) }));
  const slotsOf = (noteId: string) =>
    Object.entries(store.getState().slots).filter(([, slot]) => slot.noteId === noteId);
  const discard = async (noteId: string): Promise<DangolError | null> => {
    const before = slotsOf(noteId);
    try {
      await queue.send(noteId, 'discard', () => api.note.discardDraft({ noteId }));
    } catch (error) {
      return toDangolError(error);
    }
    // Where somebody wrote on meanwhile, that stays.
    for (const [key, slot] of before) if (get(key)?.text === slot.text) put(key, nextSlot(key, slot));
    drop(noteId);
    return null;
  };
  const place = (key: string, draft: Draft) => {
    const { noteId, callId, customerId, text, revision } = draft;
    // Where it stands in this page already, it comes as it stands, also if the disk did not take it yet.
    const standing = slotsOf(noteId)[0]?.[1];
    const fresh = { ...freshSlot(callId, customerId), noteId, text, revision, journaledRevision: revision };
    put(key, standing ?? fresh);
    if (standing) journalSoon(key);
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
      return unkept(store.getState())?.problem ?? null;
    },
    readKept: async () => {
      const { drafts } = await api.note.drafts({});
      store.setState({ kept: drafts });
    },
    bring: async (key, draft) => {
      for (let slot = get(key); slot && isUnkept(slot); slot = get(key)) {
        await journal(key);
        const problem = get(key)?.problem;
        if (problem) return problem;
      }
      place(key, draft);
      return null;
    },
    append: async (key, draft) => {
      const slot = get(key);
      if (!slot) return null;
      patch(key, { text: joined(slot.text, draft.text), revision: slot.revision + 1 });
      await journal(key);
      const now = get(key);
      // On disk twice for a moment rather than nowhere.
      return now && !isUnkept(now) ? discard(draft.noteId) : (now?.problem ?? null);
    },
    discard,
    restore: (key, draft) => {
      const slot = get(key);
      if (!slot || slot.text === '') place(key, draft);
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
      store.setState({ slots: {}, last: null, kept: [] });
    },
    forget: (key) => {
      clearTimeout(timers.get(key));
      timers.delete(key);
      store.setState(({ slots }) => ({ slots: without(slots, key) }));
    },
  };
}

/** A note that is in this page alone. */
export function unkept({ slots }: Pick<NoteState, 'slots'>): NoteSlot | undefined {
  return Object.values(slots).find((slot) => isUnkept(slot) && slot.text.trim() !== '' && slot.problem !== null);
}

function joined(above: string, below: string): string {
  return above.trim() === '' ? below : `${above.trimEnd()}\n${below}`;
}

function without(slots: NoteState['slots'], key: string): NoteState['slots'] {
  return Object.fromEntries(Object.entries(slots).filter(([name]) => name !== key));
}

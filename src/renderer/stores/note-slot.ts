import type { Mark } from '../../shared/customer-360.ts';
import type { DangolError } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';

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

export function freshSlot(callId: string | null, customerId: string | null): NoteSlot {
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

/**
 * The next note of the same place: tied to what the place stands for. The tie of an older draft that was opened there ends
 * with that draft.
 */
export function nextSlot(key: string, { customerId }: NoteSlot): NoteSlot {
  if (key.startsWith('call:')) return freshSlot(key.slice('call:'.length), customerId);
  return freshSlot(null, key.startsWith('customer:') ? key.slice('customer:'.length) : null);
}

/** True when something stands there that the host does not have yet. */
export function isUnkept(slot: NoteSlot): boolean {
  return slot.saving || slot.revision !== slot.journaledRevision;
}

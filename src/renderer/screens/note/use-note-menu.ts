import { type KeyboardEvent, useEffect, useState } from 'react';
import { firstGap, type Trigger, triggerAt } from '../../lib/note-words.ts';
import { type NoteEntry, useEntries } from './note-entries.ts';

export interface NoteMenu {
  entries: readonly NoteEntry[];
  /** The one that Enter takes. */
  at: number;
  /** Nothing fits what was typed after the sign. */
  empty: Trigger | null;
  /** The text or the caret changed. */
  look: (field: HTMLTextAreaElement) => void;
  close: () => void;
  take: (field: HTMLTextAreaElement, entry: NoteEntry) => void;
  /** @returns true where the key was the list's and means nothing else. */
  key: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
}

/** Puts text where the caret is, so that Ctrl+Z takes it back, and selects the first thing that is still open in it. */
export function putIntoNote(field: HTMLTextAreaElement, text: string, from: number, to: number): void {
  field.focus();
  field.setSelectionRange(from, to);
  // The only way into the field's own undo; where it is gone one day, the text still goes in.
  if (!document.execCommand('insertText', false, text)) {
    field.setRangeText(text, from, to, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  const gap = firstGap(text);
  field.setSelectionRange(from + gap.from, from + gap.to);
}

/**
 * The list that a slash or a hash opens in the note: arrows choose, Enter or Tab takes, Esc leaves what was typed.
 * @param slotKey the note on screen: another one has no list until something is typed in it.
 */
export function useNoteMenu(slotKey: string): NoteMenu {
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  const [place, setPlace] = useState(0);
  const entries = useEntries(trigger);
  const at = Math.min(place, Math.max(0, entries.length - 1));
  const close = () => setTrigger(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change itself that counts
  useEffect(() => setTrigger(null), [slotKey]);
  const look: NoteMenu['look'] = (field) => {
    const found = field.selectionStart === field.selectionEnd ? triggerAt(field.value, field.selectionStart) : null;
    if (found?.from !== left) setLeft(null);
    if (found?.query !== trigger?.query || found?.from !== trigger?.from) setPlace(0);
    setTrigger(found !== null && found.from === left ? null : found);
  };
  const take: NoteMenu['take'] = (field, entry) => {
    // The text may have become another one since the list was made: then nothing in it is replaced.
    const still = trigger && triggerAt(field.value, trigger.to)?.from === trigger.from;
    const { from, to } = still ? trigger : { from: field.selectionStart, to: field.selectionEnd };
    close();
    putIntoNote(field, entry.text, from, to);
  };
  const key: NoteMenu['key'] = (event) => {
    if (!trigger || event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.code === 'Escape') {
      setLeft(trigger.from);
      close();
      return true;
    }
    const chosen = entries[at];
    if (!chosen) return false;
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setPlace((at + step + entries.length) % entries.length);
    else if (event.code === 'Enter' || event.code === 'NumpadEnter' || (event.code === 'Tab' && !event.shiftKey)) {
      take(event.currentTarget, chosen);
    } else return false;
    return true;
  };
  return { entries, at, empty: entries.length === 0 ? trigger : null, look, close, take, key };
}

import { useMemo } from 'react';
import { useStore } from 'zustand';
import { KnowledgeAbout } from '../../../shared/knowledge.ts';
import { useDesk, useShownCall } from '../../desk-context.tsx';
import { LOOSE_KEY } from '../../work-keys.ts';
import { shownKey } from '../desk/use-desk-keys.ts';
import { useShownView } from '../note/note-entries.ts';

/** The end of a long note is what the call is about now. */
const NOTE_END = 4000;
const MAX = KnowledgeAbout.shape;

/** A letter that is being written: what it answers and what it says, and its id. */
export interface LetterAbout {
  words: string;
  messageId: string;
}

/** What the call on screen is about, and what a press of "helped" is counted for: the call, or outside of one the note or the letter. */
export function useAbout(letter: LetterAbout | null = null): { about: KnowledgeAbout; occasionId: string | null } {
  const desk = useDesk();
  const call = useShownCall();
  const view = useShownView();
  const focus = useStore(desk.calls.store, (state) => state.focus);
  const slot = useStore(desk.notes.store, ({ slots }) => slots[shownKey(focus) ?? LOOSE_KEY]);
  const note = letter ? letter.words.slice(0, NOTE_END) : (slot?.text ?? '').slice(-NOTE_END);
  const queue = call?.queue ?? null;
  const dispositionCode = call?.dispositionCode ?? null;
  const about = useMemo(() => {
    const owned = view?.holdings.filter(({ status }) => status !== 'ended') ?? [];
    const codes = owned.flatMap(({ product }) => (product ? [product.code] : []));
    const open = view?.cases.filter(({ status }) => status !== 'closed') ?? [];
    const said = {
      ...{ queue, dispositionCode, note },
      productCodes: [...new Set(codes)].slice(0, 100),
      cases: open.slice(0, 50).map(({ number, subject }) => ({ number, subject })),
    };
    // A queue may be named longer by a PBX than any article's.
    return MAX.queue.safeParse(queue).success ? said : { ...said, queue: null };
  }, [view, queue, dispositionCode, note]);
  return { about, occasionId: call?.callId ?? letter?.messageId ?? slot?.noteId ?? null };
}

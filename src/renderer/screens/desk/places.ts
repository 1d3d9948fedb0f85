import { flushSync } from 'react-dom';
import type { DeskUi } from './desk-target.ts';

/** Ids of the places that a key leads to. */
export const PLACES = {
  note: 'note-field',
  wrapUp: 'wrap-up-row',
  peek: 'peek-button',
  finder: 'finder-field',
  findHere: 'find-here',
  keypad: 'keypad',
  knowledge: 'knowledge-field',
  article: 'knowledge-article',
  cite: 'knowledge-cite',
  helped: 'knowledge-helped',
  letter: 'letter-text',
  sendLetter: 'letter-send',
  letterKnowledge: 'letter-knowledge',
  people: 'people-around',
  privacy: 'privacy-reason',
  runner: 'script-runner',
} as const;

/** Opens a place and has the focus there before the next key: what is typed on goes where the chord led, not into the note. */
export function lead(open: () => void, id: string): void {
  flushSync(open);
  focusOn(id);
}

/** Remembers where somebody around a customer was opened from. */
export function openPerson(ui: Pick<DeskUi, 'trail' | 'setTrail'>, from: string, to: string): void {
  ui.setTrail([...ui.trail.filter((step) => step.to !== to), { from, to }]);
}

export const clickOn = (place: string) => document.querySelector<HTMLElement>(`[data-place="${place}"]`)?.click();

export function focusOn(id: string): void {
  const place = document.getElementById(id);
  const target = place?.matches('textarea, input, button')
    ? place
    : place?.querySelector<HTMLElement>('button:not(:disabled)');
  target?.focus();
}

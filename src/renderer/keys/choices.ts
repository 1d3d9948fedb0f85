/** Numbered lists: a button with `data-choice="3"` is pressed by 3. */
const NUMBERED = 9;

/** What a button of a numbered list carries. @param index from 0; beyond the ninth there is no digit left. */
export function choiceProps(index: number): { 'data-choice'?: string; 'aria-keyshortcuts'?: string } {
  const digit = String(index + 1);
  return index < NUMBERED ? { 'data-choice': digit, 'aria-keyshortcuts': digit } : {};
}

/**
 * The button that a digit means: of the side sheet that has the focus, else of the list on the customer's screen. Null where
 * there is none, and while the focus is among the outcomes: there a digit is an outcome.
 */
export function choiceOf(digit: string, page: Document, outcomes: string): HTMLElement | null {
  const at = page.activeElement;
  if (at?.closest(`#${outcomes}`)) return null;
  const place = at?.closest('aside') ?? page.querySelector('main');
  return place?.querySelector<HTMLElement>(`button[data-choice="${digit}"]:not(:disabled)`) ?? null;
}

/** Keeps track of whether the agent is typing, so that nothing that arrives takes the caret or a half-made syllable. */
export interface TypingWatch {
  /** A text field with something in it has the focus, or a composition is under way. */
  busy: () => boolean;
  composing: () => boolean;
}

export function watchTyping(page: Document): TypingWatch {
  let composing = false;
  page.addEventListener(
    'compositionstart',
    () => {
      composing = true;
    },
    true,
  );
  page.addEventListener(
    'compositionend',
    () => {
      composing = false;
    },
    true,
  );
  return {
    composing: () => composing,
    busy: () => composing || (isTextField(page.activeElement) && page.activeElement.value !== ''),
  };
}

const NOT_TEXT = new Set(['button', 'checkbox', 'radio', 'range', 'submit', 'file', 'color', 'reset', 'image']);

export function isTextField(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  if (element instanceof HTMLTextAreaElement) return true;
  return element instanceof HTMLInputElement && !NOT_TEXT.has(element.type);
}

/** Whether something is being written where this customer stands: a text field there has the focus, or text. */
export function isPaneInUse(page: Document, key: string): boolean {
  const fields = page.querySelectorAll(`[data-pane="${CSS.escape(key)}"] :is(input, textarea)`);
  return [...fields].some((field) => isTextField(field) && (field === page.activeElement || field.value !== ''));
}

/** The colleague whom Enter means, for as long as the text in the field is this one. */
export interface Mark {
  text: string;
  extension: string | null;
  /** Chosen with the arrow keys. */
  byHand: boolean;
}

export interface TransferChoice {
  /** What Enter calls; '' for nobody. */
  to: string;
  /** The row that is shown as meant. */
  marked: string | null;
  /** Nobody else can be meant: good enough for a transfer that cannot be taken back. */
  sure: boolean;
  mark: Mark;
}

export const NO_MARK: Mark = { text: '', extension: null, byHand: false };

/**
 * Whom the strip's keys mean. The list is sorted anew with every word about who is free: what was marked stays marked until
 * other text is typed, so that nobody gets a customer because somebody else put the receiver down.
 * @param fitting extensions of all colleagues who fit the text, as they are listed.
 */
export function transferChoice(typed: string, fitting: readonly string[], before: Mark): TransferChoice {
  const text = typed.trim();
  const mark = kept(text, fitting, before) ?? { text, extension: first(text, fitting), byHand: false };
  const { extension, byHand } = mark;
  if (byHand) return { to: extension ?? '', marked: extension, sure: true, mark };
  if (text === '') return { to: '', marked: null, sure: false, mark };
  if (isNumber(text)) return { to: text, marked: fitting.includes(text) ? text : null, sure: true, mark };
  return { to: extension ?? text, marked: extension, sure: fitting.length < 2, mark };
}

/** One row down (1) or up (-1). */
export function moved(choice: TransferChoice, shown: readonly string[], step: 1 | -1): Mark {
  const { marked, mark } = choice;
  const at = marked === null ? -1 : shown.indexOf(marked);
  const next = at < 0 ? (step === 1 ? 0 : shown.length - 1) : Math.min(Math.max(at + step, 0), shown.length - 1);
  const extension = shown[next];
  return extension === undefined ? mark : { text: mark.text, extension, byHand: true };
}

function kept(text: string, fitting: readonly string[], before: Mark): Mark | null {
  if (before.text !== text) return null;
  if (before.extension === null) return first(text, fitting) === null ? before : null;
  return fitting.includes(before.extension) ? before : null;
}

function first(text: string, fitting: readonly string[]): string | null {
  return text === '' || isNumber(text) ? null : (fitting[0] ?? null);
}

function isNumber(text: string): boolean {
  return /^[\d+*#]/.test(text);
}

import type { Language } from '../../shared/text.ts';
import { MERGE_FIELDS, type MergeField, type TextBlock } from '../../shared/text-block.ts';
import { choose } from './choose.ts';

/** The word in a note that asks for a list: `/` for text blocks, `#` for the customer's cases and products. */
export interface Trigger {
  kind: 'block' | 'mention';
  /** What was typed after the sign, perhaps nothing yet. */
  query: string;
  from: number;
  to: number;
}

/** @returns null where the caret stands in ordinary text. A slash inside a word (24/7, http://) asks for nothing. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = /(?:^|\s)([/#])([^\s/#]{0,40})$/u.exec(text.slice(Math.max(0, caret - 50), caret));
  if (!before) return null;
  const query = before[2] ?? '';
  return { kind: before[1] === '/' ? 'block' : 'mention', query, from: caret - query.length - 1, to: caret };
}

/** Those of the wrap-up code that was chosen come first. */
export function chooseBlocks(
  blocks: readonly TextBlock[],
  query: string,
  { language, dispositionCode }: { language: Language; dispositionCode: string | null },
): TextBlock[] {
  const belongs = (block: TextBlock) => dispositionCode !== null && block.dispositionCodes.includes(dispositionCode);
  const ordered = [...blocks.filter(belongs), ...blocks.filter((block) => !belongs(block))];
  return choose(ordered, query, ({ code, label }) => [code, label[language]]);
}

export type MergeValues = { readonly [F in MergeField]: string | null };

/**
 * A text block with its fields filled in. What is not known is left as a gap in brackets, e.g. `[상품]`: nothing is invented.
 * @param gapName the word for a field that is not known.
 */
export function fillBlock(text: string, values: MergeValues, gapName: (field: MergeField) => string): string {
  const known: readonly string[] = MERGE_FIELDS;
  return text.replace(/\{\{\s*([a-z]+)\s*\}\}/gu, (whole, name: string) => {
    if (!known.includes(name)) return whole;
    const field = name as MergeField;
    return values[field] ?? `[${gapName(field)}]`;
  });
}

/** Text that goes into a note, and what stands selected after it: the first gap, or nothing at its end. */
export function firstGap(text: string): { from: number; to: number } {
  const gap = /\[[^\]\n]{1,40}\]/u.exec(text);
  return gap ? { from: gap.index, to: gap.index + gap[0].length } : { from: text.length, to: text.length };
}

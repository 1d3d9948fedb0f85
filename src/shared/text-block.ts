import { z } from 'zod';
import { Id } from './ids.ts';
import { type Language, LocalText } from './text.ts';

const BlockText = z.string().trim().min(1).max(2000);

/**
 * A sentence that agents write often, as the business wrote it. It is called up in a note by a slash and its `code`, or by a chip
 * beside one of `dispositionCodes`. `{{customer}}` and the other MERGE_FIELDS in `text` are filled in at the desk.
 */
export const TextBlock = z.object({
  id: Id,
  code: z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u),
  label: LocalText,
  text: BlockText,
  /** The same for customers who speak this language: letters take it. What is not here is said as `text` says it. */
  inLanguage: z.object({ ko: BlockText.optional(), en: BlockText.optional() }).optional(),
  dispositionCodes: z.array(z.string().regex(/^[a-z0-9_]{1,40}$/)).max(20),
  order: z.int(),
  active: z.boolean(),
});
export type TextBlock = z.infer<typeof TextBlock>;

/** A block for somebody who speaks this language. `inTheirs`: it was written in it; else it is as the business writes to everybody. */
export function blockFor(
  { text, inLanguage }: Pick<TextBlock, 'text' | 'inLanguage'>,
  language: Language,
): { text: string; inTheirs: boolean } {
  const theirs = inLanguage?.[language];
  return theirs === undefined ? { text, inTheirs: false } : { text: theirs, inTheirs: true };
}

/** What a text block may leave open. Names and numbers come in as the screen shows them: masked. */
export const MERGE_FIELDS = ['customer', 'number', 'agent', 'today', 'now', 'queue', 'product', 'case'] as const;
export type MergeField = (typeof MERGE_FIELDS)[number];

/** The fields of a text that nobody knows how to fill, e.g. `custmer`: told to the administrator who wrote them. */
export function unknownMergeFields(text: string): string[] {
  const known: readonly string[] = MERGE_FIELDS;
  return [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].flatMap(([, name = '']) =>
    known.includes(name) ? [] : [name],
  );
}

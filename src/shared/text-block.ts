import { z } from 'zod';
import { Id } from './ids.ts';
import { LocalText } from './text.ts';

/**
 * A sentence that agents write often, as the business wrote it. It is called up in a note by a slash and its `code`, or by a chip
 * beside one of `dispositionCodes`. `{{customer}}` and the other MERGE_FIELDS in `text` are filled in at the desk.
 */
export const TextBlock = z.object({
  id: Id,
  code: z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u),
  label: LocalText,
  text: z.string().trim().min(1).max(2000),
  dispositionCodes: z.array(z.string().regex(/^[a-z0-9_]{1,40}$/)).max(20),
  order: z.int(),
  active: z.boolean(),
});
export type TextBlock = z.infer<typeof TextBlock>;

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

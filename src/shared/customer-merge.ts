import { z } from 'zod';
import { type Customer, EditableField, FieldValue } from './customer.ts';
import { isSameValue, saysNothing, valueOfField } from './customer-edit.ts';

/** One fact of two customers who are the same person: what the author saw on both sides, and which of them stays. */
export const MergeField = z.object({
  field: EditableField,
  kept: FieldValue,
  gone: FieldValue,
  take: z.enum(['kept', 'gone']),
});
export type MergeField = z.infer<typeof MergeField>;

export const MERGE_MAX_FIELDS = 100;
/** More than anybody ticks one by one. */
export const SPLIT_MAX_CONTACTS = 200;

/** Every fact of the two that an agent may decide about, the built-in ones first. */
export function fieldsOfBoth(kept: Customer, gone: Customer): EditableField[] {
  const own = [...new Set([...Object.keys(kept.custom), ...Object.keys(gone.custom)])].sort();
  return [...(['name', 'language', 'birthday'] as const), ...own.map((key) => `custom.${key}` as const)].slice(
    0,
    MERGE_MAX_FIELDS,
  );
}

/** Both sides of every fact. What an agent did not choose stays as it is with the kept one, unless nothing is said there. */
export function mergeFields(
  kept: Customer,
  gone: Customer,
  takeFromGone: readonly EditableField[] | null,
): MergeField[] {
  return fieldsOfBoth(kept, gone).map((field) => {
    const sides = { kept: valueOfField(kept, field), gone: valueOfField(gone, field) };
    const fills = saysNothing(sides.kept) && !saysNothing(sides.gone);
    const takes = takeFromGone === null ? fills : takeFromGone.includes(field);
    return { field, ...sides, take: takes ? 'gone' : 'kept' };
  });
}

/** The facts that have to be decided: they differ, and the side that would go says something. */
export function isOpenQuestion({ kept, gone }: MergeField): boolean {
  return !isSameValue(kept, gone) && !saysNothing(gone);
}

/** Of two words on the same consent the stricter one: a refusal is never lost, and of two alike the kept one's stays. */
export function stricterIsGone(kept: { status: 'granted' | 'refused' } | undefined, gone: { status: string }): boolean {
  return kept === undefined || (kept.status === 'granted' && gone.status === 'refused');
}

/** Two ways to reach somebody that are the same one. */
export function isSamePoint(
  a: { kind: string; value: string; e164: string | null },
  b: { kind: string; value: string; e164: string | null },
): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'phone' && a.e164 !== null) return a.e164 === b.e164;
  return a.value.trim().toLowerCase() === b.value.trim().toLowerCase();
}

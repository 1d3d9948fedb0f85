import { type CustomField, choiceName } from '../../shared/customer.ts';

// What a cell of a file says that stands for one of the choices of a field, or for several.

/** A choice as it is stored, by itself or by what it is called in either language. */
export function choiceOf(text: string, field: CustomField): string | undefined {
  const wanted = text.trim().toLowerCase();
  const isIt = (word: string) => word.trim().toLowerCase() === wanted;
  return (
    field.choices.find((choice) => choice.trim() === text.trim()) ??
    field.choices.find((choice) => isIt(choice) || Object.values(choiceName(field, choice)).some(isIt))
  );
}

/** What may stand between several choices. A choice may have one of these in itself (영화/음악): the strict ones are tried first. */
const BETWEEN = [/[;|\r\n]/, /[;|\r\n,、]/, /[;|\r\n,、/·]/];

/** Several choices in one cell, each once; `list` null: the part of this number, from 1, is none of them. */
export function choicesIn(text: string, field: CustomField): { list: string[] | null; bad: number } {
  let bad = 0;
  for (const between of BETWEEN) {
    const parts = text.split(between).filter((part) => part.trim() !== '');
    const known = parts.map((part) => choiceOf(part, field));
    bad = known.indexOf(undefined) + 1;
    if (bad === 0) return { list: [...new Set(known.filter((one) => one !== undefined))], bad };
  }
  return { list: null, bad };
}

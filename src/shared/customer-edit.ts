import { z } from 'zod';
import { type Customer, type CustomField, type CustomValues, EditableField, FieldValue, fieldsOf } from './customer.ts';
import { Day, Language } from './text.ts';

/** One fact that an agent corrects: what it is to be, and what they saw when they decided so. */
export const FieldChange = z.object({ field: EditableField, value: FieldValue, was: FieldValue });
export type FieldChange = z.infer<typeof FieldChange>;

const FIELDS = { name: z.string().trim().min(1).max(200), language: Language, birthday: Day.nullable() } as const;
const CUSTOM = 'custom.';

/** The value of a field; a business's own field that has none is null. */
export function valueOfField(customer: Customer, field: EditableField): FieldValue {
  if (field.startsWith(CUSTOM)) return customer.custom[field.slice(CUSTOM.length)] ?? null;
  return customer[field as keyof typeof FIELDS];
}

/** Whether a value may stand in a field. */
export function fitsField(field: EditableField, value: FieldValue): boolean {
  return field.startsWith(CUSTOM) || FIELDS[field as keyof typeof FIELDS].safeParse(value).success;
}

export function isList(value: FieldValue): value is string[] {
  return Array.isArray(value);
}

const isSet = (list: readonly string[]) => new Set(list).size === list.length;

/** Nothing is said: an empty list says as little as an empty text. */
export function saysNothing(value: FieldValue): boolean {
  return value === null || value === '' || (isList(value) && value.length === 0);
}

/** Whether two values say the same; the order of choices says nothing. */
export function isSameValue(a: FieldValue, b: FieldValue): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((one) => b.includes(one));
  return a === b || (isList(a) !== isList(b) && saysNothing(a) && saysNothing(b));
}

/**
 * Several choices that two people changed without knowing of each other: what each of them added or took away holds, so nobody's
 * word is lost. `was`: what the later one saw. null: not both are lists (none at all is an empty one), so there is nothing to join.
 */
export function joinedChoices(there: FieldValue, was: FieldValue, value: FieldValue): string[] | null {
  if (![there, was, value].some(isList)) return null;
  const lists = [there, was, value].map((one) => (one === null ? [] : isList(one) ? one : null));
  const [now, seen, wanted] = lists;
  if (!now || !seen || !wanted) return null;
  const left = now.filter((one) => wanted.includes(one) || !seen.includes(one));
  return [...left, ...wanted.filter((one) => !seen.includes(one) && !left.includes(one))];
}

/** Whether a value may stand in a business's own field. None always may. */
export function fitsOwnField({ type, choices }: Pick<CustomField, 'type' | 'choices'>, value: FieldValue): boolean {
  if (value === null) return true;
  if (type === 'number' || type === 'money') return typeof value === 'number';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'date') return Day.safeParse(value).success;
  if (type === 'choices') return isList(value) && value.every((one) => choices.includes(one)) && isSet(value);
  return typeof value === 'string' && (type !== 'choice' || choices.includes(value));
}

/** The first key whose value does not fit the field of that key, among the fields of one kind of thing; null: all fit. */
export function misfitKey(
  custom: CustomValues,
  own: readonly CustomField[],
): { key: string; field: CustomField | null } | null {
  for (const [key, value] of Object.entries(custom)) {
    const field = own.find((one) => one.key === key) ?? null;
    if (field === null || !fitsOwnField(field, value)) return { key, field };
  }
  return null;
}

/** The first of these changes whose value does not fit; a field that nobody has defined takes anything. */
export function misfitOf<T extends { field: EditableField; value: FieldValue }>(
  changes: readonly T[],
  own: readonly CustomField[],
): T | undefined {
  return changes.find(({ field, value }) => {
    const defined = fieldsOf(own, 'customer').find(({ key }) => field === `${CUSTOM}${key}`);
    return !fitsField(field, value) || (defined !== undefined && !fitsOwnField(defined, value));
  });
}

/** The customer with another value in one field. Ask fitsField first: a value that does not fit changes nothing. */
export function withField(customer: Customer, field: EditableField, value: FieldValue): Customer {
  if (!fitsField(field, value)) return customer;
  if (!field.startsWith(CUSTOM)) return { ...customer, [field]: value };
  return { ...customer, custom: { ...customer.custom, [field.slice(CUSTOM.length)]: value } };
}

/** The customer after somebody corrected a fact when it said `was`: of several choices what others added meanwhile stays. */
export function withChange(customer: Customer, { field, value, was }: FieldChange): Customer {
  return withField(customer, field, joinedChoices(valueOfField(customer, field), was, value) ?? value);
}

/**
 * The customer as somebody sees them who decided over these fields when they had seen `seenVersion`: what stood beside such a
 * field then is settled, what came later is not.
 */
export function settled(customer: Customer, field: EditableField, seenVersion: number | null): Customer {
  if (customer.contested === undefined) return customer;
  const left = customer.contested.filter(
    (one) => one.field !== field || seenVersion === null || one.since > seenVersion,
  );
  const { contested: _, ...rest } = customer;
  return left.length === 0 ? rest : { ...rest, contested: left };
}

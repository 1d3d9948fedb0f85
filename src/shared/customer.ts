import { z } from 'zod';
import { Id } from './ids.ts';
import { Day, Instant, Language, LocalText, Money } from './text.ts';

export const Tier = z.enum(['basic', 'silver', 'gold', 'vip']);
export type Tier = z.infer<typeof Tier>;

/** Several choices of a field, each once. */
export const Choices = z.array(z.string().max(100)).max(100);

/** What a field says. */
export const FieldValue = z.union([z.string().max(2000), z.number(), z.boolean(), z.null(), Choices]);
export type FieldValue = z.infer<typeof FieldValue>;

/** Values of a business's own fields, by field key. */
export const CustomValues = z.record(z.string().max(60), FieldValue);
export type CustomValues = z.infer<typeof CustomValues>;

/** A fact that agents may correct: of the customer, or one of the business's own fields. */
export const EditableField = z.union([
  z.enum(['name', 'language', 'birthday']),
  z.string().regex(/^custom\.[a-z][a-zA-Z0-9_]{0,59}$/),
]);
export type EditableField = z.infer<typeof EditableField>;

/** What a field said before somebody who had not seen it said something else: the loser of a conflict, until somebody decides. */
export const ContestedField = z.object({
  field: EditableField,
  value: FieldValue,
  /** null: it came with the data, from no agent. */
  byName: z.string().max(100).nullable(),
  at: Instant,
  wonByName: z.string().max(100),
  wonAt: Instant,
  /** The customer's version that has this for the first time. */
  since: z.int().min(1),
});
export type ContestedField = z.infer<typeof ContestedField>;

/** Says that somebody is the same person as another customer, who now has all that was theirs. */
export const MergedInto = z.object({
  customerId: Id,
  mergeId: Id,
  byId: Id,
  byName: z.string().max(100),
  at: Instant,
});
export type MergedInto = z.infer<typeof MergedInto>;

export const Customer = z.object({
  id: Id,
  /** The number that the business prints on its letters, e.g. C-104233. */
  customerNumber: z.string().max(40),
  kind: z.enum(['person', 'company']),
  name: z.string().min(1).max(200),
  language: Language,
  tier: Tier,
  birthday: Day.nullable(),
  customerSince: Day.nullable(),
  lifetimeValue: Money.nullable(),
  lifetimeValueTrend: z.enum(['up', 'flat', 'down']).nullable(),
  /** Probability of leaving within 90 days, 0..1, and the facts it was computed from. */
  churnRisk: z.number().min(0).max(1).nullable(),
  churnWhy: z.array(LocalText).max(5),
  balanceOwed: Money.nullable(),
  overdueSince: Day.nullable(),
  /** What the customer last did on the web or in the app, if the business tells us. */
  lastSeenPage: z.object({ title: LocalText, at: Instant }).nullable(),
  custom: CustomValues,
  createdAt: Instant,
  contested: z.array(ContestedField).max(20).optional(),
  mergedInto: MergedInto.optional(),
});
export type Customer = z.infer<typeof Customer>;

/** A field that one business added to its customers, its cases or its products. */
export const CustomField = z.object({
  id: Id,
  entity: z.enum(['customer', 'case', 'product']),
  key: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,59}$/),
  label: LocalText,
  /** `choices`: any number of them, as interests. `money`: an amount as it is written, 12.5 for twelve fifty, in `currency`. */
  type: z.enum(['text', 'number', 'date', 'choice', 'choices', 'money', 'boolean']),
  choices: z.array(z.string().max(100)).max(100),
  /** What a choice is called where it is not called what it is; by choice. */
  choiceNames: z.record(z.string().max(100), LocalText).optional(),
  /** ISO 4217, of a field of money. Unsaid: won. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  order: z.int(),
  /** Whether its values are masked until somebody looks behind the mask. Unsaid: those of free text are. */
  sensitive: z.boolean().optional(),
  /** Customers are found by what it says (canBeSearched). */
  searchable: z.boolean().optional(),
});
export type CustomField = z.infer<typeof CustomField>;

/** The fields of one kind of thing, in the order that the business gave them. */
export function fieldsOf(fields: readonly CustomField[], entity: CustomField['entity']): CustomField[] {
  return fields.filter((field) => field.entity === entity).sort((a, b) => a.order - b.order);
}

/** What a choice is called in both languages. */
export function choiceName({ choiceNames }: Pick<CustomField, 'choiceNames'>, choice: string): LocalText {
  return choiceNames?.[choice] ?? { ko: choice, en: choice };
}

/** Whether a field's values are hidden in a masked view. */
export function isSensitive(field: Pick<CustomField, 'type' | 'sensitive'>): boolean {
  return field.sensitive ?? field.type === 'text';
}

const FOUND_TYPES: readonly CustomField['type'][] = ['text', 'number', 'choice', 'choices'];

/** Whether customers may be found by this field: by a masked one a search would say what is behind the mask. */
export function canBeSearched(field: Pick<CustomField, 'entity' | 'type' | 'sensitive'>): boolean {
  return field.entity === 'customer' && FOUND_TYPES.includes(field.type) && !isSensitive(field);
}

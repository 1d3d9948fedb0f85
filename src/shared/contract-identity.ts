import { z } from 'zod';
import { ConsentChannel, ConsentPurpose } from './consent.ts';
import { act } from './contract-base.ts';
import { CustomField, EditableField, FieldValue } from './customer.ts';
import { Customer360, CustomerCandidate, Mark } from './customer-360.ts';
import { Id } from './ids.ts';
import { Instant } from './text.ts';

/** What two customers have in common. */
export const SameBy = z.enum(['phone', 'email', 'birthday_name']);
export type SameBy = z.infer<typeof SameBy>;

export const SAME_MAX = 3;

/** Somebody who may be the same person, masked. */
export const PerhapsSame = CustomerCandidate.extend({ by: z.array(SameBy).min(1) });
export type PerhapsSame = z.infer<typeof PerhapsSame>;

/** Somebody who was merged into the customer on screen. */
export const MergedHere = z.object({
  mergeId: Id,
  customer: CustomerCandidate,
  at: Instant,
  byName: z.string(),
  mark: Mark,
  /** Whoever merged them may take it back, and a supervisor. */
  mayUndo: z.boolean(),
});
export type MergedHere = z.infer<typeof MergedHere>;

/** One fact on which the two differ, as screens may show it. `hidden`: they differ only behind the mask. */
export const MergeChoice = z.object({
  field: EditableField,
  kept: FieldValue,
  gone: FieldValue,
  hidden: z.boolean(),
  take: z.enum(['kept', 'gone']),
});
export type MergeChoice = z.infer<typeof MergeChoice>;

/** What a merge would do, before it is done. */
export const MergePreview = z.object({
  kept: CustomerCandidate,
  gone: CustomerCandidate,
  choices: z.array(MergeChoice),
  moves: z.object({
    contacts: z.int(),
    notes: z.int(),
    cases: z.int(),
    promises: z.int(),
    holdings: z.int(),
    /** Numbers and addresses that the kept one does not have, masked. */
    points: z.array(z.string()),
  }),
  /** What the kept one had granted and the other one refused: it will be refused. */
  refused: z.array(z.object({ channel: ConsentChannel, purpose: ConsentPurpose })),
  customFields: z.array(CustomField),
});
export type MergePreview = z.infer<typeof MergePreview>;

/** Who is whom. Each act is one durable commit; the id is made by the page, so a repeat is the same act. */
export const identity = {
  /** Who may be the same person, and who was merged into this one; asked for when the customer is on screen already. */
  of: act(
    z.object({ customerId: Id }),
    z.object({ same: z.array(PerhapsSame).max(SAME_MAX), merged: z.array(MergedHere) }),
  ),
  /** A look at both, logged. NOT_FOUND: one of them is not on this desk, or they are one already. */
  preview: act(z.object({ customerId: Id, goneId: Id }), MergePreview),
  /** `take`: the facts that come from the one who goes. NOT_FOUND as above. */
  merge: act(z.object({ mergeId: Id, customerId: Id, goneId: Id, take: z.array(EditableField).max(100) }), Customer360),
  /** Two people were one customer: a new one with what was chosen. The id is made by the page. NOT_FOUND: not on this desk. */
  split: act(
    z.object({
      customerId: Id,
      fromId: Id,
      name: z.string().trim().min(1).max(200),
      contactPointIds: z.array(Id).max(50),
      interactionIds: z.array(Id).max(200),
    }),
    Customer360,
  ),
  /** Takes a merge back. FORBIDDEN: another agent's. NOT_FOUND: taken back meanwhile. */
  unmerge: act(z.object({ mergeId: Id, customerId: Id }), Customer360),
};

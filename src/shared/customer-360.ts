import { z } from 'zod';
import { Consent } from './consent.ts';
import { ContactPoint } from './contact-point.ts';
import { CurrentVerdict } from './current-customer.ts';
import { Customer, CustomField } from './customer.ts';
import { Id } from './ids.ts';
import { Interaction, Note } from './interaction.ts';
import { Order, Purchases } from './order.ts';
import { Instant } from './text.ts';
import { Case, CaseStatus, CustomerPromise, Holding, Product } from './work.ts';

/**
 * Where a row is: saved on this desk only, confirmed by the centre, or refused and waiting for a decision.
 * Shown as "saved here", "at the centre", "needs attention".
 */
export const Mark = z.enum(['here', 'centre', 'attention']);
export type Mark = z.infer<typeof Mark>;

/** Why the customer probably calls, most telling first. `data` fills the sentence that the screens have for each code. */
export const CallReason = z.object({
  code: z.enum([
    'promise_overdue',
    'promise_due',
    'open_case',
    'payment_overdue',
    'payment_failed',
    'recent_order',
    'contract_ending',
    'recent_contact',
    'page_visited',
    'birthday',
  ]),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The row behind the reason. */
  rowId: Id.nullable(),
});
export type CallReason = z.infer<typeof CallReason>;

export const TimelineEntry = z.object({
  interaction: Interaction,
  notes: z.array(Note.extend({ mark: Mark })),
  mark: Mark,
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** One customer, whole, from one read of the local store. Names, numbers and addresses are masked unless `unmasked`. */
export const Customer360 = z.object({
  customer: Customer,
  /** null while the row itself is only on this desk. */
  version: z.int().nullable(),
  mark: Mark,
  unmasked: z.boolean(),
  contactPoints: z.array(ContactPoint),
  consents: z.array(Consent),
  cases: z.array(Case.extend({ mark: Mark })),
  promises: z.array(CustomerPromise.extend({ mark: Mark })),
  holdings: z.array(Holding.extend({ product: Product.nullable() })),
  /** The newest five, newest first. */
  orders: z.array(Order).max(5),
  purchases: Purchases,
  /** The last 20 on any channel, newest first. */
  timeline: z.array(TimelineEntry).max(20),
  /** Notes that belong to no interaction (written outside a call), newest first. */
  looseNotes: z
    .array(Note.extend({ mark: Mark }))
    .max(20)
    .optional(),
  interactionCount: z.int(),
  reasons: z.array(CallReason),
  customFields: z.array(CustomField),
  /** Whether they are a customer now, as the business means it, and why; absent: it does not say, or too little is known. */
  current: CurrentVerdict.optional(),
  /** Last contact with the centre: how old this picture may be. null: never. */
  asOf: Instant.nullable(),
  /** Only the centre knows this customer: name and numbers, and what was written here. Of all else nothing is known, not that there is none. */
  partial: z.boolean().optional(),
});
export type Customer360 = z.infer<typeof Customer360>;

/** Enough of a customer to choose from several (masked like the rest). */
export const CustomerCandidate = z.object({
  id: Id,
  name: z.string(),
  customerNumber: z.string(),
  kind: z.enum(['person', 'company']),
  tier: Customer.shape.tier,
  phone: z.string().nullable(),
  phoneLabel: z.string().nullable(),
  lastContactAt: Instant.nullable(),
  /** The case whose number was searched for. */
  foundCase: z.object({ number: z.string(), subject: z.string(), status: CaseStatus }).optional(),
});
export type CustomerCandidate = z.infer<typeof CustomerCandidate>;

/** What the desk knows when a call rings. */
export const CustomerOpenResult = z.discriminatedUnion('match', [
  /** `remembered`: several have this number; the pick of an earlier call decided, `others` can be chosen instead. */
  z.object({
    match: z.literal('one'),
    view: Customer360,
    remembered: z.boolean(),
    others: z.array(CustomerCandidate),
  }),
  z.object({ match: z.literal('several'), candidates: z.array(CustomerCandidate), asOf: Instant.nullable() }),
  z.object({ match: z.literal('none'), asOf: Instant.nullable() }),
  z.object({ match: z.literal('withheld') }),
]);
export type CustomerOpenResult = z.infer<typeof CustomerOpenResult>;

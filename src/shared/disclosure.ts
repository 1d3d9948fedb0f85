import { z } from 'zod';
import { Consent } from './consent.ts';
import { ContactPoint, PhonePick } from './contact-point.ts';
import { Customer } from './customer.ts';
import { Interaction, Note } from './interaction.ts';
import { Order } from './order.ts';
import { Relationship } from './relationship.ts';
import { ScriptRun } from './script-record.ts';
import { Instant } from './text.ts';
import { Case, CustomerPromise, Holding } from './work.ts';

// What a business holds about one person, for whoever asks for it (PIPA art. 35, GDPR art. 15) or wants it gone (PIPA art. 36, GDPR art. 17).

/** Why somebody at the business looks at all of it, or removes it: the request, in their words. */
export const DisclosureReason = z.string().trim().min(2).max(200);

/** POST /v1/customers/:id/disclosure. `use`: to look at it, or to hand it out. */
export const DisclosureRequest = z.object({ reason: DisclosureReason, use: z.enum(['read', 'export']) });
export type DisclosureRequest = z.infer<typeof DisclosureRequest>;

/** So many of each kind are in one answer, the newest; `counts` says how many there are. */
export const DISCLOSURE_MAX_ROWS = 1000;

/** Somebody who saw the customer: at a desk, or shown by the centre itself. */
const Look = z.object({
  at: Instant,
  /** null: somebody who is not in the directory any more. */
  agentName: z.string().nullable(),
  action: z.string(),
  /** The screen or call; the reason, where one was given. */
  context: z.string(),
});

const rowsOf = <T extends z.ZodType>(row: T) => z.array(row).max(DISCLOSURE_MAX_ROWS);

export const Disclosure = z.object({
  at: Instant,
  customer: Customer,
  /** Who was merged into them: the same person under another number. */
  merged: z.array(Customer),
  rows: z.object({
    contact_point: rowsOf(ContactPoint),
    phone_pick: rowsOf(PhonePick),
    consent: rowsOf(Consent),
    relationship: rowsOf(Relationship),
    holding: rowsOf(Holding),
    order: rowsOf(Order),
    case: rowsOf(Case),
    promise: rowsOf(CustomerPromise),
    interaction: rowsOf(Interaction),
    note: rowsOf(Note),
    script_run: rowsOf(ScriptRun),
  }),
  looks: z.array(Look).max(DISCLOSURE_MAX_ROWS),
  /** Of each kind, also of those that are not in this answer; `looks` among them. */
  counts: z.record(z.string(), z.int()),
});
export type Disclosure = z.infer<typeof Disclosure>;
export type DisclosedTable = keyof Disclosure['rows'];

/** POST /v1/customers/:id/erase. `customerNumber`: typed by whoever does it, and the customer's. 409 where it is another one. */
export const ErasureRequest = z.object({ reason: DisclosureReason, customerNumber: z.string().max(40) });
export type ErasureRequest = z.infer<typeof ErasureRequest>;

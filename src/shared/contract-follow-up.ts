import { z } from 'zod';
import { act, Nothing } from './contract-base.ts';
import { Choices, CustomValues } from './customer.ts';
import { CustomerCandidate, Mark } from './customer-360.ts';
import { Id } from './ids.ts';
import { Instant } from './text.ts';
import { Case, CaseChange, CasePriority, CustomerPromise, Owner, PromiseChange, PromiseKind } from './work.ts';

/** One line of the ledger: what is owed to whom, by when. Texts and names are masked. */
export const LedgerItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('promise'),
    promise: CustomerPromise.extend({ mark: Mark }),
    customer: CustomerCandidate,
  }),
  z.object({ type: z.literal('case'), case: Case.extend({ mark: Mark }), customer: CustomerCandidate }),
]);
export type LedgerItem = z.infer<typeof LedgerItem>;

export const LEDGER_MAX_ITEMS = 200;

const Why = z.string().trim().max(300).nullable();

/** What we owe customers. Each act is one durable commit, like a note; the id is made by the page, so a repeat is the same act. */
export const followUp = {
  /** What this agent owes, or what anybody does: overdue first, then by due time; what has none comes last. At most 200. */
  ledger: act(
    z.object({ whose: z.enum(['mine', 'all']) }),
    z.object({ items: z.array(LedgerItem).max(LEDGER_MAX_ITEMS), more: z.boolean() }),
  ),
  /** Who may be made to answer for something: the agents of this desk's centre, by name. */
  owners: act(Nothing, z.object({ owners: z.array(Owner) })),
  /** BAD_INPUT: a due time that is no time. NOT_FOUND: no such customer on this desk. */
  promise: act(
    z.object({
      promiseId: Id,
      customerId: Id,
      callId: Id.nullable(),
      kind: PromiseKind,
      what: z.string().trim().min(1).max(500),
      dueAt: Instant,
      owner: Owner.nullable(),
      contactPointId: Id.nullable(),
    }),
    z.object({ mark: Mark }),
  ),
  changePromise: act(
    z.object({ promiseId: Id, customerId: Id, callId: Id.nullable(), change: PromiseChange, why: Why }),
    z.object({ mark: Mark }),
  ),
  openCase: act(
    z.object({
      caseId: Id,
      customerId: Id,
      callId: Id.nullable(),
      subject: z.string().trim().min(1).max(300),
      priority: CasePriority,
      dueAt: Instant.nullable(),
      owner: Owner.nullable(),
      /** Values of the business's own fields of cases; BAD_INPUT where one does not fit its field. */
      custom: CustomValues.optional(),
    }),
    z.object({ mark: Mark }),
  ),
  /** `seen`: of several choices what the page showed when the first was ticked, nothing where they were masked. The rest stays. */
  changeCase: act(
    z.object({
      ...{ caseId: Id, customerId: Id, callId: Id.nullable(), change: CaseChange, why: Why },
      seen: z.record(z.string().max(60), Choices).optional(),
    }),
    z.object({ mark: Mark }),
  ),
};

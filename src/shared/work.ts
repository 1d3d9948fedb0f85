import { z } from 'zod';
import { CustomValues } from './customer.ts';
import { Id } from './ids.ts';
import { Day, Instant, LocalText, Money } from './text.ts';

export const CaseStatus = z.enum(['open', 'waiting', 'closed']);
export type CaseStatus = z.infer<typeof CaseStatus>;
export const CasePriority = z.enum(['low', 'normal', 'high']);
export type CasePriority = z.infer<typeof CasePriority>;

/** An agent who answers for something, with the name that screens show. */
export const Owner = z.object({ id: Id, name: z.string().max(100) });
export type Owner = z.infer<typeof Owner>;

/**
 * By when the business owes the first answer and the solution, in its own hours (service-level.ts). Set by the centre; screens only
 * compare it with now.
 */
export const CaseClock = z.object({
  /** The one whose limits it has: a case that is handed up keeps its clock. */
  priority: CasePriority,
  /** null: nothing is promised. */
  answerBy: Instant.nullable(),
  answeredAt: Instant.nullable(),
  solveBy: Instant.nullable(),
  /** What is owed next; null while it stands still, when it is settled, and where nothing is promised. */
  nextBy: Instant.nullable(),
  /** From when on the desk warns of that. */
  warnFrom: Instant.nullable(),
  /** For how long it stood still so far, in minutes of business. */
  pausedMinutes: z.int().min(0),
  /** It stands still since then, because it waits for the customer, with so many minutes left until the solution. */
  waitingSince: Instant.nullable(),
  minutesLeft: z.int().nullable(),
});
export type CaseClock = z.infer<typeof CaseClock>;

/** Something a customer raised that is not settled yet. */
export const Case = z.object({
  id: Id,
  /** Given by the centre; empty while the case is only on this desk. */
  number: z.string().max(40),
  customerId: Id,
  subject: z.string().max(300),
  status: CaseStatus,
  priority: CasePriority,
  openedAt: Instant,
  dueAt: Instant.nullable(),
  ownerName: z.string().max(100).nullable(),
  /** Who answers for it; absent in cases that came with data of another system. */
  ownerId: Id.nullable().optional(),
  /** Handed up, by whom, when and why; the last time. */
  escalated: z.object({ at: Instant, byName: z.string().max(100), why: z.string().max(300) }).optional(),
  /** How and when it was settled. */
  closed: z.object({ at: Instant, byName: z.string().max(100), why: z.string().max(300).nullable() }).optional(),
  /** Values of the business's own fields of cases. */
  custom: CustomValues.optional(),
  /** Absent where the business promises nothing. */
  clock: CaseClock.optional(),
});
export type Case = z.infer<typeof Case>;

/** 'promise': what we told the customer; 'callback': that we ring them; 'task': what is to be done and they need not hear of. */
export const PromiseKind = z.enum(['promise', 'callback', 'task']);
export type PromiseKind = z.infer<typeof PromiseKind>;

/** 'withdrawn': the customer no longer wants it, or it was entered by mistake. */
export const PromiseStatus = z.enum(['open', 'kept', 'broken', 'withdrawn']);
export type PromiseStatus = z.infer<typeof PromiseStatus>;

/** What we told a customer that we would do, and by when. */
export const CustomerPromise = z.object({
  id: Id,
  customerId: Id,
  interactionId: Id.nullable(),
  what: z.string().min(1).max(500),
  dueAt: Instant,
  byAgentId: Id.nullable(),
  byAgentName: z.string().max(100),
  status: PromiseStatus,
  /** Absent: a promise. */
  kind: PromiseKind.optional(),
  /** Who is to do it; absent: whoever made it. */
  owner: Owner.optional(),
  /** The number that a callback rings; absent: the customer's first. */
  contactPointId: Id.optional(),
  settled: z.object({ at: Instant, byName: z.string().max(100), why: z.string().max(300).nullable() }).optional(),
});
export type CustomerPromise = z.infer<typeof CustomerPromise>;

/** What may change in a promise once it was made: never what was said. */
export const PromiseChange = z
  .object({ status: PromiseStatus, dueAt: Instant, owner: Owner })
  .partial()
  .refine((change) => Object.keys(change).length > 0);
export type PromiseChange = z.infer<typeof PromiseChange>;

/** What may change in a case. `escalate` hands it up: high priority, and to a supervisor of the author's team. */
export const CaseChange = z
  .object({
    status: CaseStatus,
    priority: CasePriority,
    dueAt: Instant.nullable(),
    owner: Owner,
    escalate: z.literal(true),
    /** The customer was answered for the first time. */
    answered: z.literal(true),
    /** Only the fields that are to change. */
    custom: CustomValues,
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0);
export type CaseChange = z.infer<typeof CaseChange>;

/** Whoever is to keep it. */
export function ownerOfPromise(promise: CustomerPromise): Owner | null {
  if (promise.owner) return promise.owner;
  return promise.byAgentId === null ? null : { id: promise.byAgentId, name: promise.byAgentName };
}

interface Word {
  at: string;
  byName: string;
  why: string | null;
}

/** A promise after somebody said something about it. One that is opened again is settled no longer. */
export function changedPromise(promise: CustomerPromise, change: PromiseChange, word: Word): CustomerPromise {
  const { settled, ...rest } = promise;
  const after: CustomerPromise = { ...rest, ...change };
  if (after.status === 'open') return after;
  if (change.status === undefined) return settled ? { ...after, settled } : after;
  return { ...after, settled: word };
}

/** A case after somebody said something about it. Who it is handed up to, the centre says. */
export function changedCase(before: Case, said: CaseChange, word: Word): Case {
  const { owner, escalate, custom, answered: _, ...change } = said;
  const { closed, ...rest } = before;
  const after: Case = {
    ...{ ...rest, ...change },
    ...(custom ? { custom: { ...before.custom, ...custom } } : {}),
    ...(owner ? { ownerId: owner.id, ownerName: owner.name } : {}),
    ...(escalate ? { priority: 'high' as const, escalated: { ...word, why: word.why ?? '' } } : {}),
  };
  if (after.status !== 'closed') return after;
  if (change.status === undefined) return closed ? { ...after, closed } : after;
  return { ...after, closed: word };
}

/** By when something is due of a case, by its own due time or by its clock, whichever comes first; null: by no time. */
export function dueOfCase({ dueAt, clock }: Pick<Case, 'dueAt' | 'clock'>): string | null {
  const next = clock?.nextBy ?? null;
  if (dueAt === null || next === null) return dueAt ?? next;
  return dueAt < next ? dueAt : next;
}

export const Product = z.object({
  id: Id,
  code: z.string().max(40),
  name: LocalText,
  active: z.boolean(),
  /** Values of the business's own fields of products. */
  custom: CustomValues.optional(),
});
export type Product = z.infer<typeof Product>;

/** A product that a customer owns or subscribes to. */
export const Holding = z.object({
  id: Id,
  customerId: Id,
  productId: Id,
  status: z.enum(['active', 'suspended', 'ended']),
  startedOn: Day,
  endsOn: Day.nullable(),
  monthlyFee: Money.nullable(),
});
export type Holding = z.infer<typeof Holding>;

/** A wrap-up code. `key` is the digit that chooses it when no text field has the focus. */
export const Disposition = z.object({
  id: Id,
  code: z.string().regex(/^[a-z0-9_]{1,40}$/),
  label: LocalText,
  key: z
    .string()
    .regex(/^[1-9]$/)
    .nullable(),
  order: z.int(),
  active: z.boolean(),
});
export type Disposition = z.infer<typeof Disposition>;

export const BreakReason = z.object({
  id: Id,
  code: z.string().regex(/^[a-z0-9_]{1,40}$/),
  label: LocalText,
  order: z.int(),
  active: z.boolean(),
});
export type BreakReason = z.infer<typeof BreakReason>;

export const Queue = z.object({ id: Id, name: z.string().max(100), label: LocalText });
export type Queue = z.infer<typeof Queue>;

import { z } from 'zod';
import { Id } from './ids.ts';
import { Day, Instant, LocalText, Money } from './text.ts';

/** Something a customer raised that is not settled yet. */
export const Case = z.object({
  id: Id,
  number: z.string().max(40),
  customerId: Id,
  subject: z.string().max(300),
  status: z.enum(['open', 'waiting', 'closed']),
  priority: z.enum(['low', 'normal', 'high']),
  openedAt: Instant,
  dueAt: Instant.nullable(),
  ownerName: z.string().max(100).nullable(),
});
export type Case = z.infer<typeof Case>;

/** What we told a customer that we would do, and by when. */
export const CustomerPromise = z.object({
  id: Id,
  customerId: Id,
  interactionId: Id.nullable(),
  what: z.string().min(1).max(500),
  dueAt: Instant,
  byAgentId: Id.nullable(),
  byAgentName: z.string().max(100),
  status: z.enum(['open', 'kept', 'broken']),
});
export type CustomerPromise = z.infer<typeof CustomerPromise>;

export const Product = z.object({ id: Id, code: z.string().max(40), name: LocalText, active: z.boolean() });
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

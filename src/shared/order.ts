import { z } from 'zod';
import { Id } from './ids.ts';
import { Instant, Money } from './text.ts';

export const OrderStatus = z.enum([
  'placed',
  'paid',
  'payment_failed',
  'shipped',
  'delivered',
  'returned',
  'cancelled',
]);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** What a customer bought, as the shop tells the centre. A change of its status is the same row with a later `changedAt`. */
export const Order = z.object({
  id: Id,
  customerId: Id,
  /** The number that the business prints on its papers. */
  number: z.string().min(1).max(40),
  placedAt: Instant,
  status: OrderStatus,
  changedAt: Instant,
  /** Why the payment failed, in the words of whoever refused it; null where it did not. */
  failure: z.string().max(200).nullable(),
  lines: z
    .array(
      z.object({
        /** null: nothing that the catalogue has. */
        productId: Id.nullable(),
        name: z.string().min(1).max(200),
        quantity: z.int().min(1).max(1_000_000),
      }),
    )
    .max(50),
  total: Money,
});
export type Order = z.infer<typeof Order>;

/** What stands for a purchase: what was not paid, came back or was called off does not. */
export const BOUGHT: readonly OrderStatus[] = ['placed', 'paid', 'shipped', 'delivered'];

/**
 * Recency, frequency and monetary value of the last twelve months (RFM): `lastAt` is the newest purchase at all, null where there
 * was none; `total` null where nothing was bought in that time.
 */
export const Purchases = z.object({ lastAt: Instant.nullable(), count: z.int().min(0), total: Money.nullable() });
export type Purchases = z.infer<typeof Purchases>;

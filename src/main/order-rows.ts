import { BOUGHT, type Order, type Purchases } from '../shared/order.ts';
import type { ReadableDb } from '../sync/sql-db.ts';

const SHOWN = 5;
const YEAR_MS = 365 * 86_400_000;
const COUNTED = BOUGHT.map((status) => `'${status}'`).join(', ');

/** Statements of the 360 read. What was bought is summed by the currency that is there most often. */
export const READ_ORDERS = {
  orders: `SELECT data FROM "order" WHERE customer_id = ? ORDER BY placed_at DESC LIMIT ${SHOWN}`,
  bought: `SELECT json_extract(data, '$.total.currency') AS currency, count(*) AS count,
             sum(json_extract(data, '$.total.amount')) AS amount, max(placed_at) AS lastAt
           FROM "order" WHERE customer_id = ? AND placed_at >= ? AND json_extract(data, '$.status') IN (${COUNTED})
           GROUP BY 1 ORDER BY count DESC, 1`,
} as const;

export interface OrderRows {
  /** The newest five. */
  orders: Order[];
  purchases: Purchases;
}

const NOTHING: OrderRows = { orders: [], purchases: { lastAt: null, count: 0, total: null } };

/** @param now epoch ms: the year before it is summed; null: nobody asks for sums. */
export function readOrders(cache: ReadableDb, customerId: string, now: number | null): OrderRows {
  const found = cache.prepare(READ_ORDERS.orders).all(customerId) as { data: string }[];
  if (found.length === 0) return NOTHING;
  const orders = found.map(({ data }) => JSON.parse(data) as Order);
  if (now === null) return { ...NOTHING, orders };
  const since = new Date(now - YEAR_MS).toISOString();
  const sums = cache.prepare(READ_ORDERS.bought).all(customerId, since) as {
    currency: string;
    count: number;
    amount: number;
    lastAt: string;
  }[];
  const lastAt = [...sums.map((sum) => sum.lastAt), newestOf(orders)].filter((at) => at !== null).sort();
  const [most] = sums;
  return {
    orders,
    purchases: {
      lastAt: lastAt.at(-1) ?? null,
      count: sums.reduce((count, sum) => count + sum.count, 0),
      total: most ? { amount: most.amount, currency: most.currency } : null,
    },
  };
}

function newestOf(orders: readonly Order[]): string | null {
  return orders.find(({ status }) => BOUGHT.includes(status))?.placedAt ?? null;
}

/** Those of two customers who are one. */
export function joinOrders(kept: OrderRows, gone: OrderRows, customerId: string): OrderRows {
  const { lastAt, count, total } = kept.purchases;
  const other = gone.purchases;
  const same = total && other.total?.currency === total.currency ? other.total.amount : 0;
  return {
    orders: [...kept.orders, ...gone.orders.map((order) => ({ ...order, customerId }))]
      .sort((a, b) => (a.placedAt < b.placedAt ? 1 : -1))
      .slice(0, SHOWN),
    purchases: {
      lastAt:
        [lastAt, other.lastAt]
          .filter((at) => at !== null)
          .sort()
          .at(-1) ?? null,
      count: count + other.count,
      total: total ? { ...total, amount: total.amount + same } : other.total,
    },
  };
}

import type { Order, OrderStatus } from '../../shared/order.ts';
import { DAY_MS, instant, officeTime } from './dates.ts';
import { createRandom, sampleId } from './random.ts';

/** What 단골텔레콤 sells besides its plans; won. */
const GOODS = [
  { name: '갤러리 X 256GB', price: 1_155_000 },
  { name: '무선 이어폰 라이트', price: 99_000 },
  { name: '고속 충전기 45W', price: 39_000 },
  { name: '투명 케이스', price: 19_000 },
  { name: '와이파이 공유기 AX3000', price: 79_000 },
  { name: '키즈 워치', price: 231_000 },
] as const;

const OUTCOMES: readonly [OrderStatus, ...OrderStatus[]] = [
  'delivered',
  'delivered',
  'delivered',
  'returned',
  'cancelled',
];

const NEW: readonly [OrderStatus, ...OrderStatus[]] = ['paid', 'shipped', 'payment_failed'];

/** One customer in four bought something; every order is settled, but for the newest ones. */
export function orderRows(seed: number, index: number, now: number): Order[] {
  const random = createRandom(seed, 7, index);
  if (!random.chance(0.25)) return [];
  return Array.from({ length: random.int(1, 3) }, (_, part) => {
    const days = random.int(1, 700);
    const placed = officeTime(random, now, days);
    const goods = random.pick([GOODS[0], ...GOODS]);
    const status = days < 4 ? random.pick(NEW) : random.pick(OUTCOMES);
    const quantity = random.chance(0.1) ? 2 : 1;
    return {
      id: sampleId(seed, 'order', index, part),
      customerId: sampleId(seed, 'customer', index),
      number: `D${String(index).padStart(7, '0')}${part}`,
      placedAt: instant(placed),
      status,
      changedAt: instant(Math.min(now, placed + (days < 4 ? 0 : 2 * DAY_MS))),
      failure: status === 'payment_failed' ? '카드 한도 초과' : null,
      lines: [{ productId: null, name: goods.name, quantity }],
      total: { amount: goods.price * quantity, currency: 'KRW' },
    };
  });
}

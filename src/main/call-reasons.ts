import type { Customer } from '../shared/customer.ts';
import type { CallReason } from '../shared/customer-360.ts';
import type { Interaction } from '../shared/interaction.ts';
import { BOUGHT, type Order } from '../shared/order.ts';
import type { Case, CustomerPromise, Holding, Product } from '../shared/work.ts';

const DAY = 86_400_000;
const PROMISE_SOON = 3 * DAY;
const CONTRACT_SOON = 45 * DAY;
const CONTACT_RECENT = 3 * DAY;
const PAGE_RECENT = 7 * DAY;
const ORDER_RECENT = 14 * DAY;
const BIRTHDAY_SOON_DAYS = 7;
const AT_MOST = 6;

export interface ReasonFacts {
  customer: Customer;
  promises: readonly CustomerPromise[];
  cases: readonly Case[];
  holdings: readonly (Holding & { product: Product | null })[];
  /** Newest first. */
  orders: readonly Order[];
  /** Newest first, without the call that rings now. */
  interactions: readonly Interaction[];
  /** Epoch ms. */
  now: number;
  /** The day where the business is; unsaid: in Greenwich. */
  today?: string | undefined;
}

/**
 * Why this customer probably calls, most telling first: what we owe them, what is open, money, what changes soon, what they
 * did last. `data` by code:
 * promise_overdue, promise_due { what, dueAt, byAgentName } · open_case { number, subject, priority } ·
 * payment_overdue { amount, currency, since, days } · payment_failed { number, amount, currency, at, failure } ·
 * recent_order { number, status, at, what } · contract_ending { productKo, productEn, endsOn, days } ·
 * recent_contact { channel, direction, at, subject, dispositionCode } · page_visited { titleKo, titleEn, at } · birthday { days }.
 */
export function callReasons(facts: ReasonFacts): CallReason[] {
  return [
    ...promiseReasons(facts, 'promise_overdue'),
    ...caseReasons(facts),
    ...paymentReason(facts),
    ...orderReasons(facts),
    ...promiseReasons(facts, 'promise_due'),
    ...contractReasons(facts),
    ...recentContact(facts),
    ...pageVisited(facts),
    ...birthday(facts),
  ].slice(0, AT_MOST);
}

function promiseReasons({ promises, now }: ReasonFacts, code: 'promise_overdue' | 'promise_due'): CallReason[] {
  return promises
    .filter((promise) => promise.status === 'open')
    .filter((promise) => {
      const left = Date.parse(promise.dueAt) - now;
      return code === 'promise_overdue' ? left < 0 : left >= 0 && left <= PROMISE_SOON;
    })
    .sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))
    .map(({ id, what, dueAt, byAgentName }) => ({ code, data: { what, dueAt, byAgentName }, rowId: id }));
}

const PRIORITY = { high: 0, normal: 1, low: 2 } as const;

function caseReasons({ cases }: ReasonFacts): CallReason[] {
  return cases
    .filter((one) => one.status !== 'closed')
    .sort((a, b) => PRIORITY[a.priority] - PRIORITY[b.priority] || Date.parse(b.openedAt) - Date.parse(a.openedAt))
    .slice(0, 2)
    .map(({ id, number, subject, priority }) => ({
      code: 'open_case',
      data: { number, subject, priority },
      rowId: id,
    }));
}

function paymentReason({ customer, now }: ReasonFacts): CallReason[] {
  const { balanceOwed, overdueSince } = customer;
  if (!balanceOwed || balanceOwed.amount <= 0 || !overdueSince) return [];
  const days = Math.max(0, Math.floor((now - Date.parse(overdueSince)) / DAY));
  const data = { amount: balanceOwed.amount, currency: balanceOwed.currency, since: overdueSince, days };
  return [{ code: 'payment_overdue', data, rowId: customer.id }];
}

/** A payment that was refused, and not made good by a later order; else the order that was told of last. */
function orderReasons({ orders, now }: ReasonFacts): CallReason[] {
  const recent = orders.filter(({ changedAt }) => now - Date.parse(changedAt) <= ORDER_RECENT);
  const [last] = recent;
  const paid = recent.findIndex(({ status }) => BOUGHT.includes(status));
  const failedAt = recent.findIndex(({ status }) => status === 'payment_failed');
  const failed = failedAt >= 0 && (paid < 0 || failedAt < paid) ? recent[failedAt] : undefined;
  if (failed) {
    const { amount, currency } = failed.total;
    const data = { number: failed.number, amount, currency, at: failed.changedAt, failure: failed.failure ?? '' };
    return [{ code: 'payment_failed', data, rowId: failed.id }];
  }
  if (!last) return [];
  const what = last.lines[0]?.name ?? '';
  return [
    {
      code: 'recent_order',
      data: { number: last.number, status: last.status, at: last.changedAt, what },
      rowId: last.id,
    },
  ];
}

/** Midnight of today, as Date.parse gives it for a day. */
function startOfToday({ today, now }: ReasonFacts): number {
  return Date.parse(today ?? new Date(now).toISOString().slice(0, 10));
}

function contractReasons(facts: ReasonFacts): CallReason[] {
  const reasons: CallReason[] = [];
  for (const { id, status, endsOn, product } of facts.holdings) {
    if (status !== 'active' || !endsOn) continue;
    const left = Date.parse(endsOn) - startOfToday(facts);
    if (left < 0 || left > CONTRACT_SOON) continue;
    const data = {
      productKo: product?.name.ko ?? '',
      productEn: product?.name.en ?? '',
      endsOn,
      days: left / DAY,
    };
    reasons.push({ code: 'contract_ending', data, rowId: id });
  }
  return reasons;
}

function recentContact({ interactions, now }: ReasonFacts): CallReason[] {
  const last = interactions.find((one) => !isGoingOn(one));
  if (!last || now - Date.parse(last.startedAt) > CONTACT_RECENT) return [];
  const data = {
    channel: last.channel,
    direction: last.direction,
    at: last.startedAt,
    subject: last.subject ?? '',
    dispositionCode: last.dispositionCode ?? '',
  };
  return [{ code: 'recent_contact', data, rowId: last.id }];
}

/** A call that nobody has ended: whichever screen reads it, it is what happens now. */
function isGoingOn({ channel, answeredAt, endedAt }: Interaction): boolean {
  return channel === 'phone' && answeredAt !== null && endedAt === null;
}

function pageVisited({ customer, now }: ReasonFacts): CallReason[] {
  const page = customer.lastSeenPage;
  if (!page || now - Date.parse(page.at) > PAGE_RECENT) return [];
  return [{ code: 'page_visited', data: { titleKo: page.title.ko, titleEn: page.title.en, at: page.at }, rowId: null }];
}

function birthday(facts: ReasonFacts): CallReason[] {
  const { customer } = facts;
  if (!customer.birthday) return [];
  const today = startOfToday(facts);
  const year = new Date(today).getUTCFullYear();
  for (const y of [year, year + 1]) {
    // 29 February is kept on 1 March in other years, which is what Date.UTC does by itself.
    const [, month, day] = customer.birthday.split('-').map(Number);
    const days = (Date.UTC(y, (month ?? 1) - 1, day ?? 1) - today) / DAY;
    if (days >= 0 && days <= BIRTHDAY_SOON_DAYS) return [{ code: 'birthday', data: { days }, rowId: null }];
  }
  return [];
}

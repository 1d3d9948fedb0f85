import type { Customer } from '../../src/shared/customer.ts';

/** An invented customer, complete enough for every schema. */
export function sampleCustomer(id: string, name: string): Customer {
  return {
    id,
    customerNumber: `C-${id.slice(-6)}`,
    kind: 'person',
    name,
    language: 'ko',
    tier: 'basic',
    birthday: null,
    customerSince: null,
    lifetimeValue: null,
    lifetimeValueTrend: null,
    churnRisk: null,
    churnWhy: [],
    balanceOwed: null,
    overdueSince: null,
    lastSeenPage: null,
    custom: {},
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

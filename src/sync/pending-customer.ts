import type { ContactPoint } from '../shared/contact-point.ts';
import type { Customer } from '../shared/customer.ts';
import { readPhoneNumber } from '../shared/phone-number.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import type { OperationRow } from './outbox.ts';

// Customers who were created here and are not confirmed yet.

export function customerOfCreate(
  row: OperationRow,
  payload: Extract<OperationPayload, { kind: 'customer.create' }>,
): Customer {
  const { customerId: id, customerKind: kind, name, language, custom } = payload;
  return unknownCustomer(row, { id, kind, name, language, custom });
}

export function customerOfSplit(
  row: OperationRow,
  { customerId: id, name }: Extract<OperationPayload, { kind: 'customer.split' }>,
): Customer {
  return unknownCustomer(row, { id, kind: 'person', name, language: 'ko', custom: {} });
}

function unknownCustomer(
  row: OperationRow,
  facts: Pick<Customer, 'id' | 'kind' | 'name' | 'language' | 'custom'>,
): Customer {
  return {
    ...facts,
    // The centre gives the number that the business prints; until then there is none.
    customerNumber: '',
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
    createdAt: row.claimed_at,
  };
}

export function contactPointsOf(
  payload: Extract<OperationPayload, { kind: 'customer.create' }>,
  country?: string,
): ContactPoint[] {
  return payload.contactPoints.map((point, index) => {
    const phone = point.kind === 'phone' ? readPhoneNumber(point.value, country) : null;
    return {
      id: point.id,
      customerId: payload.customerId,
      kind: point.kind,
      value: point.value,
      e164: phone?.e164 ?? null,
      last8: phone?.last8 ?? null,
      label: point.label,
      primary: index === 0,
    };
  });
}

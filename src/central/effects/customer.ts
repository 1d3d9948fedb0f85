import { sql } from 'kysely';
import type { ContactPoint } from '../../shared/contact-point.ts';
import type { Customer } from '../../shared/customer.ts';
import { readPhoneNumber } from '../../shared/phone-number.ts';
import { findRecord, type RecordWrite } from '../records.ts';
import { type Effect, type EffectContext, mustBeSame, mustNotBeErased, type PayloadOf, readOwn } from './effect.ts';

/** The next number that nobody has, also where a business loaded its own. */
async function nextCustomerNumber(context: EffectContext): Promise<string> {
  for (;;) {
    const { rows } = await sql<{ n: string }>`SELECT nextval('customer_number')::text AS n`.execute(context.trx);
    const number = `C-${rows[0]?.n}`;
    if (!(await findRecord(context.trx, 'customer', 'customerNumber', number))) return number;
  }
}

function contactPoints(context: EffectContext, payload: PayloadOf<'customer.create'>): ContactPoint[] {
  const seen = new Set<string>();
  return payload.contactPoints.map(({ id, kind, value, label }) => {
    const phone = kind === 'phone' ? readPhoneNumber(value, context.country) : null;
    const primary = !seen.has(kind);
    seen.add(kind);
    const { customerId } = payload;
    return { id, customerId, kind, value, e164: phone?.e164 ?? null, last8: phone?.last8 ?? null, label, primary };
  });
}

export const createCustomer: Effect<'customer.create'> = async (context, payload) => {
  const { customerId, customerKind, name, language, custom } = payload;
  await mustNotBeErased(context, customerId);
  const existing = await readOwn(context, 'customer', customerId);
  mustBeSame(existing, { name, kind: customerKind }, `customer ${customerId}`);
  if (existing !== null) return [];
  const points = contactPoints(context, payload);
  for (const point of points) {
    const taken = await readOwn(context, 'contact_point', point.id);
    mustBeSame(taken, { customerId }, `contact point ${point.id}`);
  }
  const data = await newCustomer(context, { id: customerId, kind: customerKind, name, language, custom });
  const writes: RecordWrite[] = points.map((point) => ({ table: 'contact_point', id: point.id, data: point }));
  return [{ table: 'customer', id: customerId, data }, ...writes];
};

/** Somebody of whom nothing else is known yet, with the next number. */
export async function newCustomer(
  context: EffectContext,
  facts: Pick<Customer, 'id' | 'kind' | 'name' | 'language' | 'custom'>,
): Promise<Customer> {
  return {
    ...facts,
    customerNumber: await nextCustomerNumber(context),
    tier: 'basic',
    birthday: null,
    customerSince: context.now.slice(0, 10),
    lifetimeValue: null,
    lifetimeValueTrend: null,
    churnRisk: null,
    churnWhy: [],
    balanceOwed: null,
    overdueSince: null,
    lastSeenPage: null,
    createdAt: context.now,
  };
}

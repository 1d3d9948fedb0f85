import { sql } from 'kysely';
import { AdminCustomer, type AdminPageResponse, type RowError } from '../../shared/central-admin-api.ts';
import type { ContactPoint } from '../../shared/contact-point.ts';
import { type Customer, type CustomField, fieldsOf } from '../../shared/customer.ts';
import { type Id, newId } from '../../shared/ids.ts';
import { readPhoneNumber } from '../../shared/phone-number.ts';
import { type Clock, instant } from '../clock.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import { liveCustomerId } from '../merged.ts';
import { countWrittenRecords, listRecords, type RecordWrite } from '../records.ts';
import { whatIsWrong } from '../sync/read-operation.ts';
import { derivedId } from './derived-id.ts';
import { lockCustomerNumbers } from './natural-keys.ts';
import { customProblem } from './own-fields.ts';

/** One customer as an administrator gives them, or what is wrong in words: `field: why`. */
export function readCustomer(raw: unknown, fields: readonly CustomField[]): AdminCustomer | string {
  const customer = AdminCustomer.safeParse(raw);
  if (!customer.success) return whatIsWrong(customer.error);
  const unholdable = Object.entries(customer.data).find(([, value]) => !canBeHeld(value));
  if (unholdable) return `${unholdable[0]}: has a character that is none`;
  return customProblem(customer.data.custom, fields) ?? customer.data;
}

/** A text of the database has no U+0000 and no half of a character. */
function canBeHeld(value: unknown): boolean {
  const text = JSON.stringify(value) ?? '';
  return !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i.test(text);
}

/** Writes a page of customers by their numbers. What a page does not say of a known customer stays as it was. */
export async function putCustomers(
  context: { db: Db; clock: Clock; country: string },
  page: unknown[],
): Promise<AdminPageResponse> {
  const { db, clock, country } = context;
  const fields = fieldsOf(await listRecords(db, 'custom_field'), 'customer');
  const errors: RowError[] = [];
  const fitting: AdminCustomer[] = [];
  for (const [index, raw] of page.entries()) {
    const customer = readCustomer(raw, fields);
    if (typeof customer !== 'string') fitting.push(customer);
    else errors.push({ index, code: 'INVALID', detail: customer });
  }
  return withRetry(() =>
    db.transaction().execute(async (trx) => {
      await lockCustomerNumbers(trx);
      const { changed, unchanged } = await writeCustomers(trx, fitting, { now: instant(clock), country });
      return { changed, unchanged, errors };
    }),
  );
}

/** Creates or changes customers by their numbers; lockCustomerNumbers first. Counts customers, and numbers and addresses that changed. */
export async function writeCustomers(
  trx: Db,
  page: AdminCustomer[],
  { now, country }: { now: string; country: string },
): Promise<{ changed: number; unchanged: number; contactPoints: number }> {
  const known = await knownCustomers(trx, page);
  const heirs = await heirsOf(trx, known);
  const people: RecordWrite[] = [];
  const points: RecordWrite[] = [];
  for (const wanted of page) {
    const data = merged(known.get(wanted.customerNumber) ?? null, wanted, now);
    known.set(wanted.customerNumber, data);
    people.push({ table: 'customer', id: data.id, data });
    points.push(...contactWrites({ id: data.id, owner: heirs.get(data.id) ?? data.id }, wanted, country));
  }
  const changed = await countWrittenRecords(trx, people);
  return { changed, unchanged: page.length - changed, contactPoints: await countWrittenRecords(trx, points) };
}

/** Each number is looked up by its index: within an import the table grows, and nothing knows yet how large it is. */
async function knownCustomers(db: Db, wanted: AdminCustomer[]): Promise<Map<string, Customer>> {
  const numbers = JSON.stringify(wanted.map(({ customerNumber }) => customerNumber));
  const { rows: found } = await sql<{ id: string }>`
    SELECT r.id FROM jsonb_array_elements_text(${numbers}::jsonb) AS n (number) CROSS JOIN LATERAL (
      SELECT id FROM record WHERE tbl = 'customer' AND NOT deleted AND data->>'customerNumber' = n.number LIMIT 10) r`.execute(
    db,
  );
  if (found.length === 0) return new Map();
  const ids = JSON.stringify(found.map(({ id }) => id));
  const { rows } = await sql<{ data: Customer }>`
    SELECT data FROM record WHERE tbl = 'customer' AND NOT deleted
      AND id IN (SELECT jsonb_array_elements_text(${ids}::jsonb)::uuid) ORDER BY id FOR UPDATE`.execute(db);
  return new Map(rows.map(({ data }) => [data.customerNumber, data]));
}

/** Of those who were merged: whoever has their numbers and addresses now. */
async function heirsOf(db: Db, known: Map<string, Customer>): Promise<Map<Id, Id>> {
  const heirs = new Map<Id, Id>();
  for (const { id, mergedInto } of known.values()) if (mergedInto) heirs.set(id, await liveCustomerId(db, id));
  return heirs;
}

function merged(before: Customer | null, wanted: AdminCustomer, now: string): Customer {
  const { customerNumber, name, kind, language, tier, birthday, customerSince, custom } = wanted;
  const said = {
    customerNumber,
    name,
    kind: kind ?? before?.kind ?? 'person',
    language: language ?? before?.language ?? 'ko',
    tier: tier ?? before?.tier ?? 'basic',
  };
  if (before !== null) {
    return {
      ...before,
      ...said,
      birthday: birthday ?? before.birthday,
      customerSince: customerSince ?? before.customerSince,
      custom: { ...before.custom, ...custom },
    };
  }
  return {
    id: newId(),
    ...said,
    birthday,
    customerSince,
    lifetimeValue: null,
    lifetimeValueTrend: null,
    churnRisk: null,
    churnWhy: [],
    balanceOwed: null,
    overdueSince: null,
    lastSeenPage: null,
    custom,
    createdAt: now,
  };
}

/** Ids are derived from the values: the same page again is the same rows. */
function contactWrites(
  { id: customerId, owner }: { id: Id; owner: Id },
  wanted: AdminCustomer,
  country: string,
): RecordWrite[] {
  const point = (kind: ContactPoint['kind'], value: string, primary: boolean): RecordWrite => {
    const phone = kind === 'phone' ? readPhoneNumber(value, country) : null;
    const id = derivedId('contact_point', customerId, kind, phone?.e164 ?? value);
    const numbers = { e164: phone?.e164 ?? null, last8: phone?.last8 ?? null };
    return {
      table: 'contact_point',
      id,
      data: { id, customerId: owner, kind, value, ...numbers, label: null, primary },
    };
  };
  const phones = wanted.phones.map((phone, index) => point('phone', phone, index === 0));
  const email = wanted.email ? [point('email', wanted.email, true)] : [];
  const address = wanted.address ? [point('address', wanted.address, true)] : [];
  return [...phones, ...email, ...address];
}

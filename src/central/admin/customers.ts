import { sql } from 'kysely';
import { AdminCustomer, type AdminPageResponse, type RowError } from '../../shared/central-admin-api.ts';
import type { ContactPoint } from '../../shared/contact-point.ts';
import type { Customer, CustomField, CustomValues } from '../../shared/customer.ts';
import { type Id, newId } from '../../shared/ids.ts';
import { readPhoneNumber } from '../../shared/phone-number.ts';
import { type Clock, instant } from '../clock.ts';
import { withRetry } from '../db/database-error.ts';
import type { Db } from '../db/store.ts';
import { listRecords, type RecordWrite, writeRecords } from '../records.ts';
import { whatIsWrong } from '../sync/read-operation.ts';
import { derivedId } from './derived-id.ts';
import { lockAdministration } from './natural-keys.ts';

/** Writes a page of customers by their numbers. What a page does not say of a known customer stays as it was. */
export async function putCustomers(
  context: { db: Db; clock: Clock; country: string },
  page: unknown[],
): Promise<AdminPageResponse> {
  const { db, clock, country } = context;
  const fields = await listRecords(db, 'custom_field');
  const errors: RowError[] = [];
  const fitting: AdminCustomer[] = [];
  for (const [index, raw] of page.entries()) {
    const customer = AdminCustomer.safeParse(raw);
    const problem = customer.success ? customProblem(customer.data.custom, fields) : whatIsWrong(customer.error);
    if (customer.success && problem === null) fitting.push(customer.data);
    else errors.push({ index, code: 'INVALID', detail: problem ?? '' });
  }
  return withRetry(() =>
    db.transaction().execute(async (trx) => {
      await lockAdministration(trx);
      const known = await knownCustomers(trx, fitting);
      const writes = fitting.flatMap((wanted) => {
        const data = merged(known.get(wanted.customerNumber) ?? null, wanted, instant(clock));
        known.set(wanted.customerNumber, data);
        return [
          { table: 'customer', id: data.id, data } satisfies RecordWrite,
          ...contactWrites(data.id, wanted, country),
        ];
      });
      const changed = await writeRecords(trx, writes);
      const changedCustomers = changed.filter((row) => row.startsWith('{"table":"customer"')).length;
      return { changed: changedCustomers, unchanged: fitting.length - changedCustomers, errors };
    }),
  );
}

function customProblem(custom: CustomValues, fields: CustomField[]): string | null {
  const unknown = Object.keys(custom).find((key) => !fields.some((field) => field.key === key));
  return unknown === undefined ? null : `custom.${unknown}: there is no such custom field`;
}

async function knownCustomers(db: Db, wanted: AdminCustomer[]): Promise<Map<string, Customer>> {
  const numbers = JSON.stringify(wanted.map(({ customerNumber }) => customerNumber));
  const { rows } = await sql<{ data: Customer }>`
    SELECT data FROM record WHERE tbl = 'customer' AND NOT deleted
      AND data->>'customerNumber' IN (SELECT jsonb_array_elements_text(${numbers}::jsonb)) ORDER BY id FOR UPDATE`.execute(
    db,
  );
  return new Map(rows.map(({ data }) => [data.customerNumber, data]));
}

function merged(before: Customer | null, wanted: AdminCustomer, now: string): Customer {
  const { customerNumber, name, kind, language, tier, birthday, customerSince, custom } = wanted;
  const said = { customerNumber, name, kind, language, tier };
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
function contactWrites(customerId: Id, wanted: AdminCustomer, country: string): RecordWrite[] {
  const point = (kind: ContactPoint['kind'], value: string, primary: boolean): RecordWrite => {
    const phone = kind === 'phone' ? readPhoneNumber(value, country) : null;
    const id = derivedId('contact_point', customerId, kind, phone?.e164 ?? value);
    const numbers = { e164: phone?.e164 ?? null, last8: phone?.last8 ?? null };
    return { table: 'contact_point', id, data: { id, customerId, kind, value, ...numbers, label: null, primary } };
  };
  const phones = wanted.phones.map((phone, index) => point('phone', phone, index === 0));
  const email = wanted.email ? [point('email', wanted.email, true)] : [];
  const address = wanted.address ? [point('address', wanted.address, true)] : [];
  return [...phones, ...email, ...address];
}

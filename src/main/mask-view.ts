import type { ContactPoint } from '../shared/contact-point.ts';
import { type ContestedField, type Customer, isSensitive } from '../shared/customer.ts';
import type { CallReason } from '../shared/customer-360.ts';
import { MASKED, maskAddress, maskBirthday, maskEmail, maskName, maskPhone, maskText } from '../shared/masking.ts';
import type { CustomerRows } from './customer-rows.ts';

/** The name as screens may show it. A company's name is no personal data. */
export function shownName(customer: Pick<Customer, 'kind' | 'name'>): string {
  return customer.kind === 'company' ? customer.name : maskName(customer.name);
}

function maskContactPoint(point: ContactPoint, mask: (phone: string) => string): ContactPoint {
  switch (point.kind) {
    case 'phone':
      // E.164 and last8 are what a lookup uses; a screen has no use for them.
      return { ...point, value: mask(point.e164 ?? point.value), e164: null, last8: null };
    case 'email':
      return { ...point, value: maskEmail(point.value) };
    case 'address':
      return { ...point, value: maskAddress(point.value) };
  }
}

/** Values of fields that are sensitive, and of keys that no field describes. */
function maskCustom(rows: CustomerRows): Customer['custom'] {
  const open = new Set(rows.customFields.filter((field) => !isSensitive(field)).map((field) => field.key));
  return Object.fromEntries(
    Object.entries(rows.customer.custom).map(([key, value]) => [
      key,
      open.has(key) || value === null || value === '' ? value : MASKED,
    ]),
  );
}

/** The other values of a field are hidden as the field is. */
function maskContested(rows: CustomerRows): ContestedField[] {
  const { customer } = rows;
  return (customer.contested ?? []).map((one) => {
    const { field, value } = one;
    if (field === 'name') return { ...one, value: shownName({ ...customer, name: String(value) }) };
    if (field === 'birthday') return { ...one, value: typeof value === 'string' ? maskBirthday(value) : value };
    if (!field.startsWith('custom.')) return one;
    const key = field.slice('custom.'.length);
    const masked = maskCustom({ ...rows, customer: { ...customer, custom: { [key]: value } } });
    return { ...one, value: masked[key] ?? null };
  });
}

/** What people wrote, among the data of a reason (call-reasons.ts). */
const TEXTS_OF_REASONS = new Set(['what', 'subject']);

/** Subjects and promises are said again in the reasons of a call. */
export function maskReasons(reasons: readonly CallReason[], country: string): CallReason[] {
  return reasons.map((reason) => ({
    ...reason,
    data: Object.fromEntries(
      Object.entries(reason.data).map(([key, value]) => [
        key,
        TEXTS_OF_REASONS.has(key) && typeof value === 'string' ? maskText(value, country) : value,
      ]),
    ),
  }));
}

/** The one place where a customer's rows are masked on their way to a screen. */
export function maskRows(rows: CustomerRows, country: string): CustomerRows {
  // A history names the same one or two numbers again and again, and reading a number is the dear part.
  const masked = new Map<string, string>();
  const maskOnce = (phone: string): string => {
    const known = masked.get(phone);
    if (known !== undefined) return known;
    const made = maskPhone(phone, country);
    masked.set(phone, made);
    return made;
  };
  return {
    ...rows,
    customer: {
      ...rows.customer,
      name: shownName(rows.customer),
      birthday: rows.customer.birthday === null ? null : maskBirthday(rows.customer.birthday),
      custom: maskCustom(rows),
      ...(rows.customer.contested ? { contested: maskContested(rows) } : {}),
    },
    cases: rows.cases.map((one) => ({ ...one, subject: maskText(one.subject, country) })),
    promises: rows.promises.map((one) => ({ ...one, what: maskText(one.what, country) })),
    contactPoints: rows.contactPoints.map((point) => maskContactPoint(point, maskOnce)),
    timeline: rows.timeline.map((entry) => {
      const { phone, subject } = entry.interaction;
      if (phone === null && subject === null) return entry;
      const masked = { phone: phone && maskOnce(phone), subject: subject && maskText(subject, country) };
      return { ...entry, interaction: { ...entry.interaction, ...masked } };
    }),
  };
}

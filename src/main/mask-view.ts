import type { ContactPoint } from '../shared/contact-point.ts';
import type { Customer } from '../shared/customer.ts';
import { maskAddress, maskEmail, maskName, maskPhone } from '../shared/masking.ts';
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
    customer: { ...rows.customer, name: shownName(rows.customer) },
    contactPoints: rows.contactPoints.map((point) => maskContactPoint(point, maskOnce)),
    timeline: rows.timeline.map((entry) => {
      const { phone } = entry.interaction;
      if (phone === null) return entry;
      return { ...entry, interaction: { ...entry.interaction, phone: maskOnce(phone) } };
    }),
  };
}

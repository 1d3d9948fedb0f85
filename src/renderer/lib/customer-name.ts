import type { Customer } from '../../shared/customer.ts';
import type { Words } from '../i18n.ts';

/** How a desk names a customer: people with their 님 (in Korean), companies as they are. */
export function nameOf(t: Words['t'], customer: Pick<Customer, 'kind' | 'name'>): string {
  return customer.kind === 'company' ? customer.name : t('customer:name', { name: customer.name });
}

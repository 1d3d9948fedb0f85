import { sampleCustomer } from './sample-customer.ts';
import type { SampleOptions, SampleRow } from './sample-row.ts';

/**
 * Sample customers one after another, each as all of its rows. Pure: the same options give the same rows, and customer n
 * is the same whoever comes before. Nothing is kept between two customers, so a million of them need no memory.
 */
export function* sampleCustomers(options: SampleOptions): Generator<SampleRow[]> {
  for (let index = options.from; index < options.to; index += 1) yield sampleCustomer(options, index);
}

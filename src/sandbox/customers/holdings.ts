import type { Holding } from '../../shared/work.ts';
import { DAY_MS, day } from './dates.ts';
import { CATALOGUE, type CatalogueProduct, productId } from './products.ts';
import { type Random, sampleId } from './random.ts';

const ofGroup = (group: CatalogueProduct['group']) => CATALOGUE.filter((product) => product.group === group);

/** What the customer subscribes to: one mobile plan mostly, often internet with television, sometimes something else. */
export function chooseProducts(random: Random, birthYear: number | null): [CatalogueProduct, ...CatalogueProduct[]] {
  const one = (group: CatalogueProduct['group']): CatalogueProduct => {
    const [first, ...rest] = ofGroup(group);
    return first ? random.pick([first, ...rest]) : CATALOGUE[0];
  };
  const senior = CATALOGUE.find((product) => product.code === 'LTE-SR') ?? CATALOGUE[0];
  const products: [CatalogueProduct, ...CatalogueProduct[]] = [
    birthYear !== null && birthYear < 1955 ? senior : one('mobile'),
  ];
  if (random.chance(0.55)) products.push(one('internet'));
  if (products.length > 1 && random.chance(0.6)) products.push(one('tv'));
  if (random.chance(0.25)) products.push(one('extra'));
  return products;
}

/**
 * The holdings as rows. A contract is renewed each time it runs out, so the next end lies between now and one whole term;
 * one in fifteen is about to end.
 */
export function holdingRows(
  random: Random,
  options: {
    seed: number;
    index: number;
    now: number;
    since: number;
    products: readonly CatalogueProduct[];
    leaving: boolean;
  },
): Holding[] {
  const { seed, index, now } = options;
  return options.products.map((product, part) => {
    const started = options.since + Math.floor((now - options.since) * random.next() * 0.6);
    const term = product.months * 30 * DAY_MS;
    const soon = random.chance(1 / 15)
      ? random.int(3, 40) * DAY_MS
      : random.int(41, Math.max(42, product.months * 30)) * DAY_MS;
    const ended = options.leaving && part > 0 && random.chance(0.3);
    const ends = ended ? now - random.int(10, 200) * DAY_MS : term === 0 ? null : now + soon;
    return {
      id: sampleId(seed, 'holding', index, part),
      customerId: sampleId(seed, 'customer', index),
      productId: productId(seed, product.code),
      status: ended ? 'ended' : random.chance(0.02) ? 'suspended' : 'active',
      startedOn: day(Math.min(started, (ends ?? now) - DAY_MS)),
      endsOn: ends === null ? null : day(ends),
      monthlyFee: { amount: Math.round((product.fee * random.int(75, 100)) / 1000) * 10, currency: 'KRW' },
    };
  });
}

import type { CustomerSearchResult, NarrowBy } from '../../src/shared/customer-search.ts';
import { candidates, INTERESTS } from './desk-fixtures.ts';

const GOLF = { ko: '골프', en: 'Golf' };

/** What the finder of a gallery page is told: by name, by the number of a case, by 골프 as an interest. */
export function fakeSearch(
  { text, narrow = [] }: { text: string; narrow?: NarrowBy[] | undefined },
  now: number,
): CustomerSearchResult {
  const all = candidates(now);
  const golfers = all.map((one) => ({ ...one, foundOwn: { label: INTERESTS.label, value: GOLF } }));
  if (narrow.length > 0) return { candidates: golfers, more: true, count: { n: 1000, atLeast: true } };
  if (text === '골프') {
    const offers = [{ key: 'interests', value: '골프', label: INTERESTS.label, name: GOLF }];
    return { candidates: golfers.slice(0, 2), offers };
  }
  const foundCase = { number: '1042', subject: '공유기 교체품 배송 지연', status: 'waiting' } as const;
  if (text.startsWith('#')) return { candidates: all.slice(0, 1).map((one) => ({ ...one, foundCase })) };
  return { candidates: all.filter((one) => one.name.startsWith(text.slice(0, 1))) };
}

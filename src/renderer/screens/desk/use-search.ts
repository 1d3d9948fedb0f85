import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CustomerSearchResult, FoundCustomer, NarrowBy, NarrowOffer } from '../../../shared/customer-search.ts';
import { useDesk } from '../../desk-context.tsx';

export type Found =
  | { state: 'idle' }
  | { state: 'searching' }
  | {
      state: 'found';
      candidates: readonly FoundCustomer[];
      more: boolean;
      /** How many fit what the search is narrowed to. */
      count: CustomerSearchResult['count'];
      /** What the search could be narrowed to. */
      offers: readonly NarrowOffer[];
      indexing: boolean;
    }
  | { state: 'failed' };

const SEARCH_AFTER_MS = 80;

/** What is found as one types; asked again when the first load is over: until then most customers are still on their way. */
export function useSearch(text: string, narrow: readonly NarrowBy[]): Found {
  const desk = useDesk();
  const isLoading = useStore(desk.sync.store, ({ status }) => status?.phase === 'bootstrapping');
  const [found, setFound] = useState<Found>({ state: 'idle' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `isLoading` only says that it is time
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === '' && narrow.length === 0) return setFound({ state: 'idle' });
    let stale = false;
    setFound((before) => (before.state === 'found' ? before : { state: 'searching' }));
    const timer = setTimeout(() => {
      const by = narrow.map(({ key, value }) => ({ key, value }));
      desk.api.customer.search({ text: wanted, ...(by.length > 0 ? { narrow: by } : {}) }).then(
        ({ more = false, offers = [], indexing = false, ...rest }) =>
          !stale && setFound({ state: 'found', ...rest, count: rest.count, more, offers, indexing }),
        () => !stale && setFound({ state: 'failed' }),
      );
    }, SEARCH_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [desk, text, narrow, isLoading]);
  return found;
}

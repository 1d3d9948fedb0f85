import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Customer360, CustomerCandidate, CustomerOpenResult } from '../../shared/customer-360.ts';
import type { DangolError } from '../../shared/errors.ts';
import type { Instant } from '../../shared/text.ts';
import { toDangolError } from '../host-client.ts';

/** What stands where the customer stands. `view` may still be shown while it is read again. */
export type CustomerPane =
  | { state: 'loading'; since: number }
  | {
      state: 'open';
      view: Customer360;
      remembered: boolean;
      others: readonly CustomerCandidate[];
      unmaskedUntil: number | null;
    }
  | { state: 'several'; candidates: readonly CustomerCandidate[]; asOf: Instant | null }
  | { state: 'none'; asOf: Instant | null; asking: 'no' | 'asking' | 'unknown_there'; problem: DangolError | null }
  | { state: 'withheld' }
  | { state: 'error'; problem: DangolError };

export interface CustomerState {
  /** By the key of what is on screen: `call:<id>` or `customer:<id>`. */
  panes: Readonly<Record<string, CustomerPane>>;
}

export type OpenPane = Extract<CustomerPane, { state: 'open' }>;

/** Where panes are read and written. An answer is written only where nobody chose anything else while it was on its way. */
export interface Panes {
  store: StoreApi<CustomerState>;
  get: (key: string) => CustomerPane | undefined;
  set: (key: string, pane: CustomerPane) => void;
  /** Writes in the place of this very pane, if it still stands there. @returns whether it did. */
  replace: (key: string, shown: CustomerPane, pane: CustomerPane) => boolean;
  /** Changes the open pane of this customer, if it still stands there and belongs to the same agent's time (`since`). */
  change: (key: string, customerId: string, since: number, how: (shown: OpenPane) => OpenPane) => boolean;
  /** Shows that something is on its way, then what came, in one paint. */
  load: (key: string, request: () => Promise<CustomerPane>) => Promise<void>;
  remove: (key: string) => void;
  /** Grows when everything is cleared: what was asked before is nobody's answer now. */
  time: () => number;
  clear: () => void;
}

interface PanesOptions {
  now: () => number;
  onCustomer: (key: string, customerId: string) => void;
  paint: (change: () => void) => void;
}

export function createPanes({ now, onCustomer, paint }: PanesOptions): Panes {
  const store = createStore<CustomerState>(() => ({ panes: {} }));
  let time = 0;
  const get = (key: string) => store.getState().panes[key];
  const set = (key: string, pane: CustomerPane) => {
    store.setState((state) => ({ panes: { ...state.panes, [key]: pane } }));
    if (pane.state === 'open') onCustomer(key, pane.view.customer.id);
  };
  const replace = (key: string, shown: CustomerPane, pane: CustomerPane) => {
    if (get(key) !== shown) return false;
    paint(() => set(key, pane));
    return true;
  };
  return {
    store,
    get,
    set,
    replace,
    change: (key, customerId, since, how) => {
      const shown = get(key);
      if (since !== time || shown?.state !== 'open' || shown.view.customer.id !== customerId) return false;
      const pane = how(shown);
      if (pane !== shown) paint(() => set(key, pane));
      return true;
    },
    load: async (key, request) => {
      const waiting: CustomerPane = { state: 'loading', since: now() };
      set(key, waiting);
      try {
        replace(key, waiting, await request());
      } catch (error) {
        replace(key, waiting, { state: 'error', problem: toDangolError(error) });
      }
    },
    remove: (key) =>
      store.setState((state) => ({
        panes: Object.fromEntries(Object.entries(state.panes).filter(([other]) => other !== key)),
      })),
    time: () => time,
    clear: () => {
      time += 1;
      store.setState({ panes: {} });
    },
  };
}

/** What the host's answer looks like. */
export function paneOf(result: CustomerOpenResult): CustomerPane {
  switch (result.match) {
    case 'one':
      return { ...opened(result.view), remembered: result.remembered, others: result.others };
    case 'several':
      return { state: 'several', candidates: result.candidates, asOf: result.asOf };
    case 'none':
      return { state: 'none', asOf: result.asOf, asking: 'no', problem: null };
    case 'withheld':
      return { state: 'withheld' };
  }
}

export function opened(view: Customer360): OpenPane {
  return { state: 'open', view, remembered: false, others: [], unmaskedUntil: null };
}

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
  /** What came for a place while the agent was writing there: it waits for their key. */
  offers: Readonly<Record<string, CustomerPane>>;
}

export type OpenPane = Extract<CustomerPane, { state: 'open' }>;

/** Where panes are read and written. An answer is written only where nobody chose anything else while it was on its way. */
export interface Panes {
  store: StoreApi<CustomerState>;
  get: (key: string) => CustomerPane | undefined;
  set: (key: string, pane: CustomerPane) => void;
  /** Writes in the place of this very pane, if it still stands there. @returns whether it did. */
  replace: (key: string, shown: CustomerPane, pane: CustomerPane) => boolean;
  /** The same for what nobody asked for at this moment: while the agent writes there it is offered beside, not put in its place. */
  arrive: (key: string, shown: CustomerPane, pane: CustomerPane) => boolean;
  /** Shows what is offered. @returns whether something was. */
  takeOffer: (key: string) => boolean;
  /** True while the agent is writing there. */
  inUse: (key: string) => boolean;
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
  inUse?: ((key: string) => boolean) | undefined;
}

export function createPanes({ now, onCustomer, paint, inUse = () => false }: PanesOptions): Panes {
  const store = createStore<CustomerState>(() => ({ panes: {}, offers: {} }));
  let time = 0;
  const get = (key: string) => store.getState().panes[key];
  const set = (key: string, pane: CustomerPane) => {
    store.setState(({ panes, offers }) => ({ panes: { ...panes, [key]: pane }, offers: without(offers, key) }));
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
    inUse,
    arrive: (key, shown, pane) => {
      // The same form goes on with another word under it.
      if (!inUse(key) || (shown.state === 'none' && pane.state === 'none')) return replace(key, shown, pane);
      if (get(key) !== shown) return false;
      const stays: CustomerPane = shown.state === 'none' ? { ...shown, asking: 'no', problem: null } : shown;
      paint(() =>
        store.setState(({ panes, offers }) => ({
          panes: { ...panes, [key]: stays },
          offers: { ...offers, [key]: pane },
        })),
      );
      return true;
    },
    takeOffer: (key) => {
      const offer = store.getState().offers[key];
      if (offer) paint(() => set(key, offer));
      return offer !== undefined;
    },
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
      store.setState(({ panes, offers }) => ({ panes: without(panes, key), offers: without(offers, key) })),
    time: () => time,
    clear: () => {
      time += 1;
      store.setState({ panes: {}, offers: {} });
    },
  };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!(key in record)) return record;
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));
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

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Customer360, CustomerCandidate, CustomerOpenResult } from '../../shared/customer-360.ts';
import type { DangolError } from '../../shared/errors.ts';
import type { Instant, Language } from '../../shared/text.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';

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

export interface CallTie {
  callId: string;
  number: string | null;
  customerRef: string | null;
  direction: 'in' | 'out';
}

export interface CustomerStore {
  store: StoreApi<CustomerState>;
  /** The pop: one request, answered from the local store. */
  pop: (key: string, call: CallTie) => Promise<void>;
  view: (key: string, customerId: string, callId: string | null) => Promise<void>;
  pick: (key: string, call: CallTie, customerId: string, remember: boolean) => Promise<void>;
  askCentre: (key: string, call: CallTie) => Promise<void>;
  create: (key: string, call: CallTie | null, customer: NewCustomer) => Promise<DangolError | null>;
  peek: (key: string, reason: string) => Promise<DangolError | null>;
  mask: (key: string) => Promise<void>;
  /** Reads again what is on screen of these customers. */
  changed: (customerIds: readonly string[], all: boolean) => void;
  forget: (key: string) => void;
  clear: () => void;
}

export interface NewCustomer {
  /** Made once by the form: a repeat is the same customer. */
  customerId: string;
  name: string;
  kind: 'person' | 'company';
  language: Language;
}

export interface CustomerStoreOptions {
  api: DeskApi;
  now: () => number;
  /** Told whenever a key's customer becomes known or another. */
  onCustomer: (key: string, customerId: string) => void;
  /** Runs a state change so that it is on screen before anything else happens (flushSync in the page). */
  paint: (change: () => void) => void;
}

export const PEEK_MS = 30_000;
const REREAD_AFTER_MS = 150;

/** Short, for the closures below: where panes are read and written. */
interface Panes {
  get: (key: string) => CustomerPane | undefined;
  set: (key: string, pane: CustomerPane) => void;
}

function paneOf(result: CustomerOpenResult): CustomerPane {
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

function opened(view: Customer360): Extract<CustomerPane, { state: 'open' }> {
  return { state: 'open', view, remembered: false, others: [], unmaskedUntil: null };
}

export function createCustomerStore(options: CustomerStoreOptions): CustomerStore {
  const { api, now, onCustomer } = options;
  const store = createStore<CustomerState>(() => ({ panes: {} }));
  const masking = new Map<string, ReturnType<typeof setTimeout>>();
  const rereading = new Map<string, ReturnType<typeof setTimeout>>();
  /** The calls behind the panes that found nobody: asked again when customers arrive. */
  const strangers = new Map<string, { call: CallTie; asking: boolean }>();
  const panes: Panes = {
    get: (key) => store.getState().panes[key],
    set: (key, pane) => {
      store.setState((state) => ({ panes: { ...state.panes, [key]: pane } }));
      if (pane.state === 'open') onCustomer(key, pane.view.customer.id);
    },
  };

  /** Runs one request for a pane; `keep` leaves what is shown until the answer is there. */
  const load = async (key: string, keep: boolean, request: () => Promise<CustomerPane>) => {
    if (!keep) panes.set(key, { state: 'loading', since: now() });
    try {
      const pane = await request();
      options.paint(() => panes.set(key, pane));
    } catch (error) {
      if (!keep) panes.set(key, { state: 'error', problem: toDangolError(error) });
    }
  };

  const reread = async (key: string) => {
    const before = panes.get(key);
    if (before?.state !== 'open') return;
    const customerId = before.view.customer.id;
    await load(key, true, async () => {
      const view = await api.customer.view({ customerId, callId: callIdOf(key), reread: true });
      const shown = panes.get(key);
      // A peek that is still open keeps its unmasked picture; another customer chosen meanwhile stays.
      if (shown?.state !== 'open' || shown.view.customer.id !== customerId) return shown ?? opened(view);
      return shown.unmaskedUntil !== null && shown.unmaskedUntil > now()
        ? shown
        : { ...shown, view, unmaskedUntil: null };
    });
  };
  const pop = async (key: string, call: CallTie, keep: boolean) => {
    const { number, customerRef, callId, direction } = call;
    await load(key, keep, async () => {
      const pane = paneOf(await api.customer.open({ phone: number, customerRef, callId, direction }));
      const shown = panes.get(key);
      // Asked again: what the agent opened or asked the centre for meanwhile stays.
      return keep && shown && (shown.state !== 'none' || pane.state === 'none') ? shown : pane;
    });
    if (panes.get(key)?.state === 'none') strangers.set(key, { call, asking: false });
    else strangers.delete(key);
  };
  /** A caller who rang before the first load came this far is no stranger for ever. */
  const askAgain = async (key: string) => {
    const stranger = strangers.get(key);
    if (!stranger || stranger.asking) return;
    stranger.asking = true;
    await pop(key, stranger.call, true);
  };
  // News comes in bursts (the call itself is news of its customer), and the first of them while the pop is being painted.
  const rereadSoon = (key: string) => {
    if (rereading.has(key)) return;
    const timer = setTimeout(() => {
      rereading.delete(key);
      void reread(key);
    }, REREAD_AFTER_MS);
    rereading.set(key, timer);
  };
  const mask = async (key: string) => {
    clearTimeout(masking.get(key));
    masking.delete(key);
    const shown = panes.get(key);
    if (shown?.state !== 'open') return;
    panes.set(key, { ...shown, unmaskedUntil: null });
    await reread(key);
  };

  return {
    store,
    pop: (key, call) => pop(key, call, false),
    view: (key, customerId, callId) =>
      load(key, false, async () => opened(await api.customer.view({ customerId, callId, reread: false }))),
    pick: (key, { number, callId }, customerId, remember) => {
      const before = panes.get(key);
      const others = before?.state === 'several' ? before.candidates : before?.state === 'open' ? before.others : [];
      return load(key, false, async () => {
        const view =
          number === null
            ? await api.customer.view({ customerId, callId, reread: false })
            : await api.customer.pick({ phone: number, customerId, callId, remember });
        return { ...opened(view), others: others.filter((other) => other.id !== customerId) };
      });
    },
    askCentre: (key, call) => askCentre(panes, api, key, call),
    create: async (key, call, { customerId, name, kind, language }) => {
      try {
        const phone = call?.number ?? null;
        const view = await api.customer.create({
          customerId,
          name,
          kind,
          language,
          phone,
          callId: call?.callId ?? null,
        });
        panes.set(key, opened(view));
        return null;
      } catch (error) {
        return toDangolError(error);
      }
    },
    peek: async (key, reason) => {
      const before = panes.get(key);
      if (before?.state !== 'open') return null;
      try {
        const view = await api.customer.peek({ customerId: before.view.customer.id, reason });
        panes.set(key, { ...before, view, unmaskedUntil: now() + PEEK_MS });
        clearTimeout(masking.get(key));
        masking.set(
          key,
          setTimeout(() => void mask(key), PEEK_MS),
        );
        return null;
      } catch (error) {
        return toDangolError(error);
      }
    },
    mask,
    changed: (customerIds, all) => {
      for (const [key, pane] of Object.entries(store.getState().panes)) {
        if (pane.state === 'open' && (all || customerIds.includes(pane.view.customer.id))) rereadSoon(key);
        if (pane.state === 'none') void askAgain(key);
      }
    },
    clear: () => {
      for (const timer of [...masking.values(), ...rereading.values()]) clearTimeout(timer);
      masking.clear();
      rereading.clear();
      strangers.clear();
      store.setState({ panes: {} });
    },
    forget: (key) => {
      clearTimeout(masking.get(key));
      masking.delete(key);
      strangers.delete(key);
      store.setState((state) => ({
        panes: Object.fromEntries(Object.entries(state.panes).filter(([k]) => k !== key)),
      }));
    },
  };
}

async function askCentre(panes: Panes, api: DeskApi, key: string, call: CallTie): Promise<void> {
  const before = panes.get(key);
  if (before?.state !== 'none' || call.number === null) return;
  panes.set(key, { ...before, asking: 'asking', problem: null });
  try {
    const pane = paneOf(await api.customer.askCentre({ phone: call.number, callId: call.callId }));
    panes.set(key, pane.state === 'none' ? { ...pane, asking: 'unknown_there' } : pane);
  } catch (error) {
    panes.set(key, { ...before, asking: 'no', problem: toDangolError(error) });
  }
}

function callIdOf(key: string): string | null {
  return key.startsWith('call:') ? key.slice('call:'.length) : null;
}

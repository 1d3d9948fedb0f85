import type { StoreApi } from 'zustand/vanilla';
import type { Customer360 } from '../../shared/customer-360.ts';
import type { DangolError } from '../../shared/errors.ts';
import type { Language } from '../../shared/text.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';
import { type CustomerPane, type CustomerState, createPanes, opened, type Panes, paneOf } from './customer-panes.ts';

export type { CustomerPane } from './customer-panes.ts';

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
  /** Whether a caller who is not on this desk may well be known to the centre: then it is asked while it rings. */
  asksCentre?: () => boolean;
  /** Runs a state change so that it is on screen before anything else happens (flushSync in the page). */
  paint: (change: () => void) => void;
}

export const PEEK_MS = 30_000;
const REREAD_AFTER_MS = 150;

export function createCustomerStore(options: CustomerStoreOptions): CustomerStore {
  const { api, now } = options;
  const panes = createPanes(options);
  const peeks = createPeeks(panes, now);
  const rereading = new Map<string, ReturnType<typeof setTimeout>>();
  /** The calls behind the panes that found nobody: asked again when customers arrive. */
  const strangers = new Map<string, { call: CallTie; asking: boolean }>();

  const reread = async (key: string) => {
    const before = panes.get(key);
    if (before?.state !== 'open') return;
    const customerId = before.view.customer.id;
    const since = panes.time();
    try {
      const view = await api.customer.view({ customerId, callId: callIdOf(key), reread: true });
      // A peek that is still open keeps its unmasked picture.
      panes.change(key, customerId, since, (shown) => (shown.unmaskedUntil === null ? { ...shown, view } : shown));
    } catch {
      // What is shown stays; the next news reads it again.
    }
  };
  const open = async ({ number, customerRef, callId, direction }: CallTie) =>
    paneOf(await api.customer.open({ phone: number, customerRef, callId, direction }));
  const keepStranger = (key: string, call: CallTie) => {
    if (panes.get(key)?.state === 'none') strangers.set(key, { call, asking: false });
    else strangers.delete(key);
  };
  /** A caller who rang before the first load came this far is no stranger for ever. */
  const askAgain = async (key: string) => {
    const stranger = strangers.get(key);
    if (!stranger || stranger.asking) return;
    stranger.asking = true;
    const before = panes.get(key);
    try {
      const pane = await open(stranger.call);
      if (before && pane.state !== 'none') panes.replace(key, before, pane);
    } catch {
      // They stay a stranger until the next news.
    }
    if (strangers.get(key) === stranger) keepStranger(key, stranger.call);
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
    peeks.end(key);
    await reread(key);
  };

  return {
    store: panes.store,
    pop: async (key, call) => {
      await panes.load(key, () => open(call));
      keepStranger(key, call);
      if (panes.get(key)?.state === 'none' && options.asksCentre?.()) await askCentre(panes, api, key, call);
    },
    view: (key, customerId, callId) =>
      panes.load(key, async () => opened(await api.customer.view({ customerId, callId, reread: false }))),
    pick: (key, { number, callId }, customerId, remember) => {
      const before = panes.get(key);
      const others = before?.state === 'several' ? before.candidates : before?.state === 'open' ? before.others : [];
      return panes.load(key, async () => {
        const view =
          number === null
            ? await api.customer.view({ customerId, callId, reread: false })
            : await api.customer.pick({ phone: number, customerId, callId, remember });
        return { ...opened(view), others: others.filter((other) => other.id !== customerId) };
      });
    },
    askCentre: (key, call) => askCentre(panes, api, key, call),
    create: (key, call, customer) => createFrom(panes, api, key, call, customer),
    peek: async (key, reason) => {
      const before = panes.get(key);
      if (before?.state !== 'open') return null;
      const customerId = before.view.customer.id;
      const since = panes.time();
      try {
        const view = await api.customer.peek({ customerId, reason, callId: callIdOf(key) });
        peeks.begin(key, customerId, since, view, () => void mask(key));
        return null;
      } catch (error) {
        return toDangolError(error);
      }
    },
    mask,
    changed: (customerIds, all) => {
      for (const [key, pane] of Object.entries(panes.store.getState().panes)) {
        if (pane.state === 'open' && (all || customerIds.includes(pane.view.customer.id))) rereadSoon(key);
        if (pane.state === 'none') void askAgain(key);
      }
    },
    clear: () => {
      for (const timer of rereading.values()) clearTimeout(timer);
      rereading.clear();
      peeks.clear();
      strangers.clear();
      panes.clear();
    },
    forget: (key) => {
      peeks.forget(key);
      strangers.delete(key);
      panes.remove(key);
    },
  };
}

/** Who is seen whole, until when, and what is put back then: it must not need the host, which may be gone. */
function createPeeks(panes: Panes, now: () => number) {
  const open = new Map<string, { timer: ReturnType<typeof setTimeout>; masked: Customer360 }>();
  const forget = (key: string) => {
    clearTimeout(open.get(key)?.timer);
    open.delete(key);
  };
  return {
    begin: (key: string, customerId: string, since: number, view: Customer360, onEnd: () => void) => {
      panes.change(key, customerId, since, (shown) => {
        const masked = shown.view.unmasked ? (open.get(key)?.masked ?? shown.view) : shown.view;
        forget(key);
        open.set(key, { timer: setTimeout(onEnd, PEEK_MS), masked });
        return { ...shown, view, unmaskedUntil: now() + PEEK_MS };
      });
    },
    end: (key: string) => {
      const peek = open.get(key);
      forget(key);
      if (!peek) return;
      const { masked } = peek;
      panes.change(key, masked.customer.id, panes.time(), (shown) => ({ ...shown, view: masked, unmaskedUntil: null }));
    },
    forget,
    clear: () => {
      for (const key of [...open.keys()]) forget(key);
    },
  };
}

async function createFrom(
  panes: Panes,
  api: DeskApi,
  key: string,
  call: CallTie | null,
  customer: NewCustomer,
): Promise<DangolError | null> {
  const before = panes.get(key);
  // The last act of the agent counts: an answer of the centre that is still on its way finds another pane.
  const shown = before?.state === 'none' ? ({ ...before, asking: 'no' } as const) : before;
  if (shown) panes.set(key, shown);
  const since = panes.time();
  try {
    const view = await api.customer.create({ ...customer, phone: call?.number ?? null, callId: call?.callId ?? null });
    const now = panes.get(key);
    if (now && since === panes.time() && (now === shown || now.state === 'none')) panes.replace(key, now, opened(view));
    return null;
  } catch (error) {
    return toDangolError(error);
  }
}

async function askCentre(panes: Panes, api: DeskApi, key: string, call: CallTie): Promise<void> {
  const before = panes.get(key);
  if (before?.state !== 'none' || call.number === null) return;
  const asking: CustomerPane = { ...before, asking: 'asking', problem: null };
  panes.set(key, asking);
  try {
    const pane = paneOf(await api.customer.askCentre({ phone: call.number, callId: call.callId }));
    panes.replace(key, asking, pane.state === 'none' ? { ...pane, asking: 'unknown_there' } : pane);
  } catch (error) {
    panes.replace(key, asking, { ...before, asking: 'no', problem: toDangolError(error) });
  }
}

function callIdOf(key: string): string | null {
  return key.startsWith('call:') ? key.slice('call:'.length) : null;
}

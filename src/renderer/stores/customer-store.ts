import type { StoreApi } from 'zustand/vanilla';
import type { DangolError } from '../../shared/errors.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';
import { type CustomerPane, type CustomerState, createPanes, opened, paneOf } from './customer-panes.ts';
import { askCentre, type CallTie, createFrom, type NewCustomer } from './customer-requests.ts';
import { createDeparted } from './departed.ts';
import { callIdOf, createCustomerNaming, type HandedCustomer, othersOf } from './handed-customer.ts';
import { createPeeks } from './peeks.ts';

export type { CustomerPane } from './customer-panes.ts';
export type { CallTie, NewCustomer } from './customer-requests.ts';

export interface CustomerStore {
  store: StoreApi<CustomerState>;
  /** Asks for whom `pop` will show under this key, as soon as somebody rings. */
  askAhead: (key: string, call: CallTie) => void;
  /** The pop: one request, answered from the local store. */
  pop: (key: string, call: CallTie) => Promise<void>;
  /** A customer by id; with a call, whoever stood there before counts as chosen. */
  view: (key: string, customerId: string, callId: string | null) => Promise<void>;
  /** The agent's own choice: from now on no number and no story names another. */
  pick: (key: string, call: CallTie, customerId: string, remember: boolean) => Promise<void>;
  /** Whom the story of a transfer is about: on screen where the agent did not choose. @returns null: the call is gone. */
  handed: (key: string, customerId: string) => Promise<HandedCustomer | null>;
  /** The number of this call is another one now: who it is, unless the agent chose somebody. */
  identified: (key: string, call: CallTie) => void;
  askCentre: (key: string, call: CallTie) => Promise<void>;
  /** Shows who was found while the agent was writing there. @returns whether somebody was. */
  takeOffer: (key: string) => boolean;
  create: (key: string, call: CallTie | null, customer: NewCustomer) => Promise<DangolError | null>;
  peek: (key: string, reason: string) => Promise<DangolError | null>;
  mask: (key: string) => Promise<void>;
  /** Ends every peek before the next paint: others see the screen. */
  maskAll: () => void;
  /** Reads again what is on screen of these customers. */
  changed: (customerIds: readonly string[], all: boolean) => void;
  forget: (key: string) => void;
  clear: () => void;
}

export interface CustomerStoreOptions {
  api: DeskApi;
  now: () => number;
  /** Told whenever a key's customer becomes known or another. */
  onCustomer: (key: string, customerId: string) => void;
  /** Whether a caller who is not on this desk may well be known to the centre: then it is asked while it rings. */
  asksCentre?: () => boolean;
  /** The first load is under way, or another one. */
  isLoading?: () => boolean;
  /** False: others see the screen. Absent: always. */
  mayPeek?: () => boolean;
  /** Whether the agent is writing where this customer stands. */
  inUse?: ((key: string) => boolean) | undefined;
  /** Runs a state change so that it is on screen before anything else happens (flushSync in the page). */
  paint: (change: () => void) => void;
}

const REREAD_AFTER_MS = 150;

export function createCustomerStore(options: CustomerStoreOptions): CustomerStore {
  const { api, now } = options;
  const panes = createPanes(options);
  const peeks = createPeeks(panes, now);
  const naming = createCustomerNaming(api, panes);
  const departed = createDeparted(api, panes);
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
    } catch (error) {
      // While the desk is loaded their row may be on its way; whom only the centre knows a new host has yet to hear of. Anything
      // else stays until the next news reads it again.
      const mayBeThere = options.isLoading?.() || before.view.partial;
      if (toDangolError(error).code === 'NOT_FOUND' && !mayBeThere) {
        if (departed.leave(key, customerId, since)) peeks.forget(key);
      }
    }
  };
  const open = async ({ number, customerRef, callId, direction }: CallTie) =>
    paneOf(await api.customer.open({ phone: number, customerRef, callId, direction }));
  /** What was asked for a call that is not on screen yet. */
  const ahead = new Map<string, Promise<CustomerPane>>();
  const askedAhead = (key: string) => {
    const asked = ahead.get(key);
    ahead.delete(key);
    return asked;
  };
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
      if (before && pane.state !== 'none') panes.arrive(key, before, pane);
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

  const load = (key: string, request: () => Promise<CustomerPane>) => naming.lookUp(key, panes.load(key, request));
  const pop: CustomerStore['pop'] = async (key, call) => {
    await load(key, () => askedAhead(key) ?? open(call));
    keepStranger(key, call);
    if (panes.get(key)?.state === 'none' && options.asksCentre?.()) await askCentre(panes, api, key, call);
  };

  return {
    store: panes.store,
    askAhead: (key, call) => {
      const asked = open(call);
      // Whoever shows it says so.
      asked.catch(() => undefined);
      ahead.set(key, asked);
    },
    pop,
    view: (key, customerId, callId) => {
      if (callId !== null) naming.agentChose(key);
      return load(key, async () => opened(await api.customer.view({ customerId, callId, reread: false })));
    },
    pick: (key, { number, callId }, customerId, remember) => {
      naming.agentChose(key);
      const others = othersOf(panes.get(key), customerId);
      return load(key, async () => {
        const view =
          number === null
            ? await api.customer.view({ customerId, callId, reread: false })
            : await api.customer.pick({ phone: number, customerId, callId, remember });
        return { ...opened(view), others };
      });
    },
    handed: naming.handed,
    identified: (key, call) => {
      if (naming.by(key)) return;
      const shown = panes.get(key);
      if (!shown || !panes.inUse(key)) void pop(key, call);
      // Where it fails, the one who stands there stays.
      else
        open(call).then(
          (pane) => panes.arrive(key, shown, pane),
          () => undefined,
        );
    },
    takeOffer: panes.takeOffer,
    askCentre: (key, call) => askCentre(panes, api, key, call),
    create: async (key, call, customer) => {
      naming.agentChose(key);
      return createFrom(panes, api, key, call, customer);
    },
    peek: async (key, reason) => {
      const before = panes.get(key);
      if (before?.state !== 'open') return null;
      const customerId = before.view.customer.id;
      const since = panes.time();
      try {
        const view = await api.customer.peek({ customerId, reason, callId: callIdOf(key) });
        // Asked before the screen was shared, answered after.
        if (options.mayPeek?.() === false) return null;
        peeks.begin(key, customerId, since, view, () => void mask(key));
        return null;
      } catch (error) {
        return toDangolError(error);
      }
    },
    mask,
    maskAll: peeks.endAll,
    changed: (customerIds, all) => {
      for (const [key, pane] of Object.entries(panes.store.getState().panes)) {
        if (pane.state === 'open' && (all || customerIds.includes(pane.view.customer.id))) rereadSoon(key);
        if (pane.state === 'none') void askAgain(key);
        if (pane.state === 'error') void departed.comeBack(key, pane);
      }
    },
    clear: () => {
      for (const timer of rereading.values()) clearTimeout(timer);
      rereading.clear();
      peeks.clear();
      strangers.clear();
      ahead.clear();
      naming.clear();
      panes.clear();
    },
    forget: (key) => {
      peeks.forget(key);
      strangers.delete(key);
      ahead.delete(key);
      naming.forget(key);
      panes.remove(key);
    },
  };
}

import type { Customer } from '../../shared/customer.ts';
import type { Customer360 } from '../../shared/customer-360.ts';
import type { DeskApi } from '../host-client.ts';
import { type CustomerPane, opened, type Panes } from './customer-panes.ts';

export type NamedCustomer = Pick<Customer, 'id' | 'kind' | 'name'>;

/** Whom a transferred call may be about. */
export interface HandedCustomer {
  /** Whom the story names; null: not on this desk. */
  handed: NamedCustomer | null;
  /** Whom number or agent named instead; null: nobody, or the same. */
  other: NamedCustomer | null;
}

/** Who said whose call it is. A story beats a number; the agent beats both. */
export interface CustomerNaming {
  by: (key: string) => 'agent' | 'story' | undefined;
  agentChose: (key: string) => void;
  /** Keeps what is being looked up for a call, so that a story can wait for it. */
  lookUp: (key: string, work: Promise<void>) => Promise<void>;
  handed: (key: string, customerId: string) => Promise<HandedCustomer | null>;
  forget: (key: string) => void;
  clear: () => void;
}

export function createCustomerNaming(api: DeskApi, panes: Panes): CustomerNaming {
  const by = new Map<string, 'agent' | 'story'>();
  const lookUps = new Map<string, Promise<void>>();

  /** Both are named only where the number's answer is waited for: it is local, and takes some milliseconds. */
  const settled = async (key: string) => {
    for (let work = lookUps.get(key); work; work = lookUps.get(key)) await work;
  };
  return {
    by: (key) => by.get(key),
    agentChose: (key) => by.set(key, 'agent'),
    lookUp: (key, work) => {
      const kept = work.finally(() => {
        if (lookUps.get(key) === kept) lookUps.delete(key);
      });
      lookUps.set(key, kept);
      return kept;
    },
    handed: async (key, customerId) => {
      const since = panes.time();
      await settled(key);
      const there = namedIn(panes.get(key));
      if (there?.id === customerId) return { handed: there, other: null };
      const view = await api.customer
        .view({ customerId, callId: callIdOf(key), reread: false })
        .catch((): Customer360 | null => null);
      await settled(key);
      const shown = panes.get(key);
      // While somebody writes there the strip of the story names them, and its key shows them.
      if (!shown || since !== panes.time()) return null;
      if (view && by.get(key) !== 'agent' && !panes.inUse(key)) {
        by.set(key, 'story');
        panes.replace(key, shown, { ...opened(view), others: othersOf(shown, customerId) });
      }
      const other = namedIn(shown);
      return { handed: view && named(view), other: other?.id === customerId ? null : other };
    },
    forget: (key) => {
      by.delete(key);
      lookUps.delete(key);
    },
    clear: () => {
      by.clear();
      lookUps.clear();
    },
  };
}

/** Who else has the number, after one of them is shown. */
export function othersOf(pane: CustomerPane | undefined, customerId: string) {
  const others = pane?.state === 'several' ? pane.candidates : pane?.state === 'open' ? pane.others : [];
  return others.filter((other) => other.id !== customerId);
}

/** The call of a key; null: it is none of a call. */
export function callIdOf(key: string): string | null {
  return key.startsWith('call:') ? key.slice('call:'.length) : null;
}

function namedIn(pane: CustomerPane | undefined): NamedCustomer | null {
  return pane?.state === 'open' ? named(pane.view) : null;
}

function named({ customer: { id, kind, name } }: Customer360): NamedCustomer {
  return { id, kind, name };
}

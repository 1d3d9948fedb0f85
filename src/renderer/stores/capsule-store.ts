import { createStore, type StoreApi } from 'zustand/vanilla';
import { newId } from '../../shared/ids.ts';
import { CAPSULE_HEADER, type OpenedCapsule } from '../../shared/transfer-capsule.ts';
import type { TransferHeaders } from '../../telephony/phone-types.ts';
import type { DeskApi } from '../host-client.ts';
import type { HandedCustomer } from './handed-customer.ts';

export interface CapsuleState {
  /** The story that came with a call, by callId. */
  received: Readonly<Record<string, ReceivedCapsule>>;
}

/** The story of a call; `about` once it is known whom it and the number name. */
export type ReceivedCapsule = OpenedCapsule & { about?: HandedCustomer };

export interface CapsuleStore {
  store: StoreApi<CapsuleState>;
  /**
   * What travels with the transfer of a call: the header that names its story, and the customer. Never rejects: a centre that
   * is down costs the story, not the transfer.
   */
  seal: (callId: string) => Promise<TransferHeaders>;
  /** The story of a call that came with one; asked once. */
  open: (callId: string, capsuleId: string) => Promise<void>;
  /** Whom the story names, and who else it may be. */
  tellAbout: (callId: string, about: HandedCustomer) => void;
  forget: (callId: string) => void;
  /** Another agent sits here: what was read for the one before is not shown to them. */
  clear: () => void;
}

export interface CapsuleStoreOptions {
  api: DeskApi;
  /** What is known of a call: its customer, and the note as far as it is written. */
  storyOf: (callId: string) => { customerId: string | null; note: string };
  /** A capsule names its customer. */
  onCustomer: (callId: string, customerId: string) => void;
  log: (event: string, data?: Record<string, string>) => void;
}

export function createCapsuleStore(options: CapsuleStoreOptions): CapsuleStore {
  const { api, log } = options;
  const store = createStore<CapsuleState>(() => ({ received: {} }));
  /** Another one with each agent: what was asked for the one before is nobody's answer now. */
  let sitting = Symbol();
  return {
    store,
    seal: async (callId) => {
      const { customerId, note } = options.storyOf(callId);
      const who: Record<string, string> = customerId === null ? {} : { 'X-Customer-Ref': customerId };
      const id = newId();
      try {
        await api.transfer.seal({ id, callId, customerId, note });
        return { ...who, [CAPSULE_HEADER]: id };
      } catch (error) {
        log('capsule_not_kept', { error: String(error) });
        return who;
      }
    },
    open: async (callId, capsuleId) => {
      const asker = sitting;
      try {
        const capsule = await api.transfer.open({ id: capsuleId });
        if (asker !== sitting) return;
        store.setState(({ received }) => ({ received: { ...received, [callId]: capsule } }));
        if (capsule.customerId !== null) options.onCustomer(callId, capsule.customerId);
      } catch (error) {
        log('capsule_not_opened', { error: String(error) });
      }
    },
    tellAbout: (callId, about) =>
      store.setState(({ received }) => {
        const capsule = received[callId];
        return capsule ? { received: { ...received, [callId]: { ...capsule, about } } } : {};
      }),
    forget: (callId) =>
      store.setState(({ received }) => {
        const { [callId]: _, ...rest } = received;
        return { received: rest };
      }),
    clear: () => {
      sitting = Symbol();
      store.setState({ received: {} });
    },
  };
}

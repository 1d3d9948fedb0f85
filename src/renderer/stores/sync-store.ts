import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DangolError } from '../../shared/errors.ts';
import type { AttentionItem, SyncStatus } from '../../shared/host-types.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';

export interface SyncState {
  status: SyncStatus | null;
  attention: { state: 'unread' | 'loading' | 'ready'; items: readonly AttentionItem[]; problem: DangolError | null };
}

export interface SyncStore {
  store: StoreApi<SyncState>;
  setStatus: (status: SyncStatus) => void;
  readAttention: () => Promise<void>;
  /** Sends it again, with another text where it is a note. */
  retry: (opId: string, text: string | null) => Promise<DangolError | null>;
  discard: (opId: string, reason: string) => Promise<DangolError | null>;
  tryNow: () => Promise<void>;
}

export function createSyncStore(api: DeskApi): SyncStore {
  const store = createStore<SyncState>(() => ({
    status: null,
    attention: { state: 'unread', items: [], problem: null },
  }));
  const readAttention = async () => {
    store.setState(({ attention }) => ({ attention: { ...attention, state: 'loading' } }));
    try {
      const { items } = await api.sync.attention({});
      store.setState({ attention: { state: 'ready', items, problem: null } });
    } catch (error) {
      store.setState(({ attention }) => ({
        attention: { ...attention, state: 'ready', problem: toDangolError(error) },
      }));
    }
  };
  const resolve = async (decision: Parameters<DeskApi['sync']['resolve']>[0]) => {
    try {
      await api.sync.resolve(decision);
      await readAttention();
      return null;
    } catch (error) {
      return toDangolError(error);
    }
  };
  return {
    store,
    setStatus: (status) => {
      const before = store.getState().status?.attention ?? 0;
      store.setState({ status });
      if (status.attention !== before) void readAttention();
    },
    readAttention,
    retry: (opId, text) => resolve({ opId, decision: 'retry', text }),
    discard: (opId, reason) => resolve({ opId, decision: 'discard', reason }),
    tryNow: async () => {
      await api.sync.tryNow({});
    },
  };
}

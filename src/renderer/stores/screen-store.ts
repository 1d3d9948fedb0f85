import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeskApi } from '../host-client.ts';
import type { ReplayQueue } from '../replay-queue.ts';

/** Whether others see this screen, as the agent said it. */
export interface ScreenStore {
  store: StoreApi<{ shared: boolean }>;
  /** At once on this page, whatever the host does; the host keeps it and tells the other windows. */
  toggle: () => void;
  /** What the host says. */
  take: (shared: boolean) => void;
}

export interface ScreenStoreOptions {
  api: DeskApi;
  queue: ReplayQueue;
  /** It begins: what is unmasked is masked before the next paint. */
  onShared: () => void;
  log: (event: string, facts: Record<string, string>) => void;
}

export function createScreenStore({ api, queue, onShared, log }: ScreenStoreOptions): ScreenStore {
  const store = createStore(() => ({ shared: false }));
  let unsaid = 0;
  const set = (shared: boolean) => {
    if (store.getState().shared === shared) return;
    if (shared) onShared();
    store.setState({ shared });
  };
  return {
    store,
    toggle: () => {
      const shared = !store.getState().shared;
      set(shared);
      unsaid += 1;
      queue
        .send('screen', 'share', () => api.host.shareScreen({ shared }))
        .catch((error: unknown) => log('share_failed', { error: String(error) }))
        .finally(() => {
          unsaid -= 1;
        });
    },
    // An older word of the host never shows again what the agent has just hidden.
    take: (shared) => {
      if (unsaid === 0) set(shared);
    },
  };
}

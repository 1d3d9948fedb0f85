import { createStore, type StoreApi } from 'zustand/vanilla';
import { handoverOf } from '../screens/call/handover.ts';
import type { CallStore } from './call-store.ts';
import type { CapsuleStore } from './capsule-store.ts';
import type { LineStore } from './phone-store.ts';

export interface CompletionStore {
  /** The colleague to whom the customer is on the way; null: nobody, or the PBX has been asked. */
  store: StoreApi<{ consultCallId: string | null }>;
  /** Joins customer and colleague, and leaves. The story goes to the centre first; pressed again meanwhile it does nothing. */
  complete: () => Promise<void>;
  /** Takes it back where the PBX was not asked yet. @returns whether there was anything to take back. */
  cancel: () => boolean;
}

export interface CompletionParts {
  calls: CallStore;
  capsules: CapsuleStore;
  line: LineStore;
}

export function createCompletionStore({ calls, capsules, line }: CompletionParts): CompletionStore {
  const store = createStore<{ consultCallId: string | null }>(() => ({ consultCallId: null }));
  const current = () => {
    const handover = handoverOf(calls.store.getState().calls);
    if (handover?.consult?.phase !== 'talking') return null;
    const { customer, consult } = handover;
    const running = customer.transfer !== null && customer.transfer.state !== 'failed';
    return running ? null : { customer, consult };
  };
  const cancel = () => {
    if (store.getState().consultCallId === null) return false;
    store.setState({ consultCallId: null });
    return true;
  };
  let turn = 0;
  calls.store.subscribe(() => {
    const { consultCallId } = store.getState();
    if (consultCallId !== null && current()?.consult.callId !== consultCallId) cancel();
  });
  return {
    store,
    complete: async () => {
      const asked = current();
      if (!asked || store.getState().consultCallId !== null) return;
      const { customer, consult } = asked;
      turn += 1;
      const mine = turn;
      store.setState({ consultCallId: consult.callId });
      // The note may have grown since the colleague was called.
      const headers = await capsules.seal(customer.callId);
      if (mine !== turn || !cancel()) return;
      line.phone()?.completeTransfer(customer.callId, consult.callId, headers);
    },
    cancel,
  };
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DangolError } from '../../shared/errors.ts';
import type { AttentionItem, SyncStatus } from '../../shared/host-types.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';

export interface SyncState {
  status: SyncStatus | null;
  attention: {
    state: 'unread' | 'loading' | 'ready';
    items: readonly AttentionItem[];
    /** How many more this desk holds for other agents. */
    ofOthers: number;
    problem: DangolError | null;
  };
  /** Notes opened to be edited, by operation: whole, and kept while the sheet is closed. */
  edits: Readonly<Record<string, HeldEdit>>;
}

/** A refused note being edited: what was refused, and the new words. */
export interface HeldEdit {
  original: string;
  text: string;
}

export interface SyncStore {
  store: StoreApi<SyncState>;
  setStatus: (status: SyncStatus) => void;
  readAttention: () => Promise<void>;
  /** Reads the whole text of a refused note, to be edited; an edit that was begun stays as it is. */
  beginEdit: (opId: string) => Promise<DangolError | null>;
  edit: (opId: string, text: string) => void;
  endEdit: (opId: string) => void;
  /** Another agent comes: nothing of this one's stays. */
  clear: () => void;
  /** Leaves it as it is: it stays in the list and is not counted. */
  keep: (opId: string) => Promise<DangolError | null>;
  /** Sends it again, with another text where it is a note. */
  retry: (opId: string, text: string | null) => Promise<DangolError | null>;
  discard: (opId: string, reason: string) => Promise<DangolError | null>;
  tryNow: () => Promise<void>;
}

const UNREAD: SyncState['attention'] = { state: 'unread', items: [], ofOthers: 0, problem: null };

const heldBack = (status: SyncStatus | null) => (status?.attention ?? 0) + (status?.attentionOfOthers ?? 0);

export function createSyncStore(api: DeskApi): SyncStore {
  const store = createStore<SyncState>(() => ({
    status: null,
    attention: UNREAD,
    edits: {},
  }));
  const readAttention = async () => {
    store.setState(({ attention }) => ({ attention: { ...attention, state: 'loading' } }));
    try {
      const { items, ofOthers } = await api.sync.attention({});
      store.setState({ attention: { state: 'ready', items, ofOthers, problem: null } });
    } catch (error) {
      store.setState(({ attention }) => ({
        attention: { ...attention, state: 'ready', problem: toDangolError(error) },
      }));
    }
  };
  const setEdit = (opId: string, edit: HeldEdit | null) =>
    store.setState(({ edits }) => {
      const { [opId]: _, ...others } = edits;
      return { edits: edit === null ? others : { ...others, [opId]: edit } };
    });
  const resolve = async (decision: Parameters<DeskApi['sync']['resolve']>[0]) => {
    try {
      await api.sync.resolve(decision);
      setEdit(decision.opId, null);
      await readAttention();
      return null;
    } catch (error) {
      return toDangolError(error);
    }
  };
  return {
    store,
    setStatus: (status) => {
      const before = heldBack(store.getState().status);
      store.setState({ status });
      if (heldBack(status) !== before) void readAttention();
    },
    readAttention,
    beginEdit: async (opId) => {
      if (store.getState().edits[opId]) return null;
      try {
        const { text } = await api.sync.heldText({ opId });
        if (!store.getState().edits[opId]) setEdit(opId, { original: text, text });
        return null;
      } catch (error) {
        return toDangolError(error);
      }
    },
    edit: (opId, text) => {
      const edit = store.getState().edits[opId];
      if (edit) setEdit(opId, { ...edit, text });
    },
    endEdit: (opId) => setEdit(opId, null),
    clear: () => store.setState({ attention: UNREAD, edits: {} }),
    keep: (opId) => resolve({ opId, decision: 'keep' }),
    retry: (opId, text) => resolve({ opId, decision: 'retry', text }),
    discard: (opId, reason) => resolve({ opId, decision: 'discard', reason }),
    tryNow: async () => {
      await api.sync.tryNow({});
    },
  };
}

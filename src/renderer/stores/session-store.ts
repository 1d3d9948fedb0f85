import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DangolError } from '../../shared/errors.ts';
import type { SessionState, StoreStatus } from '../../shared/host-types.ts';
import type { TextBlock } from '../../shared/text-block.ts';
import type { BreakReason, Disposition, Queue } from '../../shared/work.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';

export interface Catalogue {
  dispositions: readonly Disposition[];
  breakReasons: readonly BreakReason[];
  queues: readonly Queue[];
  textBlocks: readonly TextBlock[];
}

export interface DeskSessionState {
  /** null until the host has said it. */
  session: SessionState | null;
  store: StoreStatus | null;
  version: string;
  /** The host speaks another version of the contract: the page must be loaded again. */
  outdated: boolean;
  catalogue: Catalogue;
  demoLogins: readonly { login: string; name: string; role: string }[];
  signingIn: string | null;
  problem: DangolError | null;
}

export interface SessionStore {
  store: StoreApi<DeskSessionState>;
  setSession: (session: SessionState) => void;
  readCatalogue: () => Promise<void>;
  readDemoLogins: () => Promise<void>;
  signIn: (login: string, password: string) => Promise<void>;
  signInDemo: (login: string) => Promise<void>;
  /**
   * Rejects with UNSENT_WORK unless `keepUnsent`; and with why something that was typed is on no disk, unless the agent lets it
   * go: it would be gone with them.
   */
  signOut: (keepUnsent: boolean, unkept?: 'refuse' | 'let go') => Promise<void>;
  /** Makes a locked desk anybody's: what its agent has not sent is kept. A failure is in `problem`. */
  leaveLocked: () => Promise<void>;
}

export interface SessionStoreOptions {
  /** Awaited before another agent, or nobody, is asked for. @returns why something that was typed is still on no disk. */
  beforeChange: () => Promise<DangolError | null>;
}

export function createSessionStore(api: DeskApi, { beforeChange }: SessionStoreOptions): SessionStore {
  const store = createStore<DeskSessionState>(() => ({
    session: null,
    store: null,
    version: '',
    outdated: false,
    catalogue: { dispositions: [], breakReasons: [], queues: [], textBlocks: [] },
    demoLogins: [],
    signingIn: null,
    problem: null,
  }));
  const enter = async (login: string, request: () => Promise<SessionState>) => {
    if (store.getState().signingIn !== null) return;
    store.setState({ signingIn: login, problem: null });
    try {
      if (store.getState().session?.status !== 'signed_out') await beforeChange();
      store.setState({ session: await request(), signingIn: null });
    } catch (error) {
      store.setState({ signingIn: null, problem: toDangolError(error) });
    }
  };
  const signOut: SessionStore['signOut'] = async (keepUnsent, unkept = 'refuse') => {
    const problem = await beforeChange();
    if (problem && unkept === 'refuse') throw problem;
    store.setState({ session: await api.session.signOut({ keepUnsent }), problem: null });
  };
  return {
    store,
    setSession: (session) => store.setState({ session }),
    readCatalogue: async () => {
      const { dispositions, breakReasons, queues, textBlocks } = await api.catalogue.read({});
      const active = <T extends { active: boolean; order: number }>(rows: T[]) =>
        rows.filter((row) => row.active).sort((a, b) => a.order - b.order);
      store.setState({
        catalogue: {
          dispositions: active(dispositions),
          breakReasons: active(breakReasons),
          queues,
          textBlocks: active(textBlocks),
        },
      });
    },
    readDemoLogins: async () => {
      const { logins } = await api.session.demoLogins({});
      store.setState({ demoLogins: logins });
    },
    signIn: (login, password) => enter(login, () => api.session.signIn({ login, password })),
    signInDemo: (login) => enter(login, () => api.session.signInDemo({ login })),
    signOut,
    leaveLocked: () => signOut(true).catch((error: unknown) => store.setState({ problem: toDangolError(error) })),
  };
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SipAccount } from '../../shared/central-api.ts';
import type { CreatePhone, Phone, PhoneMedia, PhoneState, RegistrationState } from '../../telephony/phone-types.ts';
import type { DeskApi } from '../host-client.ts';

export interface LineState {
  registration: RegistrationState;
  /** One window of a login holds its phone. 'elsewhere': another one does. */
  claim: 'none' | 'held' | 'elsewhere';
  /** What the agent wants. A break begins when the last live call is over; until then calls go on. */
  wish: { state: 'ready' } | { state: 'break'; reason: string };
  /** Epoch ms of the last wish. */
  since: number;
}

export interface LineStore {
  store: StoreApi<LineState>;
  /** The phone while there is one. */
  phone: () => Phone | null;
  /** Account null: signed out, or the centre has not said it yet. */
  setAccount: (account: SipAccount | null, country: string) => void;
  setSoundReady: (ready: boolean) => void;
  setWish: (wish: LineState['wish']) => void;
  /** Takes the phone from the window that holds it, openly. */
  takeOver: () => Promise<void>;
  /** Another window took it. */
  takenOver: () => Promise<void>;
  /** The host was restarted: it no longer knows who holds the phone. */
  claimAgain: () => Promise<void>;
  /** A call ended: a break that waited may begin. */
  settle: () => Promise<void>;
}

export interface LineStoreOptions {
  api: DeskApi;
  createPhone: CreatePhone;
  media: PhoneMedia;
  windowId: string;
  now: () => number;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
  onPhone: (state: PhoneState) => void;
  onPhoneGone: () => void;
}

/**
 * Runs the phone exactly while somebody is signed in here, the ring can be heard, this window holds the phone and the agent
 * wants calls. On a break the line is not registered, so no queue can offer a call.
 */
export function createLineStore(options: LineStoreOptions): LineStore {
  const store = createStore<LineState>(() => ({
    registration: { state: 'stopped' },
    claim: 'none',
    wish: { state: 'ready' },
    since: options.now(),
  }));
  let phone: Phone | null = null;
  let line: { account: SipAccount; country: string } | null = null;
  let soundReady = false;

  const wanted = () => line !== null && soundReady && store.getState().wish.state === 'ready';
  const liveCalls = () => phone?.state().calls.some((call) => call.phase !== 'ended') ?? false;

  const claim = async (takeOver: boolean) => {
    const { granted } = await options.api.host.claimPhone({ windowId: options.windowId, takeOver });
    store.setState({ claim: granted ? 'held' : 'elsewhere' });
  };
  const startPhone = ({ account, country }: { account: SipAccount; country: string }) => {
    const started = options.createPhone({ account, country, media: options.media, log: options.log });
    phone = started;
    started.subscribe((state) => {
      if (phone !== started) return;
      options.onPhone(state);
      if (store.getState().registration !== state.registration) store.setState({ registration: state.registration });
    });
    started.start();
    store.setState({ registration: started.state().registration });
  };
  const stopPhone = async () => {
    const stopped = phone;
    phone = null;
    options.onPhoneGone();
    store.setState({ registration: { state: 'stopped' } });
    await stopped?.stop();
  };
  const settle = async () => {
    if (!wanted()) {
      // Whatever the reason: nobody who is talking is cut off. The end of the call settles again.
      if (phone && !liveCalls()) await stopPhone();
      return;
    }
    if (phone) return;
    // HOST_GONE: claimAgain() comes with the new host.
    if (store.getState().claim === 'none') await claim(false).catch(() => undefined);
    if (store.getState().claim === 'held' && wanted() && !phone && line) startPhone(line);
  };

  return {
    store,
    phone: () => phone,
    setAccount: (account, country) => {
      const same = account !== null && line !== null && JSON.stringify(line.account) === JSON.stringify(account);
      if (same || (account === null && line === null)) return;
      const release = account === null && store.getState().claim === 'held';
      line = account === null ? null : { account, country };
      if (release) {
        store.setState({ claim: 'none' });
        void options.api.host.releasePhone({ windowId: options.windowId }).catch(() => undefined);
      }
      // Another account: the old line ends as soon as nobody talks on it.
      if (phone && !liveCalls()) void stopPhone().then(settle);
      else void settle();
    },
    setSoundReady: (ready) => {
      soundReady ||= ready;
      void settle();
    },
    setWish: (wish) => {
      store.setState({ wish, since: options.now() });
      void settle();
    },
    takeOver: async () => {
      await claim(true);
      await settle();
    },
    takenOver: async () => {
      store.setState({ claim: 'elsewhere' });
      await stopPhone();
    },
    claimAgain: async () => {
      const before = store.getState().claim;
      if (before === 'held') await claim(false).catch(() => undefined);
      else store.setState({ claim: 'none' });
      if (store.getState().claim === 'elsewhere' && phone) await stopPhone();
      await settle();
    },
    settle,
  };
}

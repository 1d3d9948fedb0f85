import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallKeepsake } from '../../shared/call.ts';
import type { SipAccount } from '../../shared/central-api.ts';
import type { CreatePhone, Phone, PhoneMedia, PhoneState, RegistrationState } from '../../telephony/phone-types.ts';
import type { DeskApi } from '../host-client.ts';

export interface LineState {
  registration: RegistrationState;
  /** One window of a login holds its phone. 'elsewhere': another one does. */
  claim: 'none' | 'held' | 'elsewhere';
  /** What the agent wants. A break begins when the last live call is over; until then calls go on. */
  wish: { state: 'ready' } | { state: 'break'; reason: string };
  /** Of the extensions that were watched. */
  presence: PhoneState['presence'];
  /** New messages in the mailbox of this line. */
  newVoicemail: number;
  /** Epoch ms of the last wish. */
  since: number;
}

export interface LineStore {
  store: StoreApi<LineState>;
  /** The phone while there is one. */
  phone: () => Phone | null;
  /**
   * A phone that can place an emergency call now. Where none runs (a break, no sound, another window has it, no host yet) one is
   * started that registers nothing and takes no calls; it goes with its call. null: no line is known here.
   */
  emergencyPhone: () => Phone | null;
  /** Whether there is an account, or a call that outlives one. */
  isKnown: () => boolean;
  /** ISO 3166-1 alpha-2 of the line, also of one that outlives its account in a call. */
  country: () => string;
  /** Whose lamps somebody here wants to see, from now on: a strip's colleagues, parking places. Each asks for its own. */
  watch: (who: 'colleagues' | 'places', extensions: readonly string[]) => void;
  /** Account null: signed out, or the centre has not said it yet. */
  setAccount: (account: SipAccount | null, country: string) => void;
  setSoundReady: (ready: boolean) => void;
  /** @param since epoch ms of its beginning, where it began elsewhere. */
  setWish: (wish: LineState['wish'], since?: number) => void;
  /** The PBX itself keeps queue calls away in a break: the line may stay registered. */
  setStayOnBreak: (stay: boolean) => void;
  /** Calls of the page before this one: whatever else is wished, the phone runs until they are over. */
  takeUp: (calls: readonly CallKeepsake[]) => void;
  /** Takes the phone from the window that holds it, openly. */
  takeOver: () => Promise<void>;
  /** Another window took it: this one's phone ends when nobody talks on it. */
  takenOver: () => Promise<void>;
  /** The host was restarted: it no longer knows who holds the phone. */
  claimAgain: () => Promise<void>;
  /** A call ended: what waited for it (a break, another account, another window) may begin. */
  settle: () => Promise<void>;
}

export interface LineStoreOptions {
  api: DeskApi;
  createPhone: CreatePhone;
  media: PhoneMedia;
  windowId: string;
  now: () => number;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
  /** Runs something after so many ms, unless it is cancelled; the page's timer if absent. */
  later?: ((work: () => void, ms: number) => () => void) | undefined;
  onPhone: (state: PhoneState) => void;
  onPhoneGone: () => void;
}

/** After a restart of the host the window that held the phone comes back first; the others wait this long. */
const OTHERS_WAIT_MS = 3000;

interface Line {
  account: SipAccount;
  country: string;
}

/**
 * Runs the phone exactly while somebody is signed in here, the ring can be heard, this window holds the phone and the agent
 * wants calls. On a break the line is not registered, so no queue can offer a call, unless the PBX says that it keeps them away
 * itself. Whatever ends that: nobody who is talking is cut off, the end of the last call settles it.
 */
export function createLineStore(options: LineStoreOptions): LineStore {
  const store = createStore<LineState>(() => ({
    registration: { state: 'stopped' },
    claim: 'none',
    wish: { state: 'ready' },
    presence: {},
    newVoicemail: 0,
    since: options.now(),
  }));
  const { later = timer } = options;
  /** The phone, and the line that it was made for. `toCallOnly`: for an emergency call, and for nothing else. */
  let running: { phone: Phone; line: Line; toCallOnly: boolean } | null = null;
  let stopping: Promise<void> = Promise.resolve();
  let line: Line | null = null;
  let soundReady = false;
  let cancelWait = () => {};
  const watched = new Map<string, readonly string[]>();
  let watching = false;
  const watchAll = () => {
    const all = [...new Set([...watched.values()].flat())];
    // "Nobody any more" is said, too: what is not looked at shall cost the PBX nothing.
    if (all.length > 0 || watching) running?.phone.watch(all);
    watching = all.length > 0;
  };

  const claimOf = () => store.getState().claim;
  let stayOnBreak = false;
  const leftCalls: CallKeepsake[] = [];
  const mayRing = () => soundReady && (stayOnBreak || store.getState().wish.state === 'ready');
  const wanted = () => line !== null && (leftCalls.length > 0 || mayRing());
  const liveCalls = () => running?.phone.state().calls.some((call) => call.phase !== 'ended') ?? false;
  const fits = () => wanted() && claimOf() !== 'elsewhere' && sameLine(running?.line ?? null, line);

  const claim = async (takeOver: boolean) => {
    cancelWait();
    const { granted } = await options.api.host.claimPhone({ windowId: options.windowId, takeOver });
    store.setState({ claim: granted ? 'held' : 'elsewhere' });
  };
  const startPhone = (made: Line, toCallOnly = false) => {
    const { account, country } = made;
    const phone = options.createPhone({ account, country, media: options.media, log: options.log });
    running = { phone, line: made, toCallOnly };
    phone.subscribe((state) => {
      if (running?.phone !== phone) return;
      options.onPhone(state);
      const { registration, presence } = state;
      const newVoicemail = state.voicemail?.newMessages ?? 0;
      const before = store.getState();
      const changed =
        before.registration !== registration || before.presence !== presence || before.newVoicemail !== newVoicemail;
      if (changed) store.setState({ registration, presence, newVoicemail });
    });
    phone.takeUp?.(leftCalls.splice(0));
    if (toCallOnly) phone.retire?.(true);
    phone.start();
    watchAll();
    store.setState({ registration: phone.state().registration });
  };
  const stopPhone = (phone: Phone) => {
    running = null;
    options.onPhoneGone();
    store.setState({ registration: { state: 'stopped' } });
    stopping = stopping.then(() => phone.stop()).catch(() => undefined);
  };
  /** Nobody sits here: the phone is anybody's. */
  const giveBack = () => {
    const held = claimOf() === 'held';
    cancelWait();
    store.setState({ claim: 'none' });
    if (held) void options.api.host.releasePhone({ windowId: options.windowId }).catch(() => undefined);
  };
  const settle = async () => {
    // One registration, at once: what still talks here talks on without it.
    if (running && !running.toCallOnly) running.phone.retire?.(claimOf() === 'elsewhere');
    if (running && !fits()) {
      if (liveCalls()) return;
      stopPhone(running.phone);
    }
    if (line === null && claimOf() !== 'none') giveBack();
    if (!wanted()) return;
    // HOST_GONE: claimAgain() comes with the new host.
    if (claimOf() === 'none') await claim(liveCalls() || leftCalls.length > 0).catch(() => undefined);
    // The same line twice would be two contacts of one agent: the old one is gone first.
    await stopping;
    if (claimOf() !== 'held' || !wanted() || !line) return;
    if (!running) startPhone(line);
    else if (running.toCallOnly && sameLine(running.line, line)) {
      // Wished for while the emergency call is on.
      running.toCallOnly = false;
      running.phone.retire?.(false);
    }
  };

  return {
    store,
    phone: () => running?.phone ?? null,
    isKnown: () => running !== null || line !== null,
    emergencyPhone: () => {
      if (!running && line) startPhone(line, true);
      return running?.phone ?? null;
    },
    watch: (who, extensions) => {
      watched.set(who, extensions);
      watchAll();
    },
    country: () => (running?.line ?? line)?.country ?? 'KR',
    setAccount: (account, country) => {
      const next = account === null ? null : { account, country };
      if (sameLine(next, line)) return;
      line = next;
      void settle();
    },
    setSoundReady: (ready) => {
      soundReady = ready;
      void settle();
    },
    setWish: (wish, since = options.now()) => {
      store.setState({ wish, since });
      void settle();
    },
    setStayOnBreak: (stay) => {
      if (stayOnBreak === stay) return;
      stayOnBreak = stay;
      void settle();
    },
    takeUp: (calls) => {
      if (calls.length === 0) return;
      if (running) running.phone.takeUp?.(calls);
      else leftCalls.push(...calls);
      // Whoever has the calls has the phone.
      if (claimOf() === 'elsewhere') store.setState({ claim: 'none' });
      void settle();
    },
    takeOver: async () => {
      await claim(true);
      await settle();
    },
    takenOver: async () => {
      store.setState({ claim: 'elsewhere' });
      await settle();
    },
    claimAgain: async () => {
      cancelWait();
      if (claimOf() === 'elsewhere') {
        cancelWait = later(() => {
          if (!liveCalls()) store.setState({ claim: 'none' });
          void settle();
        }, OTHERS_WAIT_MS);
        return;
      }
      // Whoever talks has the phone, whoever the new host gave it to meanwhile.
      if (claimOf() === 'held') await claim(liveCalls()).catch(() => undefined);
      await settle();
    },
    settle,
  };
}

function sameLine(a: Line | null, b: Line | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function timer(work: () => void, ms: number): () => void {
  const set = setTimeout(work, ms);
  return () => clearTimeout(set);
}

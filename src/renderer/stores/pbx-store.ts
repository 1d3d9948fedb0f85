import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PbxAgent, QueueState, StateWish } from '../../shared/pbx.ts';
import type { DeskApi } from '../host-client.ts';
import type { LineState } from './phone-store.ts';

export interface PbxState {
  /** What the PBX says; null: nobody tells. */
  agent: PbxAgent | null;
  /** What was asked for and is not yet confirmed. */
  asking: StateWish | null;
  /** The last wish did not reach the PBX; it is sent again when the link is back. */
  unsent: boolean;
  /** Somebody else changed the state: shown until the next change or until it is dismissed. */
  changed: QueueState | null;
}

export interface PbxStore {
  store: StoreApi<PbxState>;
  /** From the host; null: the centre does not tell. */
  hear: (agent: PbxAgent | null) => void;
  /** Ready, or a break. Without the link to the PBX as before there was one: by the registration of the line. */
  ask: (wish: LineState['wish']) => Promise<void>;
  /** Keeps the queues from ringing while a call is wrapped up; again: that long from now. */
  wrapUp: (seconds: number) => Promise<void>;
  /** The work after the call is done. */
  endWrapUp: () => Promise<void>;
  dismiss: () => void;
  clear: () => void;
}

export interface PbxStoreOptions {
  api: DeskApi;
  line: {
    setWish: (wish: LineState['wish'], since?: number) => void;
    setStayOnBreak: (stay: boolean) => void;
    wish: () => LineState['wish'];
  };
  log: (event: string, data?: Record<string, string>) => void;
}

/** True where the PBX itself keeps queue calls away: then a break needs no unregistering. */
export function isPausedEverywhere(agent: PbxAgent | null): boolean {
  return agent?.link === 'up' && agent.seats.length > 0 && agent.seats.every((seat) => seat.paused);
}

/** The PBX's word on this agent, and the way to ask it for another. Where it speaks it is right: the line's wish follows it. */
export function createPbxStore({ api, line, log }: PbxStoreOptions): PbxStore {
  const store = createStore<PbxState>(() => ({ agent: null, asking: null, unsent: false, changed: null }));
  /** What the PBX has yet to hear. */
  let pending: LineState['wish'] | null = null;
  let asks = 0;
  const isUp = () => store.getState().agent?.link === 'up';

  const follow = (agent: PbxAgent) => {
    const paused = isPausedEverywhere(agent);
    // In this order the line has a reason to be registered at every moment of a change.
    if (paused) line.setStayOnBreak(true);
    const { state } = agent;
    const wish: LineState['wish'] =
      state.state === 'break' ? { state: 'break', reason: state.reason } : { state: 'ready' };
    const news = agent.link === 'up' && JSON.stringify(wish) !== JSON.stringify(line.wish());
    if (news) line.setWish(wish, Date.parse(agent.since));
    if (!paused) line.setStayOnBreak(false);
  };
  const take = (agent: PbxAgent) => {
    const before = store.getState().agent;
    // The later one of one centre process is right, whichever way it came.
    if (before?.run === agent.run && agent.seq <= before.seq) return;
    const byPbx = agent.link === 'up' && agent.changedBy === 'pbx' && before !== null && before.since !== agent.since;
    const changed = byPbx ? agent.state : before?.since === agent.since ? store.getState().changed : null;
    store.setState({ agent, changed });
    if (store.getState().asking !== null) return;
    if (agent.link === 'up' && pending !== null) void ask(pending);
    else follow(agent);
  };
  const send = async (wish: StateWish): Promise<boolean> => {
    store.setState({ asking: wish });
    try {
      const agent = await api.pbx.setState(wish);
      store.setState({ asking: null });
      take(agent);
      // What was heard meanwhile may be later than the answer.
      const now = store.getState().agent;
      if (now) follow(now);
      return true;
    } catch (error) {
      store.setState({ asking: null });
      log('pbx_state_failed', { error: String(error) });
      return false;
    }
  };
  const ask: PbxStore['ask'] = async (wish) => {
    pending = null;
    asks += 1;
    const mine = asks;
    store.setState({ unsent: false, changed: null });
    const known = store.getState().agent;
    if (isUp() && (await send(wish.state === 'ready' ? { state: 'available' } : wish))) return;
    // The agent has pressed something else meanwhile: the last press is the wish.
    if (mine !== asks) return;
    // Never told, never asked: an office without the link works as it always did.
    if (known !== null && known.link !== 'none') {
      pending = wish;
      store.setState({ unsent: true });
    }
    if (wish.state === 'ready' || !isPausedEverywhere(store.getState().agent)) line.setStayOnBreak(false);
    line.setWish(wish);
  };
  return {
    store,
    hear: (agent) => {
      if (agent) return take(agent);
      store.setState({ agent: null, changed: null });
      line.setStayOnBreak(false);
    },
    ask,
    wrapUp: async (seconds) => {
      if (isUp() && line.wish().state === 'ready' && seconds > 0) await send({ state: 'wrap_up', seconds });
    },
    endWrapUp: async () => {
      if (isUp() && store.getState().agent?.state.state === 'wrap_up') await send({ state: 'available' });
    },
    dismiss: () => store.setState({ changed: null }),
    clear: () => {
      pending = null;
      store.setState({ agent: null, asking: null, unsent: false, changed: null });
      line.setStayOnBreak(false);
    },
  };
}

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallSnapshot } from '../../shared/call.ts';
import type { PhoneCall, PhoneState } from '../../telephony/phone-types.ts';
import { cutOff, type DeskCall, deskCall, progress, restored, snapshotOf, snapshotPhase } from './desk-call.ts';

export type { DeskCall } from './desk-call.ts';

export type Focus = { kind: 'idle' } | { kind: 'call'; callId: string } | { kind: 'customer'; customerId: string };

export interface CallState {
  /** Live calls and calls in wrap-up, oldest first. */
  calls: readonly DeskCall[];
  /** The last call that nobody took, until it is dismissed or another call comes. */
  missed: DeskCall | null;
  /** A colleague who was asked and did not come: said until somebody else is asked, or the customer's call is over. */
  notReached: DeskCall | null;
  /** The last call that was wrapped up, for "one thing I forgot". */
  last: DeskCall | null;
  focus: Focus;
}

export interface CallStoreOptions {
  /** A transition to be journaled. */
  onRecord: (snapshot: CallSnapshot) => void;
  /** A call is there that was not: the pop. Part of the call's first paint, so it must wait for nothing. */
  onArrive: (call: DeskCall) => void;
  /** Who a call of the page before this one was with. */
  customerOf?: ((callId: string) => string | null) | undefined;
  /** The network named another party: after a transfer the customer, not the colleague. */
  onIdentified: (call: DeskCall) => void;
  /** True while a new call must not take the screen: something is being typed. */
  busy: () => boolean;
  /** True where a call in wrap-up has nothing to save: then a missed call leaves no wrap-up. */
  hasNote: (callId: string) => boolean;
  paint: (change: () => void) => void;
  forget: (callId: string) => void;
}

export interface CallStore {
  store: StoreApi<CallState>;
  /** Takes over the phone's state: called synchronously on every change. */
  phoneChanged: (state: PhoneState) => void;
  /** Whether this is somebody who rings, and not on screen yet. */
  isNewRing: (call: PhoneCall) => boolean;
  /** The phone is gone (taken over, signed out): what was live is over. */
  phoneGone: (now: number) => void;
  setCustomer: (callId: string, customerId: string) => void;
  setDisposition: (callId: string, code: string | null) => void;
  /**
   * Puts back calls that the host kept: what was live ended with the page that held it. Once for an agent: a page that goes on
   * knows its calls, and what a host that was started again has besides may be another window's.
   */
  restore: (snapshots: readonly CallSnapshot[], now: number) => DeskCall[];
  finish: (callId: string) => void;
  focus: (focus: Focus) => void;
  dismissMissed: () => void;
  /** Another agent is here: only who is still on the line stays, without their customer. */
  clear: () => void;
  /** Journals every unfinished call again: the host may be a new one. */
  recordAll: () => void;
}

export function createCallStore(options: CallStoreOptions): CallStore {
  const store = createStore<CallState>(() => ({
    calls: [],
    missed: null,
    notReached: null,
    last: null,
    focus: { kind: 'idle' },
  }));
  let wasRestored = false;
  const find = (callId: string) => store.getState().calls.find((call) => call.callId === callId);
  const replace = (call: DeskCall) =>
    store.setState(({ calls }) => ({ calls: calls.map((old) => (old.callId === call.callId ? call : old)) }));
  const record = (call: DeskCall) => {
    if (call.consultFor === null) options.onRecord(snapshotOf(call));
  };

  const arrive = (live: PhoneCall) => {
    const call = { ...deskCall(live), customerId: options.customerOf?.(live.callId) ?? null };
    if (call.consultFor !== null) {
      store.setState(({ calls }) => ({ calls: [...calls, call], notReached: null }));
      return;
    }
    const { focus, calls } = store.getState();
    const takesScreen = call.direction === 'out' || (mayTakeScreen(focus, calls, options) && !options.busy());
    // One paint for the ring and for "the customer is being looked up".
    options.paint(() => {
      store.setState({
        calls: [...calls, call],
        missed: null,
        ...(takesScreen ? { focus: { kind: 'call', callId: call.callId } as const } : {}),
      });
      options.onArrive(call);
    });
    record(call);
  };

  const update = (before: DeskCall, live: PhoneCall) => {
    if (before.live === live) return;
    const after = progress(before, live, options.hasNote(before.callId));
    if (after.stage === 'done') leave(after);
    else replace(after);
    if (live.phase === 'answering' && before.live?.phase === 'ringing') {
      store.setState({ focus: { kind: 'call', callId: live.callId } });
    }
    if (snapshotPhase(before) !== snapshotPhase(after) || before.answeredAt !== after.answeredAt) record(after);
    if (live.phase === 'ended') options.forget(live.callId);
    else if (live.caller !== before.caller && after.consultFor === null) options.onIdentified(after);
  };

  /** Out of the list; the screen goes to the next unfinished call, or rests. */
  const leave = (call: DeskCall) => {
    store.setState(({ calls, focus, missed }) => {
      const left = calls.filter((other) => other.callId !== call.callId);
      const next = left.at(0);
      const wasShown = focus.kind === 'call' && focus.callId === call.callId;
      return {
        calls: left,
        missed: isMissed(call) ? call : missed,
        ...(isNotReached(call) ? { notReached: call } : {}),
        focus: !wasShown ? focus : next ? { kind: 'call', callId: next.callId } : { kind: 'idle' },
      };
    });
  };

  const change = (callId: string, part: Partial<DeskCall>) => {
    const call = find(callId);
    if (!call) return;
    const after = { ...call, ...part };
    replace(after);
    if (after.customerId !== call.customerId) record(after);
  };

  return {
    store,
    phoneChanged: ({ calls }) => {
      for (const live of calls) {
        const known = find(live.callId);
        if (known) update(known, live);
        else if (live.phase !== 'ended') arrive(live);
      }
    },
    isNewRing: ({ callId, phase, consultFor }) => phase === 'ringing' && consultFor === null && !find(callId),
    phoneGone: (now) => {
      for (const call of store.getState().calls) {
        if (call.live && call.live.phase !== 'ended') update(call, cutOff(call.live, now));
      }
    },
    setCustomer: (callId, customerId) => change(callId, { customerId }),
    setDisposition: (callId, code) => change(callId, { dispositionCode: code }),
    restore: (snapshots, now) => {
      if (wasRestored) return [];
      wasRestored = true;
      const known = new Set(store.getState().calls.map((call) => call.callId));
      const back = snapshots
        .filter((s) => !known.has(s.callId))
        .map((s) => restored(s, now, options.hasNote(s.callId)));
      for (const call of back) record(call);
      const open = back.filter((call) => call.stage === 'wrap_up');
      store.setState(({ calls, focus }) => {
        // The one that was going on when the page went away, not a wrap-up that waited behind it.
        const latest = open.toSorted((a, b) => a.startedAt - b.startedAt).at(-1);
        return {
          calls: [...open, ...calls],
          focus: focus.kind === 'idle' && latest ? { kind: 'call', callId: latest.callId } : focus,
        };
      });
      return open;
    },
    finish: (callId) => {
      const call = find(callId);
      if (call?.stage !== 'wrap_up') return;
      store.setState({ last: call });
      leave({ ...call, stage: 'done' });
    },
    focus: (focus) => store.setState({ focus }),
    dismissMissed: () => store.setState({ missed: null }),
    clear: () => {
      wasRestored = false;
      const live = store.getState().calls.filter((call) => call.stage === 'live');
      const calls = live.map((call) => ({ ...call, customerId: null, dispositionCode: null }));
      const [shown] = calls;
      const focus: Focus = shown ? { kind: 'call', callId: shown.callId } : { kind: 'idle' };
      store.setState({ calls, missed: null, notReached: null, last: null, focus });
    },
    recordAll: () => {
      for (const call of store.getState().calls) record(call);
    },
  };
}

/** Nobody talked to them: also a call that was taken and never came about, for want of a microphone say. */
function isMissed({ direction, answeredAt, end }: DeskCall): boolean {
  return end?.result === 'missed' || (direction === 'in' && answeredAt === null && end?.result === 'failed');
}

/** Busy, declined, no such number, no line: not where the agent gave up. */
function isNotReached({ consultFor, answeredAt, end }: DeskCall): boolean {
  return consultFor !== null && answeredAt === null && end !== null && (end.by !== 'here' || end.result === 'failed');
}

function mayTakeScreen(focus: Focus, calls: readonly DeskCall[], { hasNote }: CallStoreOptions): boolean {
  if (focus.kind !== 'call') return true;
  const shown = calls.find((call) => call.callId === focus.callId);
  return !shown || (shown.stage === 'wrap_up' && !hasNote(shown.callId) && shown.dispositionCode !== null);
}

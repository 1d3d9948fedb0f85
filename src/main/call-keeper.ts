import type { KeptCall, WindowCalls } from '../shared/call.ts';
import type { Clock } from '../sync/clock.ts';
import type { Farewells } from './farewell.ts';

export interface CallKeeperParts {
  clock: Clock;
  farewells: Farewells;
}

/** Calls outlive the page that holds them: the next page takes them up, or they are ended at the PBX. In memory only. */
export interface CallKeeper {
  keep: (agentId: string, window: WindowCalls) => Promise<{ endable: boolean }>;
  /** What this agent's gone windows had. The window that asks must name them in keep(), or they are ended. */
  takeUp: (agentId: string, windowId: string) => readonly KeptCall[];
  /** The window's sign of life ended: closed, reloaded, crashed. */
  gone: (windowId: string) => void;
  /** The host ends: calls whose page is gone are ended now. */
  close: () => Promise<void>;
}

/** A customer hears nothing for so long, at most, before a page has come back for them. */
export const COME_BACK_WITHIN_MS = 5_000;
/** The page that came back has so long to have the PBX's word. The phone itself gives up after three seconds. */
export const SETTLE_WITHIN_MS = 4_000;

/** Calls that wait for a page. */
interface Orphans {
  /** The window that held them. */
  from: string;
  agentId: string;
  calls: readonly KeptCall[];
  /** Who promised to take them up; null: nobody yet. */
  takenBy: string | null;
  cancel: () => void;
}

export function createCallKeeper({ clock, farewells }: CallKeeperParts): CallKeeper {
  const held = new Map<string, { agentId: string; calls: readonly KeptCall[] }>();
  const orphans = new Set<Orphans>();

  const forget = (one: Orphans) => {
    one.cancel();
    orphans.delete(one);
  };
  const letGo = async (one: Orphans): Promise<void> => {
    forget(one);
    const servers = new Set(one.calls.map(({ server }) => server));
    const said = [...servers].map((server) =>
      farewells.say(
        server,
        one.calls.filter((call) => call.server === server).map(({ bye }) => bye),
      ),
    );
    await Promise.all(said);
  };
  const wait = (one: Omit<Orphans, 'cancel'>, ms: number): void => {
    if (one.calls.length === 0) return;
    const waiting: Orphans = { ...one, cancel: () => {} };
    waiting.cancel = clock.schedule(ms, () => void letGo(waiting));
    orphans.add(waiting);
  };
  const gone = (windowId: string): void => {
    const window = held.get(windowId);
    held.delete(windowId);
    // What it had promised to take up is nobody's again; the time that is left stays as it is.
    for (const one of orphans) if (one.takenBy === windowId) one.takenBy = null;
    if (window) wait({ ...window, from: windowId, takenBy: null }, COME_BACK_WITHIN_MS);
  };
  /** A call that goes on in another dialog needs no waiting for any more. */
  const settled = (windowId: string, calls: readonly KeptCall[]): void => {
    const now = new Map(calls.map((call) => [call.callId, call.replaces]));
    for (const one of orphans) {
      if (one.takenBy !== windowId) continue;
      one.calls = one.calls.filter(({ callId, replaces }) => (now.get(callId) ?? replaces) === replaces);
      if (one.calls.length === 0) forget(one);
    }
  };

  return {
    keep: async (agentId, { windowId, calls, leaving }) => {
      held.set(windowId, { agentId, calls });
      // A window that only lost its connection to this host for a moment lives, and so do its calls.
      for (const one of orphans) if (one.from === windowId) forget(one);
      settled(windowId, calls);
      if (leaving) {
        gone(windowId);
        return { endable: true };
      }
      const reached = await Promise.all([...new Set(calls.map(({ server }) => server))].map(farewells.reaches));
      return { endable: reached.every(Boolean) };
    },
    takeUp: (agentId, windowId) => {
      const free = [...orphans].filter((one) => one.agentId === agentId && one.takenBy === null);
      for (const one of free) {
        forget(one);
        wait({ ...one, takenBy: windowId }, SETTLE_WITHIN_MS);
      }
      return free.flatMap(({ calls }) => calls);
    },
    gone,
    close: async () => {
      await Promise.all([...orphans].map(letGo));
    },
  };
}

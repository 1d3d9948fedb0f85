/** What each living window has in hand: the calls that it talks on, the drafts that it writes. In memory only. */
export interface WindowHolds {
  /** A window said something of this call or draft. Not told which window: nobody's. */
  take: (id: string, windowId: string | undefined) => void;
  /** It is over: nobody needs to hold it. */
  letGo: (id: string) => void;
  /** Whether another window than this one has it, and lives. */
  isElsewhere: (id: string, windowId: string | undefined) => boolean;
  /** The window says goodbye: its sign of life may end some time later. */
  leaves: (windowId: string) => void;
}

/** @param isAlive whether a window's sign of life goes on. */
export function createWindowHolds(isAlive: (windowId: string) => boolean): WindowHolds {
  const holders = new Map<string, string>();
  const left = new Set<string>();
  return {
    take: (id, windowId) => {
      if (windowId === undefined) return;
      left.delete(windowId);
      holders.set(id, windowId);
    },
    letGo: (id) => holders.delete(id),
    isElsewhere: (id, windowId) => {
      const holder = holders.get(id);
      return holder !== undefined && holder !== windowId && !left.has(holder) && isAlive(holder);
    },
    leaves: (windowId) => left.add(windowId),
  };
}

/**
 * A pause of recordings, for a card number say. It belongs to the channels of the call and not to the desk that asked: a page that
 * is reloaded, or the next agent, has another channel, and finds the pause by the customer's.
 */
export interface Pause {
  /** Epoch ms of the end that it has by itself. */
  resumesAt: number;
  uniqueids: Set<string>;
}

export interface Pauses {
  begin: (uniqueids: Iterable<string>) => Pause;
  of: (uniqueids: Iterable<string>) => Pause | null;
  end: (pause: Pause | null) => void;
  /** This channel is gone; with the last one goes the pause. */
  gone: (uniqueid: string) => void;
  close: () => void;
}

export interface PausesParts {
  clock: () => number;
  longestPauseMs: () => number;
  /** Nobody ended it: the recordings go on. Tried until it does not reject. */
  resume: (pause: Pause) => Promise<void>;
}

const RESUME_AGAIN_MS = 1000;

export function createPauses({ clock, longestPauseMs, resume }: PausesParts): Pauses {
  const timers = new Map<Pause, NodeJS.Timeout>();
  const wait = (pause: Pause, ms: number) => {
    const timer = setTimeout(() => void due(pause), ms);
    timer.unref();
    timers.set(pause, timer);
  };
  const end = (pause: Pause | null) => {
    if (pause === null) return;
    clearTimeout(timers.get(pause));
    timers.delete(pause);
  };
  const due = async (pause: Pause) => {
    try {
      await resume(pause);
      end(pause);
    } catch {
      if (timers.has(pause)) wait(pause, RESUME_AGAIN_MS);
    }
  };
  return {
    begin: (uniqueids) => {
      const ms = longestPauseMs();
      const pause = { resumesAt: clock() + ms, uniqueids: new Set(uniqueids) };
      wait(pause, ms);
      return pause;
    },
    of: (uniqueids) => {
      const ids = [...uniqueids];
      return [...timers.keys()].find((pause) => ids.some((id) => pause.uniqueids.has(id))) ?? null;
    },
    end,
    gone: (uniqueid) => {
      for (const pause of timers.keys()) {
        if (pause.uniqueids.delete(uniqueid) && pause.uniqueids.size === 0) end(pause);
      }
    },
    close: () => {
      for (const pause of [...timers.keys()]) end(pause);
    },
  };
}

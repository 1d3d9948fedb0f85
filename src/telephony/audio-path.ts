import type { StartTimer } from './timers.ts';

/**
 * A network path without keys: no other path mends that. It happens where several phones ring and the one that announced something
 * still answers Chromium's checks when another one takes the call: its path is kept, and the keys of the other are sent to it.
 */
export function isLocked(sender: RTCRtpSender | null): boolean {
  const { iceTransport, state } = sender?.transport ?? {};
  if (state === 'failed') return true;
  return state === 'connecting' && (iceTransport?.state === 'connected' || iceTransport?.state === 'completed');
}

/** Whether another one took the call than announced something; told by the names of their ICE. */
export interface Fork {
  announced: (sdp: string) => void;
  /** @param settled runs when the connection can be believed although it never said that it left the announcer's path. */
  answered: (sdp: string, settled: () => void) => void;
  /** The connection changed its state. */
  moved: () => void;
  isOne: () => boolean;
  /** What the connection says of itself is still about the path to the one that announced. */
  isTheirPath: () => boolean;
}

/** Chromium says within some milliseconds that it left a path; after this it stays on it. */
const LEAVE_MS = 1_000;

export function createFork(startTimer: StartTimer): Fork {
  let announcer: string | null = null;
  let forked = false;
  let stopLeaving: (() => void) | null = null;
  const moved = () => {
    stopLeaving?.();
    stopLeaving = null;
  };
  return {
    announced: (sdp) => {
      announcer = ufragOf(sdp);
    },
    answered: (sdp, settled) => {
      if (announcer === null) return;
      forked = announcer !== ufragOf(sdp);
      announcer = null;
      if (!forked) return;
      stopLeaving = startTimer(LEAVE_MS, () => {
        moved();
        settled();
      });
    },
    moved,
    isOne: () => forked,
    isTheirPath: () => stopLeaving !== null,
  };
}

function ufragOf(sdp: string): string {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '';
}

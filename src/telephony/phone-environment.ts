import { pageTimers, type StartTimer, type TimerWorker, workerTimers } from './timers.ts';

/** As much of a WebSocket as the phone uses: the page's own, or `ws` in Node. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  send: (data: string) => void;
  close: () => void;
  addEventListener: (
    type: 'open' | 'close' | 'error' | 'message',
    listener: (event: { data?: unknown }) => void,
  ) => void;
}

/** The world of the phone. The page's in production; tests bring their own socket, clock and chance. */
export interface PhoneEnvironment {
  /** Opens a socket with the subprotocol `sip` (RFC 7118 section 4.1). */
  openSocket: (url: string) => Socket;
  startTimer: StartTimer;
  /** Epoch milliseconds. */
  now: () => number;
  /** 0 (included) to 1 (excluded). */
  random: () => number;
  /** Calls back when the network or the page comes back: online, visible again, resumed. Returns the way to stop. */
  onWake: (listener: () => void) => () => void;
  openPeer: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Where voices are mixed for a conference. */
  openAudio: () => AudioContext;
}

/** The phone's world in a page: its WebSocket, RTCPeerConnection and a worker's timers. */
export function pageEnvironment(): PhoneEnvironment {
  return {
    openSocket: (url) => new WebSocket(url, 'sip') as Socket,
    startTimer: typeof Worker === 'undefined' ? pageTimers() : workerTimers(startTimerWorker),
    now: () => Date.now(),
    random: () => Math.random(),
    onWake: listenForWake,
    openPeer: (configuration) => new RTCPeerConnection(configuration),
    openAudio: () => new AudioContext(),
  };
}

function startTimerWorker(): TimerWorker | null {
  return new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module', name: 'phone timers' });
}

function listenForWake(listener: () => void): () => void {
  if (typeof window === 'undefined') return () => {};
  const whenVisible = () => {
    if (document.visibilityState === 'visible') listener();
  };
  window.addEventListener('online', listener);
  window.addEventListener('pageshow', listener);
  document.addEventListener('resume', listener);
  document.addEventListener('visibilitychange', whenVisible);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('pageshow', listener);
    document.removeEventListener('resume', listener);
    document.removeEventListener('visibilitychange', whenVisible);
  };
}

import type { StartTimer } from './timers.ts';

/** RFC 8445 gathering may take seconds when a STUN server is dead; the answer does not wait longer than this. */
const GATHERING_PATIENCE_MS = 1_000;

/** Resolves as soon as the local description can be sent: with the first candidate that others can answer to, or when patience ends. */
export function firstUsableCandidate(peer: RTCPeerConnection, startTimer: StartTimer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stopTimer();
      peer.removeEventListener('icecandidate', look);
      peer.removeEventListener('icegatheringstatechange', look);
      resolve();
    };
    const look = () => {
      const found = hasUsableCandidate(peer.localDescription?.sdp ?? '');
      if (found || peer.iceGatheringState === 'complete' || peer.signalingState === 'closed') done();
    };
    const stopTimer = startTimer(GATHERING_PATIENCE_MS, done);
    peer.addEventListener('icecandidate', look);
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
}

/** A host candidate with a real address: the far side can answer to it, and our own checks find the rest (RFC 8445). */
function hasUsableCandidate(sdp: string): boolean {
  return /^a=candidate:\S+ 1 udp \d+ (?!\S*\.local )\S+ \d+ typ (host|relay)/im.test(sdp);
}

import type { DeskCall } from './desk-call.ts';

/** So long may the audio path take after the answer. */
const CONNECT_TIMEOUT_MS = 15_000;

/** Tells, each time it is asked, whether a desk is still there: its packets, or where it holds, its path. */
export function createAudioWatch(rtpTimeoutMs: number): (call: Pick<DeskCall, 'media' | 'phase'>) => boolean {
  let alive = Date.now();
  return (call) => {
    const now = Date.now();
    // A desk that holds may stop sending; ICE's consent checks (RFC 7675) still tell whether it is there.
    const { state } = call.media.stats();
    if (call.phase() === 'held' && state === 'connected') alive = now;
    alive = Math.max(alive, call.media.lastPacketAt() ?? 0);
    const limit = call.media.lastPacketAt() === null ? CONNECT_TIMEOUT_MS : rtpTimeoutMs;
    return now - alive < limit;
  };
}

import type { Desk, DeskParts } from './desk.ts';
import { connectPbx } from './desk-pbx.ts';
import { followSession } from './desk-session.ts';
import { connectSound } from './desk-sound.ts';
import { leaveCall } from './desk-work.ts';

/** A call that goes on says so in its journal this often: whoever opens the desk after a power cut knows when it ended. */
export const SIGN_EVERY_MS = 20_000;

function signCalls({ calls }: Desk): void {
  let signing: ReturnType<typeof setInterval> | undefined;
  calls.store.subscribe((state) => {
    const live = state.calls.some((call) => call.stage === 'live');
    if (live === (signing !== undefined)) return;
    clearInterval(signing);
    signing = live ? setInterval(() => calls.recordAll(), SIGN_EVERY_MS) : undefined;
  });
}

/** What one store's change means for another. */
export function connectStores(desk: Desk, parts: DeskParts): void {
  const { line, calls, notes, customers, kept } = desk;
  const known = new Set<string>();
  calls.store.subscribe((state, before) => {
    kept.changed();
    desk.scripts.callsChanged();
    const ids = new Set(state.calls.map((call) => call.callId));
    for (const call of before.calls) {
      if (!ids.has(call.callId)) void leaveCall(call.callId, notes, customers);
    }
    const engaged = state.calls.some((call) => call.live && call.live.phase !== 'ringing');
    for (const call of state.calls) {
      if (known.has(call.callId)) continue;
      known.add(call.callId);
      if (engaged && call.live?.phase === 'ringing') desk.ringer.knock();
    }
  });
  followSession(desk, parts);
  parts.ringer.sound.subscribe((sound) => line.setSoundReady(sound.status === 'ready'));
  line.setSoundReady(parts.ringer.sound.getState().status === 'ready');
  connectSound(desk);
  connectPbx(desk);
  signCalls(desk);
}

import type { CallerIdentity } from '../shared/call.ts';
import type { Desk } from './desk.ts';

interface Looked {
  caller: CallerIdentity;
  heard: boolean;
}

/** What calls mean for the state at the PBX, and the state for the recordings: what one store's change tells another. */
export function connectPbx(desk: Desk): void {
  const { pbx, calls, recordings } = desk;
  let wrappingUp = false;
  /** How each call stood when its recording was last asked about. */
  const looked = new Map<string, Looked>();

  const talking = () =>
    calls.store.getState().calls.flatMap(({ callId, live }) => {
      // The PBX does not know the dialog yet by which this page takes the call up.
      const there = live?.phase === 'talking' && (looked.has(callId) || live.media !== 'interrupted');
      return there ? [live] : [];
    });
  const lookAtCalls = () => {
    if (pbx.store.getState().agent?.link !== 'up') return;
    for (const { callId, caller, hold } of talking()) {
      const before = looked.get(callId);
      // A transfer joins other channels to this one; no event of the PBX says so.
      const another = before !== undefined && before.caller !== caller;
      const back = before !== undefined && !before.heard && hold === 'none';
      looked.set(callId, { caller, heard: hold === 'none' });
      if (another) recordings.doubt(callId);
      if (!before || another || back) void recordings.look(callId);
    }
  };
  calls.store.subscribe((state, before) => {
    lookAtCalls();
    const left = new Set(state.calls.map((call) => call.callId));
    for (const { callId } of before.calls) {
      if (left.has(callId)) continue;
      looked.delete(callId);
      recordings.forget(callId);
      // The story that came with it was read for this call.
      desk.capsules.forget(callId);
    }
    const live = state.calls.some((call) => call.stage === 'live');
    const now = !live && state.calls.some((call) => call.stage === 'wrap_up');
    if (now === wrappingUp) return;
    wrappingUp = now;
    if (now) void pbx.wrapUp(wrapUpSecondsOf(desk));
    else if (!live) void pbx.endWrapUp();
  });
  pbx.store.subscribe(({ agent }, before) => {
    const up = agent?.link === 'up';
    if (up === (before.agent?.link === 'up')) return;
    recordings.linkChanged(up);
    lookAtCalls();
  });
}

/** The recording of each call that is heard: in a conference the customer is heard, and written, on both. */
export function heardTogether(desk: Desk, callId: string): string[] {
  const live = desk.calls.store.getState().calls.flatMap(({ live: call }) => (call?.phase === 'talking' ? [call] : []));
  const own = live.find((call) => call.callId === callId);
  return own?.conference ? live.filter((call) => call.conference).map((call) => call.callId) : [callId];
}

/** Alt+C: pauses the recording for a card number, or lets it go on. */
export function toggleCardPause(desk: Desk, callId: string): void {
  const paused = desk.recordings.store.getState().calls[callId]?.state === 'paused';
  for (const id of heardTogether(desk, callId)) void desk.recordings.act(id, paused ? 'resume' : 'pause');
}

/** Alt+O: starts the recording of this call, or ends it. */
export function toggleRecording(desk: Desk, callId: string): void {
  const state = desk.recordings.store.getState().calls[callId]?.state ?? 'unknown';
  void desk.recordings.act(callId, state === 'off' ? 'start' : 'stop');
}

/** How long the business lets a call be wrapped up; 0: the queues do not wait. */
export function wrapUpSecondsOf({ session }: Desk): number {
  const { session: who } = session.store.getState();
  return who?.status === 'signed_in' ? (who.config?.wrapUpSeconds ?? 0) : 0;
}

/** Alt+Y: the queues wait that long again, from now on. */
export function extendWrapUp(desk: Desk): void {
  if (desk.pbx.store.getState().agent?.state.state === 'wrap_up') void desk.pbx.wrapUp(wrapUpSecondsOf(desk));
}

import type { PhoneCall } from '../../../telephony/phone-types.ts';
import type { Desk } from '../../desk.ts';
import type { KeyAct } from '../../keys/key-table.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import { endConsult } from './handover.ts';

// The keys of a call: which call each means, and what it does there.

export type CallAct = Extract<KeyAct, 'answer' | 'decline' | 'hang_up' | 'mute' | 'hold'>;

/** Whom the agent hears, else who is being called, else who waits: the call that the keys of a call mean. */
export function heardCall(calls: readonly DeskCall[]): PhoneCall | undefined {
  const live = calls.flatMap((call) => (call.live ? [call.live] : []));
  return (
    live.find((call) => call.phase === 'talking' && call.hold === 'none') ??
    live.find((call) => call.phase === 'dialling' || call.phase === 'answering') ??
    live.find((call) => call.phase === 'talking')
  );
}

/** The call that a key means: the ringing one for answer and decline, else the one that is talked. */
export function callFor(act: CallAct, desk: Desk) {
  const { calls } = desk.calls.store.getState();
  if (act !== 'answer' && act !== 'decline') return heardCall(calls);
  return calls.find((call) => call.live?.phase === 'ringing')?.live ?? undefined;
}

/** What the buttons of the call bar do, too. */
export function callAct(act: CallAct, desk: Desk, callId: string): void {
  const phone = desk.line.phone();
  const call = phone?.state().calls.find((candidate) => candidate.callId === callId);
  if (!phone || !call) return;
  if (act === 'answer' && call.phase === 'ringing') {
    holdOthers(desk, callId);
    phone.answer(callId);
  }
  if (act === 'decline' && call.phase === 'ringing') phone.decline(callId);
  if (act === 'hang_up' && call.phase !== 'ringing') {
    if (call.consultFor !== null) endConsult(desk, callId);
    else phone.hangUp(callId);
  }
  if (act === 'mute' && call.phase === 'talking') phone.setMuted(callId, !call.muted);
  if (act === 'hold' && call.phase === 'talking') {
    if (call.hold === 'none') phone.hold(callId);
    else if (call.hold === 'held') phone.resume(callId);
  }
}

/** Nobody talks to two customers at once. */
function holdOthers(desk: Desk, callId: string): void {
  const phone = desk.line.phone();
  for (const other of phone?.state().calls ?? []) {
    if (other.callId !== callId && other.phase === 'talking' && other.hold === 'none') phone?.hold(other.callId);
  }
}

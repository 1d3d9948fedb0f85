import type { CallerIdentity, CallSnapshot } from '../../shared/call.ts';
import type { CallEnd, PhoneCall } from '../../telephony/phone-types.ts';

/** A call as the desk holds it: the phone's call while it lives, then its wrap-up until the agent ends that. */
export interface DeskCall {
  callId: string;
  direction: 'in' | 'out';
  caller: CallerIdentity;
  queue: string | null;
  customerRef: string | null;
  /** A call to a colleague about that call: no customer, no wrap-up, no history of its own. */
  consultFor: string | null;
  /** Epoch ms. */
  startedAt: number;
  answeredAt: number | null;
  endedAt: number | null;
  end: CallEnd | null;
  customerId: string | null;
  stage: 'live' | 'wrap_up' | 'done';
  /** null once over, and for calls of an earlier life of the page. */
  live: PhoneCall | null;
  dispositionCode: string | null;
}

/** A call as it arrives. */
export function deskCall(live: PhoneCall): DeskCall {
  const { callId, direction, caller, queue, customerRef, consultFor, startedAt } = live;
  return {
    callId,
    direction,
    caller,
    queue,
    customerRef,
    consultFor,
    startedAt,
    answeredAt: live.phase === 'talking' ? live.answeredAt : null,
    endedAt: null,
    end: null,
    customerId: null,
    stage: 'live',
    live,
    dispositionCode: null,
  };
}

/** What the phone's news make of it. */
export function progress(before: DeskCall, live: PhoneCall, hasNote: boolean): DeskCall {
  if (live.phase !== 'ended') {
    return {
      ...before,
      live,
      caller: live.caller,
      answeredAt: live.phase === 'talking' ? live.answeredAt : before.answeredAt,
    };
  }
  const { answeredAt, endedAt, end } = live;
  // A call that was talked, or placed, is wrapped up; one that nobody took only if something was written.
  const wrapUp = before.consultFor === null && (answeredAt !== null || before.direction === 'out' || hasNote);
  return { ...before, live: null, answeredAt, endedAt, end, stage: wrapUp ? 'wrap_up' : 'done' };
}

/** A call whose phone is gone. */
export function cutOff(live: PhoneCall, now: number): PhoneCall {
  const { callId, direction, caller, queue, customerRef, capsule, consultFor, startedAt } = live;
  const call = { callId, direction, caller, queue, customerRef, capsule, consultFor, startedAt };
  const answeredAt = live.phase === 'talking' ? live.answeredAt : null;
  const result = answeredAt === null ? (direction === 'in' ? 'missed' : 'failed') : 'answered';
  const end: CallEnd = { result, by: 'here', sipStatus: null };
  return { ...call, phase: 'ended', answeredAt, endedAt: now, end };
}

export function snapshotPhase(call: DeskCall): CallSnapshot['phase'] {
  if (call.stage !== 'live') return call.stage;
  switch (call.live?.phase) {
    case 'dialling':
      return 'dialling';
    case 'talking':
      return call.live.hold === 'held' || call.live.hold === 'resuming' ? 'held' : 'talking';
    default:
      return 'ringing';
  }
}

/** The call as it is journaled at each transition. */
export function snapshotOf(call: DeskCall): CallSnapshot {
  const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const { callId, direction, caller, queue, customerRef, customerId } = call;
  return {
    callId,
    direction,
    caller,
    queue,
    customerRef,
    customerId,
    phase: snapshotPhase(call),
    startedAt: new Date(call.startedAt).toISOString(),
    answeredAt: instant(call.answeredAt),
    endedAt: instant(call.endedAt),
    result: call.end?.result ?? null,
  };
}

/** A call that the host kept, after the page that held it is gone. */
export function restored(snapshot: CallSnapshot, now: number, hasNote: boolean): DeskCall {
  const { callId, direction, caller, queue, customerRef, customerId, answeredAt, endedAt } = snapshot;
  const talked = answeredAt !== null;
  const result = snapshot.result ?? (talked ? 'answered' : direction === 'in' ? 'missed' : 'failed');
  return {
    callId,
    direction,
    caller,
    queue,
    customerRef,
    customerId,
    consultFor: null,
    startedAt: Date.parse(snapshot.startedAt),
    answeredAt: talked ? Date.parse(answeredAt) : null,
    endedAt: endedAt === null ? now : Date.parse(endedAt),
    end: { result, by: 'here', sipStatus: null },
    stage: talked || direction === 'out' || hasNote ? 'wrap_up' : 'done',
    live: null,
    dispositionCode: null,
  };
}

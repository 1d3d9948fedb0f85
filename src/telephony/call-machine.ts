import { assertNever } from '../shared/assert-never.ts';
import type { CallerIdentity } from '../shared/call.ts';
import type { CallEnd, PhoneCall } from './phone-types.ts';

/*
 *  One call. Every change on a screen is one arrow here; nothing else sets a call's state.
 *
 *      INVITE comes                                     we dial
 *           |                                              |
 *           v                                              v
 *      +---------+   answer    +-----------+         +-----------+
 *      | ringing |------------>| answering |         | dialling  |--+ progress (rings there,
 *      +---------+             +-----------+         +-----------+<-+           early media)
 *        |     |  established     |     |              |      |
 *        |     +---------------+  |     |  established |      |
 *        |                     v  v     |              |      |
 *        |                  +-----------|---+          |      |
 *        |                  |  talking  |   |<---------+      |
 *        |                  +-----------|---+                 |
 *        |                   |  ^  muted, media, identified   |
 *        |                   |  |                             |
 *        |                   |  |   none --hold--> holding --settled(held)--> held
 *        |                   |  |    ^                | failed: back to none,   | resume
 *        |                   |  |    |                | microphone STAYS muted  v
 *        |                   |  |    +--------- settled(not held) --------- resuming --hold--> holding
 *        |                   |  |                                           | failed: back to held
 *        |                   |  |   transfer:
 *        |                   |  |   null --transfer--> asking --accepted--> trying --ended(there)--> transferredTo
 *        |                   |  |    ^                   |                    |
 *        |                   |  |    |                   +---- failed --------+---> failed --transfer--> asking
 *        |                   |  |    +- talking begins       (microphone opens again as hold and mute allow)
 *        |                   |  |
 *        |                   |  |   conference: false <--joined--> true; any hold makes it false
 *        |                   v  |
 *        |                  +---------+
 *        +----------------->|  ended  |<-- from every phase; leads nowhere: late events change nothing
 *                           +---------+
 */

export type CallEvent =
  /** The agent took the call; the network has not heard of it yet. */
  | { type: 'answer' }
  /** A provisional response to our INVITE. */
  | { type: 'progress'; ringingThere: boolean; earlyMedia: boolean }
  /** An emergency call waits for a socket, or has one. */
  | { type: 'line_awaited'; waiting: boolean }
  /** Both sides agreed: the dialog is confirmed. `at` is epoch ms. `aside`: the agent has turned to somebody else by now. */
  | { type: 'established'; at: number; aside?: boolean }
  /** What the microphone's track really does, read back after setting it. */
  | { type: 'muted'; muted: boolean }
  | { type: 'hold' }
  | { type: 'resume' }
  /** A re-INVITE was accepted: this is what the network now knows. */
  | { type: 'hold_settled'; held: boolean }
  | { type: 'hold_failed'; problem: 'refused' | 'timeout' }
  | { type: 'media'; media: 'connecting' | 'connected' | 'interrupted' }
  /** A re-INVITE told us another party (a transfer): the pop follows the customer. */
  | { type: 'identified'; caller: CallerIdentity }
  /** The agent hands the customer over. */
  | { type: 'transfer'; to: string; kind: 'blind' | 'attended' }
  /** The PBX took the REFER and calls the target. */
  | { type: 'transfer_accepted' }
  | { type: 'transfer_failed'; sipStatus: number | null }
  | { type: 'conference'; joined: boolean }
  | { type: 'ended'; at: number; end: CallEnd };

/**
 * The next state of a call. Pure; an event that does not fit the phase changes nothing and returns the same object,
 * so `next !== call` means "tell the screens".
 */
export function nextCall(call: PhoneCall, event: CallEvent): PhoneCall {
  if (call.phase === 'ended') return call;
  switch (event.type) {
    case 'answer':
      return call.phase === 'ringing' ? { ...base(call), phase: 'answering' } : call;
    case 'progress':
      return progressed(call, event);
    case 'line_awaited':
      return call.phase === 'dialling'
        ? { ...call, ringingThere: false, earlyMedia: false, waiting: event.waiting }
        : call;
    case 'established':
      return established(call, event.at, event.aside ?? false);
    case 'identified':
      return sameCaller(call.caller, event.caller) ? call : { ...call, caller: event.caller };
    case 'ended':
      return {
        ...base(call),
        phase: 'ended',
        answeredAt: call.phase === 'talking' ? call.answeredAt : null,
        endedAt: event.at,
        end: endOf(call, event.end),
      };
    case 'muted':
    case 'hold':
    case 'resume':
    case 'hold_settled':
    case 'hold_failed':
    case 'media':
    case 'conference':
      return call.phase === 'talking' ? talked(call, event) : call;
    case 'transfer':
    case 'transfer_accepted':
    case 'transfer_failed':
      return call.phase === 'talking' ? handedOver(call, event) : call;
    default:
      return assertNever(event);
  }
}

type Talking = Extract<PhoneCall, { phase: 'talking' }>;
type TalkingEvent = Extract<
  CallEvent,
  { type: 'muted' | 'hold' | 'resume' | 'hold_settled' | 'hold_failed' | 'media' | 'conference' }
>;
type TransferEvent = Extract<CallEvent, { type: 'transfer' | 'transfer_accepted' | 'transfer_failed' }>;

function talked(call: Talking, event: TalkingEvent): Talking {
  switch (event.type) {
    case 'muted':
      return call.muted === event.muted ? call : { ...call, muted: event.muted };
    case 'media':
      return call.media === event.media ? call : { ...call, media: event.media };
    case 'hold':
      // From `resuming`, too: the agent answered somebody else meanwhile.
      return call.hold === 'none' || call.hold === 'resuming'
        ? { ...call, hold: 'holding', holdProblem: null, conference: false }
        : call;
    case 'resume':
      return call.hold === 'held' ? { ...call, hold: 'resuming', holdProblem: null } : call;
    case 'hold_settled':
      return settled(call, event.held ? 'held' : 'none');
    case 'hold_failed':
      return failedHold(call, event.problem);
    case 'conference': {
      const joined = event.joined && call.hold === 'none';
      return call.conference === joined ? call : { ...call, conference: joined };
    }
    default:
      return assertNever(event);
  }
}

function handedOver(call: Talking, event: TransferEvent): Talking {
  const { transfer } = call;
  const running = transfer !== null && transfer.state !== 'failed';
  switch (event.type) {
    case 'transfer':
      // A second press changes nothing: one transfer at a time.
      return running
        ? call
        : { ...call, transfer: { to: event.to, kind: event.kind, state: 'asking', sipStatus: null } };
    case 'transfer_accepted':
      return transfer?.state === 'asking' ? { ...call, transfer: { ...transfer, state: 'trying' } } : call;
    case 'transfer_failed':
      return running ? { ...call, transfer: { ...transfer, state: 'failed', sipStatus: event.sipStatus } } : call;
    default:
      return assertNever(event);
  }
}

/** A PBX that agreed to a transfer and then ends the call has handed the customer over, or they hung up: it did not say which. */
function endOf(call: PhoneCall, end: CallEnd): CallEnd {
  if (call.phase !== 'talking' || call.transfer?.state !== 'trying' || end.by !== 'there') return end;
  return { ...end, transferAsked: call.transfer.to };
}

function settled(call: Talking, hold: 'held' | 'none'): Talking {
  if (call.hold === hold && call.holdProblem === null) return call;
  return { ...call, hold, holdProblem: null, conference: call.conference && hold === 'none' };
}

function failedHold(call: Talking, problem: 'refused' | 'timeout'): Talking {
  switch (call.hold) {
    case 'holding':
      // Who pressed hold believes the customer hears nothing: the microphone stays shut until the agent opens it.
      return { ...call, hold: 'none', holdProblem: problem, muted: true };
    case 'resuming':
      return { ...call, hold: 'held', holdProblem: problem };
    case 'none':
    case 'held':
      return call;
    default:
      return assertNever(call.hold);
  }
}

function progressed(call: PhoneCall, event: { ringingThere: boolean; earlyMedia: boolean }): PhoneCall {
  if (call.phase !== 'dialling') return call;
  const ringingThere = call.ringingThere || event.ringingThere;
  const earlyMedia = call.earlyMedia || event.earlyMedia;
  return ringingThere === call.ringingThere && earlyMedia === call.earlyMedia
    ? call
    : { ...call, ringingThere, earlyMedia };
}

function established(call: PhoneCall, at: number, aside: boolean): PhoneCall {
  if (call.phase === 'talking' || call.phase === 'ended') return call;
  return {
    ...base(call),
    phase: 'talking',
    answeredAt: at,
    muted: false,
    hold: aside ? 'holding' : 'none',
    holdProblem: null,
    media: 'connecting',
    transfer: null,
    conference: false,
  };
}

function base(call: PhoneCall) {
  const { callId, direction, caller, queue, customerRef, capsule, consultFor, startedAt } = call;
  return { callId, direction, caller, queue, customerRef, capsule, consultFor, startedAt };
}

/**
 * A PBX repeats the identity in re-INVITEs, written in its own way or withheld: only another party is news. A colleague's extension
 * that becomes withheld is one: the customer whom they hand over.
 */
function sameCaller(known: CallerIdentity, told: CallerIdentity): boolean {
  if (told.withheld) return known.withheld || known.e164 !== null;
  if (known.e164 !== null || told.e164 !== null) return known.e164 === told.e164;
  return known.number === told.number;
}

/** True until the call has ended. */
export function isLive(call: PhoneCall): boolean {
  return call.phase !== 'ended';
}

/**
 * Whether the microphone may be heard in this state: only in an established call, unmuted, not on hold, not on the way
 * there, and not by a customer who is being handed over. In a conference all talk on until the transfer is done.
 */
export function mayBeHeard(call: PhoneCall): boolean {
  if (call.phase !== 'talking' || call.muted || call.hold !== 'none') return false;
  return call.conference || call.transfer === null || call.transfer.state === 'failed';
}

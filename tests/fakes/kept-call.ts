import type { CallSnapshot, KeptCall } from '../../src/shared/call.ts';
import { newId } from '../../src/shared/ids.ts';

/** An established call as a page leaves it. */
export function keptCall(change: Partial<KeptCall> = {}): KeptCall {
  return {
    callId: newId(),
    direction: 'in',
    caller: { number: '01000001234', e164: '+821000001234', displayName: null, withheld: false, source: 'from' },
    queue: null,
    customerRef: null,
    capsule: null,
    consultFor: null,
    startedAt: 1_000,
    answeredAt: 2_000,
    muted: false,
    held: false,
    replaces: 'old-call;to-tag=pbx;from-tag=ours',
    target: 'sip:pbx@127.0.0.1:5060;transport=ws',
    server: 'ws://127.0.0.1/',
    bye: `${[
      'BYE sip:pbx@127.0.0.1 SIP/2.0',
      'Via: SIP/2.0/WS x.invalid;branch=z9hG4bK-last-ours',
      'Max-Forwards: 70',
      'From: <sip:a@pbx.test>;tag=ours',
      'To: <sip:b@pbx.test>;tag=pbx',
      'Call-ID: old-call',
      'CSeq: 1000000000 BYE',
      'Content-Length: 0',
    ].join('\r\n')}\r\n\r\n`,
    customerId: null,
    ...change,
  };
}

/** A call as a window journals it. */
export function callSnapshot(change: Partial<CallSnapshot> = {}): CallSnapshot {
  const { callId, direction, caller, queue, customerRef } = keptCall();
  const at = new Date().toISOString();
  const known = { callId, direction, caller, queue, customerRef, customerId: null };
  return { ...known, phase: 'talking', startedAt: at, answeredAt: at, endedAt: null, result: null, ...change };
}

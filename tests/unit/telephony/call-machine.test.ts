import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallEvent, isLive, mayBeHeard, nextCall } from '../../../src/telephony/call-machine.ts';
import type { CallEnd, PhoneCall } from '../../../src/telephony/phone-types.ts';

const caller = {
  number: '01000001234',
  e164: '+821000001234',
  displayName: null,
  withheld: false,
  source: 'from',
} as const;
const base = {
  callId: '0190-call',
  caller,
  queue: null,
  customerRef: null,
  capsule: null,
  consultFor: null,
  startedAt: 1,
};
const ringing: PhoneCall = { ...base, direction: 'in', phase: 'ringing', autoAnswer: false };
const dialling: PhoneCall = { ...base, direction: 'out', phase: 'dialling', ringingThere: false, earlyMedia: false };
const end: CallEnd = { result: 'missed', by: 'there', sipStatus: 487 };

const run = (call: PhoneCall, ...events: CallEvent[]) => events.reduce(nextCall, call);
const talking = run(ringing, { type: 'answer' }, { type: 'established', at: 2 });

const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.constant<CallEvent>({ type: 'answer' }),
  fc.record({ type: fc.constant('progress' as const), ringingThere: fc.boolean(), earlyMedia: fc.boolean() }),
  fc.record({ type: fc.constant('established' as const), at: fc.nat() }),
  fc.record({ type: fc.constant('muted' as const), muted: fc.boolean() }),
  fc.constant<CallEvent>({ type: 'hold' }),
  fc.constant<CallEvent>({ type: 'resume' }),
  fc.record({ type: fc.constant('hold_settled' as const), held: fc.boolean() }),
  fc.record({
    type: fc.constant('hold_failed' as const),
    problem: fc.constantFrom('refused' as const, 'timeout' as const),
  }),
  fc.record({
    type: fc.constant('media' as const),
    media: fc.constantFrom('connecting' as const, 'connected' as const, 'interrupted' as const),
  }),
  fc.constant<CallEvent>({ type: 'identified', caller: { ...caller, number: '01000009999' } }),
  fc.record({
    type: fc.constant('transfer' as const),
    to: fc.constantFrom('102', '103'),
    kind: fc.constantFrom('blind' as const, 'attended' as const),
  }),
  fc.constant<CallEvent>({ type: 'transfer_accepted' }),
  fc.record({ type: fc.constant('transfer_failed' as const), sipStatus: fc.constantFrom(null, 403, 486) }),
  fc.record({ type: fc.constant('conference' as const), joined: fc.boolean() }),
  fc.record({ type: fc.constant('ended' as const), at: fc.nat(), end: fc.constant(end) }),
);

describe('a call', () => {
  test('rings, is answered, talks, ends', () => {
    expect(talking).toMatchObject({ phase: 'talking', answeredAt: 2, muted: false, hold: 'none', media: 'connecting' });
    const ended = run(talking, { type: 'ended', at: 9, end });
    expect(ended).toMatchObject({ phase: 'ended', answeredAt: 2, endedAt: 9, end });
  });

  test('what was never answered has no time of answer', () => {
    expect(run(ringing, { type: 'answer' }, { type: 'ended', at: 9, end })).toMatchObject({ answeredAt: null });
  });

  test('early media and ringing over there add up while dialling', () => {
    const call = run(
      dialling,
      { type: 'progress', ringingThere: true, earlyMedia: false },
      { type: 'progress', ringingThere: false, earlyMedia: true },
    );
    expect(call).toMatchObject({ ringingThere: true, earlyMedia: true });
  });

  test('hold is a wish until the network agreed, and the microphone is shut from the wish on', () => {
    const holding = run(talking, { type: 'hold' });
    expect(holding).toMatchObject({ hold: 'holding' });
    expect(mayBeHeard(holding)).toBe(false);
    expect(run(holding, { type: 'hold_settled', held: true })).toMatchObject({ hold: 'held', holdProblem: null });
  });

  test.each(['refused', 'timeout'] as const)(
    'a hold that is %s leaves the microphone shut until the agent opens it',
    (problem) => {
      const call = run(talking, { type: 'hold' }, { type: 'hold_failed', problem });
      expect(call).toMatchObject({ hold: 'none', holdProblem: problem, muted: true });
      expect(mayBeHeard(call)).toBe(false);
      expect(mayBeHeard(run(call, { type: 'muted', muted: false }))).toBe(true);
    },
  );

  test('a resume that fails leaves the customer on hold, and says so', () => {
    const call = run(
      talking,
      { type: 'hold' },
      { type: 'hold_settled', held: true },
      { type: 'resume' },
      { type: 'hold_failed', problem: 'timeout' },
    );
    expect(call).toMatchObject({ hold: 'held', holdProblem: 'timeout' });
  });

  test('a late yes is the truth: the customer does hear the music', () => {
    const call = run(
      talking,
      { type: 'hold' },
      { type: 'hold_failed', problem: 'timeout' },
      { type: 'hold_settled', held: true },
    );
    expect(call).toMatchObject({ hold: 'held', holdProblem: null });
  });
});

describe('handing a customer over', () => {
  const asking = run(talking, { type: 'transfer', to: '102', kind: 'blind' });
  const trying = run(asking, { type: 'transfer_accepted' });

  test('asking, trying, and gone', () => {
    expect(asking).toMatchObject({ transfer: { to: '102', kind: 'blind', state: 'asking', sipStatus: null } });
    expect(trying).toMatchObject({ transfer: { state: 'trying' } });
    const byPbx: CallEnd = { result: 'answered', by: 'there', sipStatus: null };
    expect(run(trying, { type: 'ended', at: 9, end: byPbx })).toMatchObject({ end: { transferAsked: '102' } });
    // It may have been the customer who hung up: nobody said that they were put through.
    expect(run(trying, { type: 'ended', at: 9, end: byPbx })).not.toHaveProperty('end.transferredTo');
  });

  test('ended by the agent or the network, it was no transfer', () => {
    for (const by of ['here', 'network'] as const) {
      const over = run(trying, { type: 'ended', at: 9, end: { result: 'answered', by, sipStatus: null } });
      expect(over).toMatchObject({ end: { by } });
      expect(over).not.toHaveProperty('end.transferredTo');
      expect(over).not.toHaveProperty('end.transferAsked');
    }
  });

  test('a failure keeps the call, says why, and lets the agent be heard and try again', () => {
    const failed = run(trying, { type: 'transfer_failed', sipStatus: 486 });
    expect(failed).toMatchObject({ phase: 'talking', transfer: { state: 'failed', sipStatus: 486 } });
    expect([mayBeHeard(asking), mayBeHeard(trying), mayBeHeard(failed)]).toEqual([false, false, true]);
    const again = run(failed, { type: 'transfer', to: '103', kind: 'attended' });
    expect(again).toMatchObject({ transfer: { to: '103', kind: 'attended', state: 'asking', sipStatus: null } });
  });

  test('a call on hold joins no conference, and hold ends one', () => {
    const held = run(talking, { type: 'hold' }, { type: 'hold_settled', held: true });
    expect(run(held, { type: 'conference', joined: true })).toBe(held);
    const joined = run(talking, { type: 'conference', joined: true });
    expect(joined).toMatchObject({ conference: true });
    expect(run(joined, { type: 'hold' })).toMatchObject({ conference: false, hold: 'holding' });
  });
});

describe('another party on the line', () => {
  const customer = { ...caller, number: '01000007777', e164: '+821000007777', displayName: '김단골' };

  test('after a transfer it is the customer', () => {
    expect(run(talking, { type: 'identified', caller: customer }).caller).toBe(customer);
  });

  test.each([
    ['the same number in another writing', { ...caller, number: '+82 10-0000-1234' }],
    ['nobody', { ...caller, number: null, e164: null, withheld: true }],
  ])('%s is no news', (_name, told) => {
    expect(run(talking, { type: 'identified', caller: told })).toBe(talking);
  });

  test('a colleague’s extension that becomes withheld is: the customer whom they hand over hides their number', () => {
    const extension = { ...caller, number: '101', e164: null };
    const withheld = { ...caller, number: null, e164: null, withheld: true };
    const consulted = { ...talking, caller: extension };
    expect(run(consulted, { type: 'identified', caller: withheld }).caller).toBe(withheld);
  });
});

describe('any sequence of events', () => {
  const start: fc.Arbitrary<PhoneCall> = fc.constantFrom(ringing, dialling);

  test('never throws, and after the end nothing is live again', () => {
    fc.assert(
      fc.property(start, fc.array(anyEvent, { maxLength: 30 }), (first, events) => {
        let call = first;
        let over = false;
        for (const event of events) {
          const next = nextCall(call, event);
          if (over) expect(next).toBe(call);
          over ||= event.type === 'ended';
          call = next;
          expect(isLive(call)).toBe(!over);
        }
      }),
    );
  });

  test('keeps who, when and which call; the microphone is only open while talking', () => {
    fc.assert(
      fc.property(start, fc.array(anyEvent, { maxLength: 30 }), (first, events) => {
        const call = run(first, ...events);
        expect(call).toMatchObject({ callId: first.callId, direction: first.direction, startedAt: first.startedAt });
        if (mayBeHeard(call)) expect(call.phase).toBe('talking');
        if (call.phase === 'talking' && call.hold !== 'none') expect(mayBeHeard(call)).toBe(false);
      }),
    );
  });

  test('an event that changes nothing returns the same object', () => {
    fc.assert(
      fc.property(start, fc.array(anyEvent, { maxLength: 20 }), anyEvent, (first, events, event) => {
        const call = nextCall(run(first, ...events), event);
        const again = nextCall(call, event);
        // A wish of its own can only be made once; everything else repeated is nothing new.
        if (!['hold_failed', 'resume', 'transfer_accepted'].includes(event.type)) expect(again).toBe(call);
      }),
    );
  });

  test('a customer who is being handed over hears nobody, and one on hold is in no conference', () => {
    fc.assert(
      fc.property(start, fc.array(anyEvent, { maxLength: 30 }), (first, events) => {
        const call = run(first, ...events);
        if (call.phase !== 'talking') return;
        if (call.hold !== 'none') expect(call.conference).toBe(false);
        const handing = call.transfer !== null && call.transfer.state !== 'failed';
        if (handing && !call.conference) expect(mayBeHeard(call)).toBe(false);
      }),
    );
  });

  test('a transfer that the PBX ended without a word of its outcome is named as asked for, and a running one is not overtaken', () => {
    fc.assert(
      fc.property(start, fc.array(anyEvent, { maxLength: 30 }), (first, events) => {
        let call = first;
        for (const event of events) {
          const next = nextCall(call, event);
          const running = call.phase === 'talking' && call.transfer && call.transfer.state !== 'failed';
          if (running && event.type === 'transfer') expect(next).toBe(call);
          if (next.phase === 'ended' && call.phase !== 'ended') {
            const accepted = call.phase === 'talking' && call.transfer?.state === 'trying';
            expect(next.end.transferAsked !== undefined).toBe(accepted);
            expect(next.end.transferredTo).toBeUndefined();
          }
          call = next;
        }
      }),
    );
  });
});

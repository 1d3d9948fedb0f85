import { describe, expect, test } from 'vitest';
import { colleagueWord, phaseWord, soundWord, troubleWord } from '../../../src/renderer/screens/call/call-words.ts';
import type { PhoneCall } from '../../../src/telephony/phone-types.ts';

const base = {
  callId: 'c',
  direction: 'out',
  caller: { number: '102', e164: null, displayName: null, withheld: false, source: 'from' },
  queue: null,
  customerRef: null,
  capsule: null,
  consultFor: null,
  startedAt: 1,
} as const;
const talking: Extract<PhoneCall, { phase: 'talking' }> = {
  ...base,
  phase: 'talking',
  answeredAt: 2,
  muted: false,
  hold: 'none',
  holdProblem: null,
  media: 'connected',
  transfer: null,
  conference: false,
};
const dialling = (ringingThere: boolean): PhoneCall => ({
  ...base,
  phase: 'dialling',
  ringingThere,
  earlyMedia: false,
});
const shown = (live: PhoneCall) => phaseWord({ live, end: null, answeredAt: null, direction: 'out' });

describe('a call is called what it is', () => {
  test('transferred only where the PBX said so; where it only ended the call, that', () => {
    const end = { result: 'answered', by: 'there', sipStatus: null } as const;
    const ended = (how: object) => phaseWord({ live: null, end: { ...end, ...how }, answeredAt: 2, direction: 'in' });
    expect(ended({ transferredTo: '102' })).toBe('call:phase.transferred');
    expect(ended({ transferAsked: '102' })).toBe('call:phase.transfer_unsure');
    expect(ended({})).toBe('call:phase.wrap_up');
  });

  test('a resume that failed says that the customer is still on hold, a hold that failed that they are not', () => {
    expect(troubleWord({ ...talking, hold: 'held', holdProblem: 'timeout' })).toBe('call:resume_problem.timeout');
    expect(troubleWord({ ...talking, holdProblem: 'refused' })).toBe('call:hold_problem.refused');
    expect(troubleWord(talking)).toBe(null);
    expect(soundWord({ ...talking, media: 'interrupted' })).toBe('call:media.interrupted');
    expect(soundWord(talking)).toBe(null);
  });

  test('nobody is "ringing there" before the far end has said so, nor "on call" before they are', () => {
    expect([colleagueWord(dialling(false)), colleagueWord(dialling(true))]).toEqual([
      'call:phase.dialling',
      'call:phase.ringing_there',
    ]);
    expect([shown(dialling(false)), shown({ ...talking, hold: 'resuming' })]).toEqual([
      'call:phase.dialling',
      'call:phase.resuming',
    ]);
    expect(colleagueWord({ ...talking, hold: 'held' })).toBe('call:phase.held_colleague');
  });

  test('a call of one’s own that never came about says why; one that the agent gave up is just over', () => {
    const over = (
      result: 'busy' | 'failed' | 'no_answer' | 'answered',
      by: 'there' | 'here',
      answeredAt: number | null = null,
    ) => phaseWord({ live: null, end: { result, by, sipStatus: null }, answeredAt, direction: 'out' });
    expect(over('busy', 'there')).toBe('call:ended_why.busy');
    expect(over('failed', 'there')).toBe('call:ended_why.failed');
    expect(over('no_answer', 'here')).toBe('call:phase.wrap_up');
    expect(over('answered', 'there', 5)).toBe('call:phase.wrap_up');
  });
});

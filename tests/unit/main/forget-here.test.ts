import { expect, test } from 'vitest';
import { recordCall, wrapUpCall } from '../../../src/main/calls.ts';
import { forgetOldCalls, keepForgettingCalls } from '../../../src/main/forget-here.ts';
import { keepDraft } from '../../../src/main/notes.ts';
import type { CallSnapshot } from '../../../src/shared/call.ts';
import { newId } from '../../../src/shared/ids.ts';
import { NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';

const DAY = 86_400_000;

function call(desk: TestContext, phase: CallSnapshot['phase']): string {
  const callId = newId();
  const at = new Date(desk.clock.now()).toISOString();
  recordCall(desk, {
    callId,
    direction: 'in',
    phase: phase === 'done' ? 'wrap_up' : phase,
    caller: { number: '01000001001', e164: '+821000001001', displayName: null, withheld: false, source: 'from' },
    queue: null,
    customerRef: null,
    customerId: null,
    startedAt: at,
    answeredAt: at,
    endedAt: phase === 'talking' ? null : at,
    result: phase === 'talking' ? null : 'answered',
  } as CallSnapshot);
  if (phase === 'done') wrapUpCall(desk, { callId, customerId: null, dispositionCode: 'solved', wrapUpSeconds: 5 });
  return callId;
}
const kept = (desk: TestContext) =>
  (desk.outbox.prepare('SELECT call_id FROM call').all() as { call_id: string }[]).map((row) => row.call_id);

test('a call that was wrapped up a week ago leaves the desk, its number with it', async () => {
  const desk = openTestContext();
  const old = call(desk, 'done');
  const written = call(desk, 'done');
  keepDraft(desk, { noteId: newId(), callId: written, customerId: null, text: '아직 쓰는 중', revision: 1 });
  const open = call(desk, 'wrap_up');
  const forgotten = call(desk, 'talking');
  await desk.clock.advance(6 * DAY);
  const recent = call(desk, 'done');
  forgetOldCalls(desk.outbox, desk.clock.now());
  expect(kept(desk)).toContain(old);
  await desk.clock.advance(2 * DAY);
  forgetOldCalls(desk.outbox, desk.clock.now());
  expect(kept(desk).sort()).toEqual([written, open, forgotten, recent].sort());
  // Whatever was never ended (a crash, a desk that was put away) goes after a month; what somebody still writes on stays.
  await desk.clock.advance(30 * DAY);
  forgetOldCalls(desk.outbox, desk.clock.now());
  expect(kept(desk)).toEqual([written]);
});

test('a desk that is never restarted forgets all the same, and a full disk does not end it', async () => {
  const desk = openTestContext(NOON);
  call(desk, 'done');
  const stop = keepForgettingCalls(desk);
  await desk.clock.advance(9 * DAY);
  expect(kept(desk)).toEqual([]);
  const { outbox } = desk;
  const logged: string[] = [];
  desk.log = (event) => void logged.push(event);
  desk.outbox = {
    ...outbox,
    transaction: () => {
      throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    },
  };
  await desk.clock.advance(DAY);
  expect(logged).toContain('calls.not_forgotten');
  stop();
});

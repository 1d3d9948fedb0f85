import { afterEach, describe, expect, test } from 'vitest';
import { createGateTalk } from '../../../src/renderer/stores/gate-talk.ts';
import type { GateRefusal, SessionState } from '../../../src/shared/host-types.ts';
import { signedIn } from '../../fakes/desk-fixtures.ts';
import { readyWorld, type World } from './world.ts';

const worlds: World[] = [];
async function world(): Promise<World> {
  const made = await readyWorld();
  worlds.push(made);
  return made;
}
afterEach(() => {
  for (const made of worlds.splice(0)) made.close();
});

const question = (number: string) => ({
  number,
  contactPointId: null,
  customerId: null,
  purpose: 'service' as const,
  overrideReason: null,
});
const called = (made: World) => made.line.asked.filter((act) => /^(call|consult|transfer|decline) /.test(act));

/** A strip that calls the number as soon as it may. */
function strip(made: World) {
  const talk = createGateTalk(made.desk);
  return {
    talk,
    dial: (number: string) => talk.place(question(number), (passed) => passed.call()),
    verdict: () => talk.store.getState(),
  };
}

describe('emergency numbers always pass', () => {
  test('the host was killed: 119 is called at once, and the host journals the call when it is back', async () => {
    const made = await world();
    made.host.kill();
    await strip(made).dial('119');
    expect(called(made)).toEqual(['call 119']);
    made.host.restart();
    await made.until(() => made.host.state.calls.some(({ caller }) => caller.number === '119'));
    expect(made.host.state.heard).not.toContain('dial.check');
  });

  test('a host that answers nothing is not waited for', async () => {
    const made = await world();
    made.host.state.silent.add('dial.check');
    await strip(made).dial('1 1 2');
    expect(called(made)).toEqual(['call 112']);
  });

  test.each<[string, SessionState]>([
    ['locked', locked()],
    ['signed out', { status: 'signed_out', centralUrl: 'http://127.0.0.1:4701', practice: true }],
  ])('the desk is %s in a call: the line is there for 119, and only for that', async (_, session) => {
    const made = await world();
    const callId = made.line.ring();
    made.line.talk(callId);
    made.host.state.session = session;
    made.host.emit({ type: 'session', session });
    await made.until(() => made.desk.session.store.getState().session?.status === session.status);
    made.host.state.failing.set('dial.check', { code: 'LOCKED', next: 'sign-in' });
    const one = strip(made);
    await one.dial('010-0000-1234');
    expect(one.verdict()).toMatchObject({ state: 'error', problem: { code: 'LOCKED' } });
    await one.dial('119');
    expect(called(made)).toEqual(['call 119']);
  });

  test('the numbers of the country of the line, as people write them', async () => {
    const made = await world();
    made.host.kill();
    for (const number of ['１１９', ' 911 ', '1-1-2']) await strip(made).dial(number);
    expect(called(made)).toEqual(['call 119', 'call 911', 'call 112']);
    const other = strip(made);
    await other.dial('999');
    expect(other.verdict()).toMatchObject({ state: 'error', problem: { code: 'HOST_GONE' } });
  });

  test('a customer is handed to 119 while the host is away', async () => {
    const made = await world();
    const callId = made.line.ring();
    made.line.talk(callId);
    made.host.kill();
    await createGateTalk(made.desk).place(question('119'), (passed) => passed.consult(callId, {}));
    expect(called(made)).toEqual([`consult ${callId} 119`]);
  });
});

describe('every other number waits for the word of the gate', () => {
  test('the host is away: the number is not called, and it is said why', async () => {
    const made = await world();
    made.host.kill();
    const one = strip(made);
    await one.dial('010-0000-1234');
    expect(one.verdict()).toMatchObject({ state: 'error', problem: { code: 'HOST_GONE' } });
    expect(called(made)).toEqual([]);
  });

  test.each<GateRefusal>([
    { rule: 'premium_number', data: {}, overridable: false },
    { rule: 'forbidden_number', data: { prefix: '+882' }, overridable: false },
    { rule: 'do_not_call', data: {}, overridable: false },
  ])('a refusal says which rule it was: $rule', async (refusal) => {
    const made = await world();
    made.host.state.verdict = { allowed: false, refusals: [refusal] };
    const one = strip(made);
    await one.dial('060-700-1234');
    expect(one.verdict()).toEqual({ state: 'refused', refusals: [refusal] });
    expect(called(made)).toEqual([]);
  });

  test('a listed number is read first, and goes on when it is asked for again; another one is asked about anew', async () => {
    const made = await world();
    const target = '+821000005678';
    made.host.state.verdict = { allowed: true, target, emergency: false, overridden: [], doNotCall: true };
    const one = strip(made);
    await one.dial('010-0000-5678');
    expect(one.verdict().state).toBe('listed');
    await one.dial('010-0000-9999');
    expect(one.verdict().state).toBe('listed');
    expect(called(made)).toEqual([]);
    await one.dial('010-0000-9999');
    expect(called(made)).toEqual([`call ${target}`]);
  });

  test('an answer to what was asked before, or to a strip that is closed, calls nobody', async () => {
    const made = await world();
    let answer: () => void = () => undefined;
    made.host.state.held.set('dial.check', new Promise((resolve) => (answer = resolve)));
    const one = strip(made);
    const asked = one.dial('010-0000-1234');
    one.talk.reset();
    answer();
    await asked;
    expect(called(made)).toEqual([]);
    expect(one.verdict()).toEqual({ state: 'none' });
  });
});

function locked(): SessionState {
  const session = signedIn(Date.now());
  if (session.status !== 'signed_in') throw new Error('the fixture is signed in');
  const { agent, centralUrl, practice } = session;
  return { status: 'locked', agent, centralUrl, practice };
}

test('closed while the story was on its way to the centre: nobody is called', async () => {
  const made = await world();
  const { talk } = strip(made);
  const sealed = Promise.withResolvers<void>();
  const seen = Promise.withResolvers<void>();
  const placed = talk.place(question('102'), async (passed, stillAsked) => {
    seen.resolve();
    await sealed.promise;
    if (stillAsked()) passed.consult('a-call', {});
  });
  await seen.promise;
  expect(talk.store.getState()).toEqual({ state: 'asking' });
  talk.reset();
  sealed.resolve();
  await placed;
  expect(called(made)).toEqual([]);
});

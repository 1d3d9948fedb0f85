import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallSnapshot } from '../../../src/shared/call.ts';
import { newId } from '../../../src/shared/ids.ts';
import { hostStart, openPortDesk, type TestDesk, temporaryFolder } from '../../fakes/desk.ts';
import { type HttpCentre, PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { createSimClock, type SimClock } from '../../fakes/sim-clock.ts';
import { refusalOf } from '../contract/contract-suite.ts';

// An agent signs out in a call. The line stays until it is over, 119 can be called on it, and whose calls these are is known.

let clock: SimClock;
let centre: HttpCentre;
let desk: TestDesk;
let folder: string;
let remove: () => void;

beforeEach(async () => {
  clock = createSimClock();
  centre = await startHttpCentre(() => clock.now());
  ({ folder, remove } = temporaryFolder());
  desk = await openPortDesk(hostStart(folder, centre.url), { clock, random: () => 0.5 });
  await signIn('agent1');
});
afterEach(async () => {
  await desk.close();
  await centre.close();
  remove();
});

const signIn = (login: string) => desk.api.session.signIn({ login, password: PASSWORD });
const signOut = () => desk.api.session.signOut({ keepUnsent: true });
const at = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString();

function call(number: string, direction: 'in' | 'out'): CallSnapshot {
  return {
    callId: newId(),
    direction,
    caller: { number, e164: null, displayName: null, withheld: false, source: direction === 'in' ? 'from' : 'dialled' },
    queue: null,
    customerRef: null,
    customerId: null,
    phase: direction === 'in' ? 'talking' : 'dialling',
    startedAt: at(0),
    answeredAt: direction === 'in' ? at(0) : null,
    endedAt: null,
    result: null,
  };
}
const over = (one: CallSnapshot): CallSnapshot => ({
  ...one,
  phase: 'wrap_up',
  answeredAt: one.answeredAt ?? at(5),
  endedAt: at(60),
  result: 'answered',
});
const record = (one: CallSnapshot) => desk.api.call.record(one);
const openCalls = async () => (await desk.api.call.restore({})).calls.map(({ callId, phase }) => [callId, phase]);

describe('signed out in a call', () => {
  test('119 and the end of the call are the agent’s who had the line: nobody else’s', async () => {
    const customer = call('01000005678', 'in');
    await record(customer);
    await signOut();
    const emergency = call('119', 'out');
    await record(emergency);
    await record({ ...emergency, phase: 'talking', answeredAt: at(5) });
    // The customer leaves first: the emergency call goes on, and is still theirs.
    await record(over(customer));
    await record(over(emergency));
    await signIn('agent2');
    expect(await openCalls()).toEqual([]);
    expect((await desk.api.call.history({})).calls).toEqual([]);
    await signOut();
    await signIn('agent1');
    expect(new Map((await openCalls()) as [string, string][])).toEqual(
      new Map([
        [customer.callId, 'wrap_up'],
        [emergency.callId, 'wrap_up'],
      ]),
    );
    expect((await desk.api.call.history({})).calls.map(({ callId }) => callId)).toContain(emergency.callId);
  });

  test('once their calls are over nothing more is written in their name', async () => {
    const customer = call('01000005678', 'in');
    await record(customer);
    await signOut();
    await record(over(customer));
    expect(await refusalOf(record(call('119', 'out')))).toMatchObject({ code: 'SIGNED_OUT' });
  });

  test('nor once somebody else is here: a new call is that one’s', async () => {
    const customer = call('01000005678', 'in');
    await record(customer);
    await signOut();
    await signIn('agent2');
    const emergency = call('119', 'out');
    await record(emergency);
    expect(await openCalls()).toEqual([[emergency.callId, 'dialling']]);
  });
});

test('signed out at rest: no call is anybody’s', async () => {
  await signOut();
  expect(await refusalOf(record(call('119', 'out')))).toMatchObject({ code: 'SIGNED_OUT' });
});

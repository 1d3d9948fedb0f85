import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallSnapshot } from '../../../src/shared/call.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Operation } from '../../../src/shared/sync-wire.ts';
import type { Clock } from '../../../src/sync/clock.ts';
import { hostStart, openPortDesk, type TestDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { type HttpCentre, PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';
import { createSimClock, type SimClock } from '../../fakes/sim-clock.ts';
import { refusalOf } from '../contract/contract-suite.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Timers run in `sim`; `asleep` is time in which the machine slept: it passed, and nothing ran. */
let sim: SimClock;
let asleep = 0;
const clock: Clock = {
  now: () => sim.now() + asleep,
  schedule: (delayMs, run) => sim.schedule(delayMs, run),
};
let centre: HttpCentre;
let desk: TestDesk;
let folder: string;
let remove: () => void;
/** Every operation that the centre took, in the order in which it took them. */
let taken: Operation[];

beforeEach(async () => {
  sim = createSimClock();
  asleep = 0;
  centre = await startHttpCentre(() => clock.now());
  taken = [];
  const push = centre.oracle.push.bind(centre.oracle);
  centre.oracle.push = (request) => {
    const answer = push(request);
    taken.push(...(request.operations as Operation[]));
    return answer;
  };
  ({ folder, remove } = temporaryFolder());
  await openDesk();
  for (const login of ['agent2', 'agent1']) await signIn(login);
  await pass(async () => (await status()).phase === 'idle', 'the first load');
});
afterEach(async () => {
  await desk.close();
  await centre.close();
  remove();
});

/** The cable is out: nothing is even tried, so that a day passes in seconds. */
const cable: typeof fetch = (url, init) => {
  if (centre.mode === 'down') return Promise.reject(new TypeError('fetch failed'));
  const signals = [AbortSignal.timeout(1000), ...(init?.signal ? [init.signal] : [])];
  return fetch(url, { ...init, signal: AbortSignal.any(signals) });
};
const webSocket = (url: string) => {
  if (centre.mode === 'down') throw new TypeError('no network');
  return new WebSocket(url);
};
async function openDesk(): Promise<void> {
  desk = await openPortDesk(hostStart(folder, centre.url), { clock, random: () => 0.5, fetch: cable, webSocket });
}
const signIn = (login = 'agent1', password = PASSWORD) => desk.api.session.signIn({ login, password });
const signOut = () => desk.api.session.signOut({ keepUnsent: true });
const session = () => desk.api.session.state({});
const status = () => desk.api.sync.status({});
const pass = (ask: () => Promise<boolean>, what: string, stepMs = 500) =>
  until(async () => {
    await sim.advance(stepMs);
    return ask();
  }, what);

/** Mostly slept through, so that a day is over in seconds; the desk runs for the last minutes of it. */
async function later(milliseconds: number): Promise<void> {
  const awake = Math.min(milliseconds, 3 * MINUTE);
  asleep += milliseconds - awake;
  await sim.advance(awake);
}

/** A whole call as the page tells of it: rung, talked, noted, wrapped up. */
async function wholeCall(text: string): Promise<void> {
  const callId = newId();
  const caller = { number: '01000005678', e164: SAMPLE.gold.phone, displayName: null, withheld: false, source: 'from' };
  const opened = await desk.api.customer.open({
    phone: SAMPLE.gold.phone,
    callId,
    customerRef: null,
    direction: 'in',
  });
  expect(opened.match).toBe('one');
  const at = () => new Date(clock.now()).toISOString();
  const ringing: CallSnapshot = {
    ...{ callId, direction: 'in', caller: caller as CallSnapshot['caller'], queue: 'support', customerRef: null },
    ...{ customerId: SAMPLE.gold.id, phase: 'ringing', startedAt: at(), answeredAt: null, endedAt: null, result: null },
  };
  await desk.api.call.record(ringing);
  const talking: CallSnapshot = { ...ringing, phase: 'talking', answeredAt: at() };
  await desk.api.call.record(talking);
  const noteId = newId();
  await desk.api.note.draft({ noteId, callId, customerId: SAMPLE.gold.id, text, revision: 1 });
  await desk.api.note.save({ noteId, callId, customerId: SAMPLE.gold.id, text });
  await desk.api.call.record({ ...talking, phase: 'wrap_up', endedAt: at(), result: 'answered' });
  const { dispositions } = await desk.api.catalogue.read({});
  const dispositionCode = dispositions[0]?.code ?? '';
  await desk.api.call.wrapUp({ callId, customerId: SAMPLE.gold.id, dispositionCode, wrapUpSeconds: 20 });
}

const notesTaken = () => taken.flatMap(({ payload }) => (payload.kind === 'note.save' ? [payload.text] : []));

describe('the centre is gone for a day', () => {
  test('the desk works on: calls, notes, outcomes, search, dialling; it says since when; all of it arrives in order, once', async () => {
    const wentAt = (await status()).lastContactAt ?? '';
    centre.mode = 'down';
    await pass(async () => (await status()).phase === 'offline', 'the desk notices');
    const written: string[] = [];
    for (let hour = 1; hour <= 11; hour += 1) {
      const text = `${hour}시간째 메모`;
      await wholeCall(text);
      written.push(text);
      if (hour === 4) {
        // Lunch: a colleague takes the seat and gives it back.
        await signOut();
        await signIn('agent2');
        await wholeCall('동료의 메모');
        written.push('동료의 메모');
        await signOut();
        await signIn('agent1');
      }
      if (hour === 6) {
        await desk.close();
        await openDesk();
      }
      expect((await desk.api.customer.search({ text: '김' })).candidates.length).toBeGreaterThan(0);
      const dial = {
        number: SAMPLE.gold.phone,
        customerId: SAMPLE.gold.id,
        purpose: 'service',
        overrideReason: null,
      } as const;
      expect(await desk.api.dial.check(dial)).toMatchObject({ allowed: true });
      await later(HOUR);
      expect(await session()).toMatchObject({ status: 'signed_in', agent: { login: 'agent1' } });
      const now = await status();
      expect(now).toMatchObject({ phase: 'offline', problem: { code: 'CENTRE_UNREACHABLE' } });
      // Since when, to the minute: also after a restart of the host.
      expect(Date.parse(now.lastContactAt ?? '') - Date.parse(wentAt)).toBeLessThan(MINUTE);
    }
    const before = taken.length;
    centre.mode = 'up';
    await pass(async () => (await status()).pending === 0, 'everything is at the centre', 5000);
    const arrived = taken.slice(before);
    expect(notesTaken()).toEqual(written);
    expect(new Set(arrived.map(({ opId }) => opId)).size).toBe(arrived.length);
    const numbers = arrived.map(({ deviceSeq }) => deviceSeq);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    const claimed = arrived.map(({ claimedAt }) => claimedAt);
    expect(claimed).toEqual([...claimed].sort());
    await pass(async () => (await status()).problem === null, 'both ways are open again', 5000);
    expect((await status()).attention).toBe(0);
    const authors = arrived.flatMap(({ payload, authorId }) => (payload.kind === 'note.save' ? [authorId] : []));
    expect(authors.filter((id) => id === SAMPLE.otherAgent.id)).toHaveLength(1);
  });

  test('over night the lease ends: the desk locks, what was typed is still saved, the morning’s sign-in sends it all', async () => {
    centre.mode = 'down';
    await wholeCall('퇴근 전 메모');
    await later(13 * HOUR);
    expect(await session()).toMatchObject({ status: 'locked' });
    expect(await refusalOf(signIn())).toMatchObject({ code: 'CENTRE_UNREACHABLE' });
    await desk.api.note.save({ noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text: '잠긴 뒤 메모' });
    await later(11 * HOUR);
    centre.mode = 'up';
    await signIn();
    await pass(async () => (await status()).pending === 0, 'everything is at the centre', 5000);
    expect(notesTaken()).toEqual(['퇴근 전 메모', '잠긴 뒤 메모']);
  });
});

describe('sign-in while the centre is away', () => {
  beforeEach(async () => {
    centre.mode = 'down';
    await signOut();
  });

  test('goes on the lease of whoever signed in here before; with the centre back the desk signs in there by itself', async () => {
    expect(await refusalOf(signIn('agent1', 'wrong password'))).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect(await refusalOf(signIn('stranger'))).toMatchObject({ code: 'CENTRE_UNREACHABLE' });
    // With their line: the desk still has its account in memory.
    expect(await signIn()).toMatchObject({ status: 'signed_in', config: { sip: { username: 'agent1' } } });
    const asked = centre.requests.filter((path) => path === '/v1/sign-in').length;
    centre.mode = 'up';
    await pass(async () => (await status()).phase === 'idle', 'in step again', 5000);
    expect(centre.requests.filter((path) => path === '/v1/sign-in')).toHaveLength(asked + 1);
    expect(await session()).toMatchObject({ status: 'signed_in', agent: { login: 'agent1' } });
  });

  test('lengthens no lease, and is over when the centre does not take the password any more', async () => {
    const lease = 12 * HOUR;
    await later(lease - HOUR);
    expect(await signIn()).toMatchObject({ status: 'signed_in' });
    await signOut();
    await later(2 * HOUR);
    expect(await refusalOf(signIn())).toMatchObject({ code: 'CENTRE_UNREACHABLE' });
  });

  test('a password that was changed meanwhile ends the session; the work stays and is sent', async () => {
    await signIn();
    await wholeCall('연결 전 메모');
    centre.password = 'another password';
    centre.mode = 'up';
    await pass(async () => (await session()).status === 'locked', 'the centre says no', 5000);
    await pass(async () => notesTaken().includes('연결 전 메모'), 'the note arrives all the same', 5000);
    centre.mode = 'down';
    expect(await refusalOf(signIn())).toMatchObject({ code: 'CENTRE_UNREACHABLE' });
  });

  test('guessing is slowed down', async () => {
    for (let n = 0; n < 5; n += 1) await refusalOf(signIn('agent1', `guess ${n}`));
    expect(await refusalOf(signIn())).toMatchObject({ code: 'TOO_MANY_TRIES' });
    await later(2 * MINUTE);
    expect(await signIn()).toMatchObject({ status: 'signed_in' });
  });
});

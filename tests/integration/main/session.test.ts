import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cipherOf } from '../../../src/main/db/cache-cipher.ts';
import { connect } from '../../../src/main/db/connection.ts';
import { newId } from '../../../src/shared/ids.ts';
import { hostStart, openPortDesk, type TestDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { ELSEWHERE, type HttpCentre, PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';
import { createSimClock, type SimClock } from '../../fakes/sim-clock.ts';
import { refusalOf } from '../contract/contract-suite.ts';

const MINUTE = 60_000;
let clock: SimClock;
let centre: HttpCentre;
let desk: TestDesk;
let folder: string;
let remove: () => void;

beforeEach(async () => {
  clock = createSimClock();
  centre = await startHttpCentre(() => clock.now());
  ({ folder, remove } = temporaryFolder());
  await openDesk();
});
afterEach(async () => {
  await desk.close();
  await centre.close();
  remove();
});

async function openDesk(demoLogin: string | null = null): Promise<void> {
  desk = await openPortDesk(hostStart(folder, centre.url, { demoLogin }), {
    clock,
    random: () => 0.5,
    fetch: impatient,
  });
}
async function restart(demoLogin: string | null = null): Promise<void> {
  await desk.close();
  await openDesk(demoLogin);
}
/** The platform's fetch, for which a second is too long. */
const impatient: typeof fetch = (url, init) => {
  const signals = [AbortSignal.timeout(1000), ...(init?.signal ? [init.signal] : [])];
  return fetch(url, { ...init, signal: AbortSignal.any(signals) });
};
const signIn = (login = 'agent1', password = PASSWORD) => desk.api.session.signIn({ login, password });
const state = () => desk.api.session.state({});
const save = (text: string) => desk.api.note.save({ noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text });
const ring = () =>
  desk.api.customer.open({ phone: SAMPLE.gold.phone, callId: newId(), customerRef: null, direction: 'in' });
/** Lets the desk's time pass until something is so. */
const pass = (ask: () => Promise<boolean>, what: string, stepMs = 500) =>
  until(async () => {
    await clock.advance(stepMs);
    return ask();
  }, what);
const filled = () => pass(async () => (await desk.api.sync.status({})).phase === 'idle', 'the first bootstrap');

describe('sign-in', () => {
  test('brings the agent, the lease and the line', async () => {
    expect(await signIn()).toMatchObject({
      status: 'signed_in',
      agent: { login: 'agent1' },
      config: { sip: { username: 'agent1', password: 'line password' }, practiceStore: true },
    });
  });
  test('the password of the line is in the encrypted store alone, and goes with the lease; that of the agent nowhere', async () => {
    centre.leaseMs = 5 * MINUTE;
    await signIn();
    const kept = async () => {
      await desk.close();
      const db = connect({ file: `${folder}/outbox.db`, key: 'ab'.repeat(32) });
      const all = JSON.stringify(db.prepare('SELECT * FROM keep').all());
      db.close();
      await openDesk();
      return all;
    };
    const first = await kept();
    expect(first).toContain('refresh');
    expect(first).toContain('line password');
    expect(first).not.toContain(PASSWORD);
    for (const file of readdirSync(folder)) {
      expect(readFileSync(`${folder}/${file}`, 'latin1')).not.toContain('line password');
    }
    centre.mode = 'down';
    await clock.advance(6 * MINUTE);
    expect(await state()).toMatchObject({ status: 'locked' });
    expect(await kept()).not.toContain('line password');
  });
  test('the line of whom the centre let go is not kept either', async () => {
    await signIn();
    centre.revoked = true;
    await pass(async () => (await state()).status === 'locked', 'the lock', MINUTE);
    await desk.close();
    const db = connect({ file: `${folder}/outbox.db`, key: 'ab'.repeat(32) });
    expect(JSON.stringify(db.prepare('SELECT * FROM keep').all())).not.toContain('line password');
    db.close();
    await openDesk();
  });
  test('a wrong password, too many tries', async () => {
    expect(await refusalOf(signIn('agent1', 'wrong'))).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect(await refusalOf(signIn('locked'))).toMatchObject({
      code: 'TOO_MANY_TRIES',
      data: { next: 'wait', data: { retryAfterSeconds: 30 } },
    });
    expect(await state()).toMatchObject({ status: 'signed_out' });
  });
  test.each([
    ['down', 'CENTRE_UNREACHABLE', 'check-network'],
    ['slow', 'CENTRE_UNREACHABLE', 'check-network'],
    ['nonsense', 'CENTRE_NONSENSE', 'call-administrator'],
  ] as const)('at a centre that is %s', async (mode, code, next) => {
    centre.mode = mode;
    expect(await refusalOf(signIn())).toMatchObject({ code, data: { next } });
    centre.mode = 'up';
    expect(await signIn()).toMatchObject({ status: 'signed_in' });
  });
});

describe('while the centre is down', () => {
  test('a desk that is started again goes on signed in: the pop, notes and the gate work', async () => {
    await signIn();
    await filled();
    centre.mode = 'down';
    await restart();
    // With the line, so that calls go on, too.
    expect(await state()).toMatchObject({
      status: 'signed_in',
      agent: { login: 'agent1' },
      config: { sip: { username: 'agent1', password: 'line password' } },
    });
    expect(await ring()).toMatchObject({ match: 'one', view: { customer: { name: '김*수' } } });
    expect(await save('센터가 꺼져 있어도 저장')).toEqual({ mark: 'here' });
    const call = { number: SAMPLE.quiet.phone, customerId: null, purpose: 'marketing', overrideReason: null } as const;
    expect(await desk.api.dial.check(call)).toMatchObject({ allowed: false });
    centre.mode = 'up';
    await pass(async () => (await desk.api.sync.status({})).pending === 0, 'the note at the centre');
    await pass(async () => centre.requests.includes('/v1/desk-config'), 'the line is asked for again');
  });
  test('when the lease is over it locks: nothing is shown, everything typed is still kept', async () => {
    centre.leaseMs = 5 * MINUTE;
    await signIn();
    await filled();
    centre.mode = 'down';
    await clock.advance(6 * MINUTE);
    expect(await state()).toMatchObject({ status: 'locked', agent: { login: 'agent1' } });
    expect(await refusalOf(ring())).toMatchObject({ code: 'LOCKED', data: { next: 'sign-in' } });
    expect(await refusalOf(desk.api.call.restore({}))).toMatchObject({ code: 'LOCKED' });
    expect(await save('통화 중에 잠겼음')).toEqual({ mark: 'here' });
    centre.mode = 'up';
    await restart();
    expect(await state()).toMatchObject({ status: 'locked' });
    expect(await signIn()).toMatchObject({ status: 'signed_in' });
    await pass(async () => (await desk.api.sync.status({})).pending === 0, 'the note at the centre');
  });
  test('a clock that is turned back does not lengthen the lease: not when it is over, and not before', async () => {
    centre.leaseMs = 5 * MINUTE;
    await signIn();
    centre.mode = 'down';
    await clock.advance(4 * MINUTE);
    await desk.close();
    clock = createSimClock(clock.now() - 4 * MINUTE);
    await openDesk();
    expect(await state()).toMatchObject({ status: 'signed_in' });
    await clock.advance(2 * MINUTE);
    expect(await state()).toMatchObject({ status: 'locked' });
    await desk.close();
    clock = createSimClock(clock.now() - 4 * MINUTE);
    await openDesk();
    expect(await state()).toMatchObject({ status: 'locked' });
    expect(await refusalOf(signIn())).toMatchObject({ code: 'CENTRE_UNREACHABLE' });
  });
  test('nor does it lengthen that of a colleague who went home', async () => {
    centre.leaseMs = 5 * MINUTE;
    await signIn('agent2');
    await signIn();
    centre.mode = 'down';
    await clock.advance(4 * MINUTE);
    await desk.api.session.signOut({ keepUnsent: true });
    await clock.advance(2 * MINUTE);
    await desk.close();
    clock = createSimClock(clock.now() - 5 * MINUTE);
    await openDesk();
    for (const login of ['agent1', 'agent2']) {
      expect(await refusalOf(signIn(login))).toMatchObject({ code: 'CENTRE_UNREACHABLE' });
    }
  });
  test('a clock that was two days ahead and is set right changes nothing', async () => {
    await desk.close();
    clock = createSimClock(clock.now() + 48 * 60 * MINUTE);
    await openDesk();
    await signIn();
    centre.mode = 'down';
    await desk.close();
    clock = createSimClock(clock.now() - 48 * 60 * MINUTE);
    await openDesk();
    await clock.advance(2 * MINUTE);
    const now = await state();
    expect(now).toMatchObject({ status: 'signed_in' });
    const left = now.status === 'signed_in' ? Date.parse(now.leaseUntil) - clock.now() : 0;
    expect(Math.round(left / (60 * MINUTE))).toBe(12);
  });
});

describe('tokens', () => {
  test('are renewed before they end, and the lease with them', async () => {
    const first = await signIn();
    await pass(async () => centre.requests.includes('/v1/refresh'), 'the renewal', MINUTE);
    await until(async () => JSON.stringify(await state()) !== JSON.stringify(first), 'the new lease');
    const later = await state();
    if (first.status !== 'signed_in' || later.status !== 'signed_in') throw new Error('not signed in');
    expect(Date.parse(later.leaseUntil)).toBeGreaterThan(Date.parse(first.leaseUntil));
  });
  test('a proxy that says 401 or 403 is no word of the centre: the desk works on, and says that the centre is away', async () => {
    await signIn();
    await filled();
    centre.mode = 'portal';
    const asked = centre.requests.length;
    await pass(
      async () => centre.requests.slice(asked).filter((path) => path === '/v1/refresh').length > 3,
      'tries',
      MINUTE,
    );
    expect(await state()).toMatchObject({ status: 'signed_in' });
    expect(await refusalOf(signIn('agent2'))).toMatchObject({
      code: 'CENTRE_UNREACHABLE',
      data: { next: 'check-network' },
    });
    centre.mode = 'up';
    const given = centre.given.length;
    await pass(async () => centre.given.length > given, 'new tokens', MINUTE);
  });
  test('a session that the centre ended locks the desk', async () => {
    await signIn();
    centre.revoked = true;
    await pass(async () => (await state()).status === 'locked', 'the lock', MINUTE);
  });
});

describe('several agents in turn', () => {
  test('the second never sees what the first typed, and the first one’s work is sent under the first one’s name', async () => {
    await signIn();
    await filled();
    centre.mode = 'down';
    const draft = { noteId: newId(), callId: null, customerId: SAMPLE.gold.id, text: '쓰다 만 메모', revision: 1 };
    await desk.api.note.draft(draft);
    await save('보내지 못한 메모');
    expect(await refusalOf(desk.api.session.signOut({ keepUnsent: false }))).toMatchObject({
      code: 'UNSENT_WORK',
      data: { data: { operations: 1, drafts: 1 } },
    });
    expect(await desk.api.session.signOut({ keepUnsent: true })).toMatchObject({ status: 'signed_out' });
    expect(await refusalOf(ring())).toMatchObject({ code: 'SIGNED_OUT' });
    centre.mode = 'up';
    await signIn('agent2');
    expect(await desk.api.call.restore({})).toEqual({ calls: [], drafts: [] });
    await pass(async () => (await desk.api.sync.status({})).pending === 0, 'the first one’s note');
    const note = centre.oracle.liveRows().find((row) => row.table === 'note' && row.data?.text === '보내지 못한 메모');
    expect(note?.data).toMatchObject({ authorId: SAMPLE.agent.id });
    await desk.api.session.signOut({ keepUnsent: false });
    await signIn('agent1');
    expect(await desk.api.call.restore({})).toMatchObject({ drafts: [draft] });
  });
  test('one phone: a second window is refused or takes over openly; another agent finds it free', async () => {
    await signIn();
    const [first, second] = [newId(), newId()];
    const claim = (windowId: string, takeOver: boolean) => desk.api.host.claimPhone({ windowId, takeOver });
    const events = await desk.api.host.events({});
    expect(await claim(first, false)).toEqual({ granted: true });
    expect(await claim(first, false)).toEqual({ granted: true });
    expect(await claim(second, false)).toEqual({ granted: false });
    expect(await claim(second, true)).toEqual({ granted: true });
    for await (const event of events) {
      if (event.type !== 'phone_taken_over') continue;
      expect(event.windowId).toBe(first);
      break;
    }
    await desk.api.session.signOut({ keepUnsent: true });
    await signIn('agent2');
    expect(await claim(first, false)).toEqual({ granted: true });
  });
});

describe('the end of a session', () => {
  const tokenOf = (login: string) => centre.given.findLast((given) => given.login === login)?.refreshToken;

  test('is told to the centre', async () => {
    await signIn();
    await desk.api.session.signOut({ keepUnsent: true });
    await until(async () => centre.ended.length === 1, 'the end at the centre');
    expect(centre.ended).toEqual([tokenOf('agent1')]);
  });
  test('while the centre is away it is told as soon as it is back, over a restart, and once', async () => {
    await signIn();
    const token = tokenOf('agent1');
    centre.mode = 'down';
    await desk.api.session.signOut({ keepUnsent: true });
    await pass(
      async () => centre.requests.filter((path) => path === '/v1/sign-out').length > 2,
      'several tries',
      MINUTE,
    );
    await restart();
    centre.mode = 'up';
    await pass(async () => centre.ended.length > 0, 'the end at the centre', MINUTE);
    for (let minute = 0; minute < 30; minute += 1) await clock.advance(MINUTE);
    expect(centre.ended).toEqual([token]);
    await desk.close();
    const db = connect({ file: `${folder}/outbox.db`, key: 'ab'.repeat(32) });
    const kept = JSON.stringify(db.prepare('SELECT * FROM keep').all());
    db.close();
    await openDesk();
    expect(kept).not.toContain('refresh');
  });
  test('also where another agent signs in at a locked desk without it', async () => {
    centre.leaseMs = 5 * MINUTE;
    await signIn();
    centre.mode = 'down';
    await clock.advance(6 * MINUTE);
    centre.mode = 'up';
    const token = tokenOf('agent1');
    await signIn('agent2');
    await until(async () => centre.ended.length === 1, 'the end of the first session');
    expect(centre.ended).toEqual([token]);
    expect(await state()).toMatchObject({ status: 'signed_in', agent: { login: 'agent2' } });
  });
});

describe('practice', () => {
  test('the demo agent is signed in as soon as the centre is there', async () => {
    centre.mode = 'down';
    await restart('agent1');
    expect(await state()).toMatchObject({ status: 'signed_out' });
    centre.mode = 'up';
    await pass(async () => (await state()).status === 'signed_in', 'the demo agent');
  });
  test('a business without a practice call centre says so', async () => {
    await signIn();
    expect(await refusalOf(desk.api.practice.scenarios({}))).toMatchObject({ code: 'PRACTICE_UNAVAILABLE' });
  });
});

describe('a caller whom only the centre knows', () => {
  test('is asked for, shown masked, logged, and not stored', async () => {
    await signIn();
    await filled();
    const asked = await desk.api.customer.askCentre({ phone: ELSEWHERE, callId: null });
    expect(asked).toMatchObject({ match: 'one', view: { customer: { name: '먼**님' }, version: null, partial: true } });
    const contactPointId = asked.match === 'one' ? asked.view.contactPoints[0]?.id : undefined;
    const call = { number: '', contactPointId, customerId: null, purpose: 'service', overrideReason: null } as const;
    expect(await desk.api.dial.check(call)).toMatchObject({ allowed: true });
    const { db, end } = await openFiles();
    expect(db.cache.prepare('SELECT 1 FROM customer WHERE customer_number = ?').get('C-999777')).toBeUndefined();
    const last = db.outbox.prepare('SELECT entry FROM access_log ORDER BY seq DESC LIMIT 2').all();
    expect(JSON.stringify(last)).toContain('ask_centre');
    await end();
    expect(await desk.api.customer.askCentre({ phone: '010-0000-8888', callId: null })).toMatchObject({
      match: 'none',
    });
    centre.mode = 'down';
    expect(await refusalOf(desk.api.customer.askCentre({ phone: '010-0000-7777', callId: null }))).toMatchObject({
      code: 'CENTRE_UNREACHABLE',
    });
  });
});

/** The desk's own files, while it is closed. */
async function openFiles() {
  await desk.close();
  const key = 'ab'.repeat(32);
  const db = {
    cache: connect({ file: `${folder}/cache.db`, key, cipher: cipherOf(folder, 'cache.db') }),
    outbox: connect({ file: `${folder}/outbox.db`, key }),
  };
  return {
    db,
    end: async () => {
      db.cache.close();
      db.outbox.close();
      await openDesk();
    },
  };
}

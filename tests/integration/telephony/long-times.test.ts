import { afterEach, beforeEach, expect, test } from 'vitest';
import { headerValue } from '../../../src/telephony/sip-text.ts';
import { isRegistered, type NodePhone, nodePhone } from '../../fakes/node-phone.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';
import { SteppingClock } from '../../fakes/stepping-clock.ts';

// A quarter of an hour, a night, an hour with a wrong password: real messages, a clock that jumps.

const MINUTE = 60_000;
let peer: SipPeer;
let clock: SteppingClock;
let desk: NodePhone;

beforeEach(async () => {
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  clock = new SteppingClock();
});
afterEach(async () => {
  for (const socket of peer.sockets) socket.resume();
  await Promise.all([desk.phone.stop(), clock.pass(5_000, { deaf: true })]);
  await peer.stop();
});

function start(account = peer.account()): void {
  desk = nodePhone(account, { ...clock.environment, random: () => 0.5 });
  desk.phone.start();
}

const withPassword = (one: Heard) => one.kind === 'REGISTER' && headerValue(one.text, 'authorization') !== null;

test('a window that is hidden for 15 minutes: the PBX never forgets the line, refreshed at half of what it granted', async () => {
  peer.options.expires = 60;
  const at: number[] = [];
  peer.registerScript = (heard) => {
    if (withPassword(heard)) at.push(clock.now);
    return 'usual';
  };
  start();
  await desk.until(isRegistered);
  await clock.pass(15 * MINUTE);
  const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  expect(gaps).toHaveLength(30);
  expect(Math.max(...gaps)).toBe(30_000);
  expect(peer.connections).toBe(1);
  expect(desk.states.filter((state) => state.registration.state === 'retrying')).toEqual([]);
});

test('a wrong password for an hour: one answer to a challenge at a time, rarer and rarer, never a loop', async () => {
  start(peer.account({ password: 'not-this-one' }));
  await desk.until((state) => state.registration.state === 'retrying');
  await clock.pass(60 * MINUTE);
  const attempts = peer.heard.filter(withPassword);
  // 0, 1.1, 3.3, 7.7, 16.5, 33, 49.5 minutes: seven answers in an hour.
  expect(attempts).toHaveLength(7);
  expect(desk.phone.state().registration).toMatchObject({ state: 'retrying', reason: 'wrong_password' });
});

test('a PBX that challenges for ever (a new nonce, called stale) gets one answer, no loop', async () => {
  let nonce = 0;
  peer.registerScript = () => ({
    status: '401 Unauthorized',
    headers: [`WWW-Authenticate: Digest realm="pbx.test", nonce="n${++nonce}", stale=true, algorithm=MD5, qop="auth"`],
  });
  start();
  await desk.until((state) => state.registration.state === 'retrying');
  expect(peer.heard.filter(withPassword).length).toBeLessThanOrEqual(2);
  expect(desk.phone.state().registration).toMatchObject({ reason: 'wrong_password' });
});

test('the password is right again: registered at the next try, and everything is as ever', async () => {
  peer.options.password = 'another';
  start(peer.account({ password: 'practice-secret' }));
  await desk.until((state) => state.registration.state === 'retrying');
  peer.options.password = 'practice-secret';
  await clock.pass(2 * MINUTE);
  expect(isRegistered(desk.phone.state())).toBe(true);
});

test.each([1, 10, 120])(
  'asleep for %i minutes, the line dead since: registered within 3 s of waking',
  async (minutes) => {
    start();
    await desk.until(isRegistered);
    await clock.pass(10_000);
    const since = peer.heard.length;
    // The router forgot the connection: nothing comes and nothing goes, and no end of it is told.
    for (const socket of peer.sockets) socket.pause();
    clock.sleep(minutes * MINUTE);
    clock.forgetOpen();
    // The first tick after waking sees that time is missing and asks; 1.5 s later the line is given up.
    await clock.pass(2_100, { deaf: true });
    await clock.pass(900);
    expect(isRegistered(desk.phone.state())).toBe(true);
    expect(peer.heard.slice(since).some(withPassword)).toBe(true);
    expect(peer.connections).toBe(2);
  },
);

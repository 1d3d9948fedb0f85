import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PhoneEnvironment } from '../../../src/telephony/phone-environment.ts';
import type { PhoneState } from '../../../src/telephony/phone-types.ts';
import { isRegistered, type NodePhone, nodePhone } from '../../fakes/node-phone.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

const LOGIN = { username: 'agent1', password: 'practice-secret' };
let first: SipPeer;
let second: SipPeer;
let account: ReturnType<SipPeer['account']> & { backupServers: string[] };
const phones: NodePhone[] = [];

beforeEach(async () => {
  first = await SipPeer.start(LOGIN);
  second = await SipPeer.start(LOGIN);
  account = { ...first.account(), backupServers: [second.url] };
});
afterEach(async () => {
  for (const one of phones.splice(0)) await one.phone.stop();
  await first.stop();
  await second.stop();
});

/** A phone that knows both; `hurry`: its timers ring that many times sooner. */
function open(hurry = 1): NodePhone {
  const change: Partial<PhoneEnvironment> = {
    startTimer: (milliseconds, ring) => {
      const handle = setTimeout(ring, milliseconds / hurry);
      return () => clearTimeout(handle);
    },
  };
  const made = nodePhone(account, change);
  phones.push(made);
  made.phone.start();
  return made;
}

const atBackup = ({ registration }: PhoneState) => registration.state === 'registered' && registration.backup === true;
const atFirst = (state: PhoneState) => isRegistered(state) && !atBackup(state);

test('the first server is not there: registered at the second, and calls ring there', async () => {
  await first.stop();
  const { until } = open();
  await until(atBackup);
  await second.invite().next('180');
});

test('the first dies while it is in use: the second takes over, and when it is back the phone goes home', async () => {
  const { port } = first;
  const { until } = open(20);
  await until(atFirst);
  await first.stop();
  await until(atBackup);
  first = await SipPeer.start({ ...LOGIN, port });
  await until(atFirst);
  expect(first.bindings.size).toBe(1);
  expect(second.bindings.size).toBe(0);
});

test('503 with Retry-After: the second is asked at once, the first is left alone', async () => {
  first.registerScript = () => ({ status: '503 Service Unavailable', headers: ['Retry-After: 3600'] });
  const { until } = open();
  await until(atBackup);
  expect(first.heard.filter((one) => one.kind === 'REGISTER')).toHaveLength(1);
});

test('a REGISTER that nobody answers: the second is asked', async () => {
  first.registerScript = () => 'silence';
  await open(10).until(atBackup);
});

test('a wrong password is wrong everywhere: no other server is bothered', async () => {
  first.registerScript = () => ({ status: '403 Forbidden' });
  await open().until((state) => state.registration.state === 'retrying');
  expect(second.connections).toBe(0);
});

test('while somebody is in a call at the second, the phone stays there', async () => {
  const { port } = first;
  await first.stop();
  const { until, phone } = open(20);
  await until(atBackup);
  const far = second.invite();
  await far.next('180');
  first = await SipPeer.start({ ...LOGIN, port });
  // The first is looked for every few seconds of this hurried clock; it sees nobody before the call is over.
  const seen = second.heard.length;
  for (let round = 0; round < 4; round++) await second.next('OPTIONS', seen + round);
  expect(first.connections).toBe(0);
  expect(isRegistered(phone.state())).toBe(true);
  far.cancel();
  await until(atFirst);
});

test('both are away: it goes on trying, and takes the first that comes', async () => {
  const { port } = second;
  await first.stop();
  await second.stop();
  const { until } = open(5);
  await until(({ registration }) => registration.state === 'connecting' && registration.attempt >= 4);
  second = await SipPeer.start({ ...LOGIN, port });
  await until(atBackup);
});

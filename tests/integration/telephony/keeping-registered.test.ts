import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { PhoneEnvironment, Socket } from '../../../src/telephony/phone-environment.ts';
import type { PhoneState } from '../../../src/telephony/phone-types.ts';
import { headerValue, headerValues } from '../../../src/telephony/sip-text.ts';
import { isRegistered, type NodePhone, nodePhone } from '../../fakes/node-phone.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';

let peer: SipPeer;
const phones: NodePhone[] = [];

beforeEach(async () => {
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
});
afterEach(async () => {
  for (const one of phones.splice(0)) await one.phone.stop();
  await peer.stop();
});

function open(account = peer.account(), change: Partial<PhoneEnvironment> = {}): NodePhone {
  const made = nodePhone(account, change);
  phones.push(made);
  made.phone.start();
  return made;
}

/** A world whose clock runs `factor` times as fast; the network keeps its pace. */
function warped(factor: number): Pick<PhoneEnvironment, 'startTimer' | 'now'> {
  const began = Date.now();
  return {
    startTimer: (milliseconds, ring) => {
      const handle = setTimeout(ring, milliseconds / factor);
      return () => clearTimeout(handle);
    },
    now: () => began + (Date.now() - began) * factor,
  };
}

const retrying = (reason: string) => (state: PhoneState) =>
  state.registration.state === 'retrying' && state.registration.reason === reason;
const registers = () => peer.heard.filter((one) => one.kind === 'REGISTER');
const withPassword = (one: Heard) => one.kind === 'REGISTER' && headerValue(one.text, 'authorization') !== null;

test('registers with digest, with one Contact that has an instance, and unregisters when it stops', async () => {
  const { phone, until } = open();
  const state = await until(isRegistered);
  expect(state.registration).toMatchObject({ state: 'registered', expiresInSeconds: 300 });
  expect(peer.bindings.size).toBe(1);
  expect(
    headerValue(registers()[0]?.text ?? { startLine: '', headers: [], body: '', cut: false }, 'contact'),
  ).toContain('+sip.instance="<urn:uuid:');
  await phone.stop();
  expect(phone.state().registration).toEqual({ state: 'stopped' });
  expect(peer.bindings.size).toBe(0);
});

test('opens one socket to the PBX, and none before it is started', async () => {
  const opened: string[] = [];
  const made = nodePhone(peer.account(), {
    openSocket: (url) => {
      opened.push(url);
      return new WebSocket(url, 'sip') as Socket;
    },
  });
  phones.push(made);
  expect(opened).toEqual([]);
  made.phone.start();
  await made.until(isRegistered);
  expect(opened).toEqual([peer.url]);
  expect(peer.connections).toBe(1);
});

test('refreshes at half the expiry', async () => {
  peer.options.expires = 120;
  const world = warped(30);
  const timers: number[] = [];
  const { until } = open(peer.account(), {
    ...world,
    startTimer: (milliseconds, ring) => {
      timers.push(milliseconds);
      return world.startTimer(milliseconds, ring);
    },
  });
  await until(isRegistered);
  expect(timers).toContain(60_000);
  const first = peer.heard.findIndex(withPassword);
  await peer.next(withPassword, first + 1);
});

test('a wrong password is said once, and the PBX is not hammered', async () => {
  const { until, phone } = open(peer.account({ password: 'something else' }));
  const { registration } = await until(retrying('wrong_password'));
  expect(registration).toMatchObject({ reason: 'wrong_password' });
  expect(registration.state === 'retrying' && registration.nextTryInMs).toBeGreaterThanOrEqual(60_000);
  expect(registers()).toHaveLength(2);
  for (const one of phones) one.wake();
  expect(phone.state().registration).toBe(registration);
  expect(registers()).toHaveLength(2);
});

test('503 with Retry-After is honoured, also when the page wakes up', async () => {
  peer.registerScript = () => ({ status: '503 Service Unavailable', headers: ['Retry-After: 120 (restart)'] });
  const one = open();
  const { registration } = await one.until(retrying('rejected'));
  expect(registration.state === 'retrying' && registration.nextTryInMs).toBeGreaterThanOrEqual(120_000);
  one.wake();
  expect(registers()).toHaveLength(1);
});

test('423: the expiry that the PBX wants is taken', async () => {
  peer.options.expires = 1_000;
  peer.registerScript = ({ text }) =>
    Number(headerValue(text, 'expires')) < 600
      ? { status: '423 Interval Too Brief', headers: ['Min-Expires: 600'] }
      : 'usual';
  const state = await open().until(isRegistered);
  expect(state.registration).toMatchObject({ expiresInSeconds: 600 });
});

test('a lost REGISTER reply: tried again on a new socket, one binding at the PBX', async () => {
  let lost = 0;
  peer.registerScript = () => (lost++ === 0 ? 'silence' : 'usual');
  const { until, states } = open(peer.account(), warped(20));
  await until(isRegistered);
  expect(states.some(retrying('timeout'))).toBe(true);
  expect(peer.connections).toBe(2);
  expect(peer.bindings.size).toBe(1);
});

test('a PBX that rewrites the Contact is still ours', async () => {
  peer.registerScript = (heard) => {
    if (!headerValue(heard.text, 'authorization')) return 'usual';
    const contact = headerValue(heard.text, 'contact') ?? '';
    return {
      status: '200 OK',
      headers: [
        `Contact: ${contact.replace(/@[^;>]+/, '@127.0.0.1:40000')};expires=90`.replace(
          /;expires=\d+;expires/,
          ';expires',
        ),
      ],
    };
  };
  expect((await open().until(isRegistered)).registration).toMatchObject({ expiresInSeconds: 90 });
});

test('20 reloads: one contact at the PBX, and a call rings once', async () => {
  for (let reload = 0; reload < 20; reload++) {
    const { until } = open();
    await until(isRegistered);
    if (reload < 19) {
      // The old page is gone without a word.
      peer.cut();
      const old = phones.pop();
      void old?.phone.stop();
    }
  }
  expect(peer.bindings.size).toBe(1);
  const last = phones.at(-1);
  await last?.until(isRegistered);
  const far = peer.invite();
  await far.next('180');
  expect(last?.phone.state().calls).toHaveLength(1);
});

test('the socket is cut: registered again by itself, however often', async () => {
  const { until, states } = open();
  for (let time = 0; time < 5; time++) {
    await until(isRegistered);
    peer.cut();
    await until((state) => !isRegistered(state));
  }
  await until(isRegistered);
  expect(states.some(retrying('socket_lost'))).toBe(true);
});

test('a half-open socket is given up, and the phone is registered again when the line heals', async () => {
  const { until, log } = open(peer.account(), warped(10));
  await until(isRegistered);
  peer.frozen = true;
  await until(retrying('socket_lost'));
  expect(log.some((line) => line.startsWith('line dead'))).toBe(true);
  await until(retrying('timeout'));
  peer.frozen = false;
  await until(isRegistered);
});

test('the PBX is away for a while: tries for ever, and at once when the network is back', async () => {
  const { port } = peer;
  const one = open();
  await one.until(isRegistered);
  await peer.stop();
  await one.until((state) => state.registration.state === 'connecting' && state.registration.attempt >= 3);
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret', port });
  one.wake();
  await one.until(isRegistered);
});

test('OPTIONS of the PBX is answered: it may ask whether we are there', async () => {
  const { until } = open();
  await until(isRegistered);
  const since = peer.heard.length;
  const contact = [...peer.bindings.keys()][0];
  peer.send(
    `OPTIONS ${contact} SIP/2.0\r\nVia: SIP/2.0/WS pbx.test;branch=z9hG4bKq\r\nMax-Forwards: 70\r\nFrom: <sip:q@pbx.test>;tag=q\r\nTo: <${contact}>\r\nCall-ID: qualify\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`,
  );
  const answer = await peer.next('200', since);
  expect(headerValues(answer.text, 'allow').join()).toContain('INVITE');
});

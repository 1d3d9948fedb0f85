import { afterEach, beforeEach, expect, test } from 'vitest';
import { headerValue } from '../../../src/telephony/sip-text.ts';
import { isRegistered, type NodePhone, nodePhone } from '../../fakes/node-phone.ts';
import { type Heard, SipPeer } from '../../fakes/sip-peer.ts';
import { IPV6_TORTURE } from '../../fixtures/telephony/sip-ipv6.ts';

let peer: SipPeer;
const phones: NodePhone[] = [];
const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);

beforeEach(async () => {
  uncaught.length = 0;
  process.on('unhandledRejection', note);
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
});
afterEach(async () => {
  for (const one of phones.splice(0)) await one.phone.stop();
  await peer.stop();
  process.off('unhandledRejection', note);
  expect(uncaught).toEqual([]);
});

function started(account = peer.account()): NodePhone {
  const made = nodePhone(account);
  phones.push(made);
  made.phone.start();
  return made;
}

const isAnswer = (one: Heard) => /^[1-6]\d\d$/.test(one.kind);

test('every IPv6 torture message of RFC 5118 gets an answer, the INVITEs ring, and the phone rings afterwards', async () => {
  const desk = started();
  await desk.until(isRegistered);
  const contact = [...peer.bindings.keys()][0] ?? '';
  for (const [index, { name, raw, expected }] of IPV6_TORTURE.entries()) {
    const since = peer.heard.length;
    // To us, and each a transaction of its own: the RFC has the same branch in all of them.
    const [line = '', ...rest] = raw.split('\r\n');
    const [method = ''] = line.split(' ');
    const address = expected === 'deliver' ? contact : line.split(' ')[1];
    const own = rest
      .join('\r\n')
      .replace(/^Call-ID: /m, `Call-ID: ${index}-`)
      .replace(/branch=[^;\r]+/g, `$&-${index}`);
    peer.send(`${method} ${address} SIP/2.0\r\n${own}`);
    const mine = (one: Heard) => headerValue(one.text, 'call-id')?.startsWith(`${index}-`) === true;
    const answer = await peer.next((one) => isAnswer(one) && mine(one), since);
    if (expected !== 'deliver') expect(`${name}: ${answer.kind}`).toBe(`${name}: ${expected}`);
    if (method === 'INVITE') await peer.next((one) => one.kind === '180' && mine(one), since);
  }
  for (const call of desk.phone.state().calls) desk.phone.decline(call.callId);
  await peer.invite().next('180');
});

test.each([
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
  ['a page', '<html><body>It works!</body></html>'],
  ['JSON', '{"error":"no such route"}'],
  ['empty lines', '\r\n'.repeat(2000)],
  ['zeroes', '\0'.repeat(5000)],
  ['a response to nobody', 'SIP/2.0 200 OK\r\n\r\n'],
  ['half a message', 'INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/WS x;branch=z9hG4bK1\r\nFrom: <sip:a@b'],
])('a PBX that sends %s: the line stays, and rings', async (_name, nonsense) => {
  const desk = started();
  await desk.until(isRegistered);
  for (let time = 0; time < 20; time += 1) peer.send(nonsense);
  for (const socket of peer.sockets) socket.send(Buffer.from(nonsense));
  await peer.invite().next('180');
  expect(desk.phone.state().registration.state).toBe('registered');
});

test('a PBX whose answers to REGISTER are nonsense: said, tried again, never hammered', async () => {
  const nonsense = ['999 What', '200 OK', '302 Moved Temporarily', '600 Busy', '199 Hm', '401 Unauthorized'];
  let at = 0;
  peer.registerScript = () => ({ status: nonsense[at++ % nonsense.length] ?? '', headers: ['Contact: nonsense'] });
  const desk = started();
  await desk.until((state) => state.registration.state === 'retrying' || isRegistered(state));
  // One try, one REGISTER: an answer out of range is none.
  expect(peer.heard.filter((one) => one.kind === 'REGISTER').length).toBeLessThanOrEqual(2);
});

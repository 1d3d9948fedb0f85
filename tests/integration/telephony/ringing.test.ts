import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PhoneState } from '../../../src/telephony/phone-types.ts';
import { headerValue, readSipText } from '../../../src/telephony/sip-text.ts';
import { isRegistered, type NodePhone, nodePhone } from '../../fakes/node-phone.ts';
import { SILENT_OFFER } from '../../fakes/sip-far-call.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';
import { TORTURE } from '../../fixtures/telephony/sip-torture.ts';

let peer: SipPeer;
let desk: NodePhone;
const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);

beforeEach(async () => {
  uncaught.length = 0;
  process.on('unhandledRejection', note);
  peer = await SipPeer.start({ username: 'agent1', password: 'practice-secret' });
  desk = nodePhone(peer.account());
  desk.phone.start();
  await desk.until(isRegistered);
});
afterEach(async () => {
  await desk.phone.stop();
  await peer.stop();
  process.off('unhandledRejection', note);
  expect(uncaught).toEqual([]);
});

const hasCall = (state: PhoneState) => state.calls.length > 0;
const last = () => desk.phone.state().calls.at(-1);
const ended = (state: PhoneState) => state.calls.at(-1)?.phase === 'ended';

test('an INVITE rings with number, queue and reference; 180 goes back after the screen was told', async () => {
  let toldBefore = false;
  desk.phone.subscribe(() => {
    toldBefore = !peer.heard.some((one) => one.kind === '180');
  });
  const far = peer.invite({
    headers: ['P-Asserted-Identity: "김단골" <sip:01000001234@pbx.test>', 'X-Queue: 요금', 'X-Customer-Ref: C-1'],
  });
  await far.next('100');
  await far.next('180');
  expect(toldBefore).toBe(true);
  expect(last()).toMatchObject({
    phase: 'ringing',
    direction: 'in',
    queue: '요금',
    customerRef: 'C-1',
    caller: { e164: '+821000001234', displayName: '김단골', source: 'p-asserted-identity' },
  });
});

test.each([
  ['gave up', [], 'missed'],
  ['was answered by a colleague', ['Reason: SIP;cause=200;text="Call completed elsewhere"'], 'answered_elsewhere'],
  ['was ended by the queue', ['Reason: Q.850;cause=16, SIP ;cause=487'], 'missed'],
])('the caller %s', async (_name, headers, result) => {
  const far = peer.invite();
  await far.next('180');
  far.cancel(headers);
  await far.next('487');
  far.ack(true);
  await desk.until(ended);
  expect(last()).toMatchObject({ phase: 'ended', answeredAt: null, end: { result, by: 'there' } });
});

test('decline says busy to the caller', async () => {
  const far = peer.invite();
  await desk.until(hasCall);
  desk.phone.decline(last()?.callId ?? '');
  await far.next('486');
  far.ack(true);
  expect(last()).toMatchObject({ end: { result: 'declined', by: 'here', sipStatus: 486 } });
});

test('an ended call stays until it is forgotten; a live one cannot be', async () => {
  const far = peer.invite();
  const { calls } = await desk.until(hasCall);
  const callId = calls[0]?.callId ?? '';
  desk.phone.forget(callId);
  expect(last()?.phase).toBe('ringing');
  far.cancel();
  await desk.until(ended);
  desk.phone.forget(callId);
  expect(desk.phone.state().calls).toEqual([]);
});

test('more calls than anybody can look at: the next caller hears busy', async () => {
  for (let call = 0; call < 3; call++) await peer.invite().next('180');
  await peer.invite().next('486');
  expect(desk.phone.state().calls).toHaveLength(3);
});

test('the socket is lost while it rings: the call is not shown as ringing any more', async () => {
  await peer.invite().next('180');
  peer.cut();
  await desk.until(ended);
  expect(last()).toMatchObject({ end: { result: 'missed', by: 'network' } });
  await desk.until(isRegistered);
  await peer.invite().next('180');
});

test('the same INVITE twice rings once', async () => {
  const far = peer.invite();
  await far.next('180');
  far.sendInvite();
  await far.next('180');
  expect(desk.phone.state().calls).toHaveLength(1);
});

test.each(['BYE', 'INFO', 'MESSAGE', 'NOTIFY', 'REFER', 'UPDATE', 'PUBLISH', 'SUBSCRIBE', 'PRACK'])(
  '%s out of nowhere gets an answer',
  async (method) => {
    const far = peer.invite();
    await far.next('180');
    far.request(method);
    const answer = await peer.next((one) => /^[2-6]\d\d$/.test(one.kind) && one.method === method, 0);
    expect(Number(answer.kind)).toBeGreaterThanOrEqual(200);
  },
);

test('every torture message that can be answered is, and the phone still rings afterwards', async () => {
  const contact = [...peer.bindings.keys()][0] ?? '';
  for (const { name, raw } of TORTURE) {
    const text = readSipText(raw);
    if (!text || /^SIP\//i.test(text.startLine)) {
      peer.send(raw);
      continue;
    }
    // To us, not to example.com: otherwise all that is asked for is a 404.
    const since = peer.heard.length;
    peer.send(
      raw.replace(/sip:(user|vivekg|UserB|sips%3Auser%40example\.com)@[\w.-]+(?=[; ].*SIP\/2\.0\r\n)/, contact),
    );
    const answered = await Promise.race([
      peer.next((one) => /^\d{3}$/.test(one.kind), since).then(() => true),
      new Promise((resolve) => setTimeout(() => resolve(false), 10_000)),
    ]);
    expect(`${name}: ${answered}`).toBe(`${name}: true`);
  }
  for (const call of desk.phone.state().calls) desk.phone.decline(call.callId);
  await peer.invite({ from: '<sip:01000001234@pbx.test>;tag=after' }).next('180');
});

test.each([
  ['a tel: URI', '<tel:+82-10-0000-1234>;tag=x'],
  ['a # in the user part', '<sip:#31#01000001234@pbx.test>;tag=x'],
  ['an unquoted Hangul name', '홍길동 <sip:01000001234@pbx.test>;tag=x'],
])('a From with %s rings, and the responses carry it as it came', async (_name, from) => {
  const far = peer.invite({ from });
  const ringing = await far.next('180');
  expect(headerValue(ringing.text, 'from')).toBe(from);
  desk.phone.decline(last()?.callId ?? '');
  expect(headerValue((await far.next('486')).text, 'from')).toBe(from);
});

test('an offer without audio is refused at once, not after the agent answered', async () => {
  const far = peer.invite({ sdp: SILENT_OFFER.replace('m=audio', 'm=video') });
  await far.next('488');
  expect(desk.phone.state().calls).toEqual([]);
});

test('broken responses do no harm', async () => {
  const heard = peer.heard.find((one) => one.kind === 'REGISTER');
  const via = headerValue(heard?.text ?? { startLine: '', headers: [], body: '', cut: false }, 'via') ?? '';
  for (const cseq of ['nonsense', '1', '', '99999999999 REGISTER', '1 REGISTER']) {
    peer.send(`SIP/2.0 200 OK\r\nVia: ${via}\r\nFrom: <a>;tag=1\r\nTo: b\r\nCall-ID: c\r\nCSeq: ${cseq}\r\n\r\n`);
  }
  await peer.invite().next('180');
});

test('nobody finds a number or a password in the log', async () => {
  const far = peer.invite({ headers: ['P-Asserted-Identity: "김단골" <sip:01000001234@pbx.test>'] });
  await far.next('180');
  far.cancel();
  await desk.until(ended);
  peer.send('INVITE sip:01000001234 SIP/2.0\r\nVia: SIP/2.0/WS a;branch=z9hG4bK1\r\nFrom: <sip:01000001234@x>\r\n\r\n');
  peer.cut();
  await desk.until((state) => !isRegistered(state));
  await desk.until(isRegistered);
  const log = desk.log.join('\n');
  expect(log).not.toMatch(/0100000|1234|practice-secret|agent1|김단골/);
  expect(desk.log.length).toBeGreaterThan(3);
});
